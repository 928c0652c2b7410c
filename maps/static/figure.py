"""A page as PNG or PDF, drawn by matplotlib's renderers through one artist: no axes, no global state."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any, Literal

import matplotlib as mpl
import numpy as np
from matplotlib.artist import Artist
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_pdf import FigureCanvasPdf
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.path import Path as LinePath
from matplotlib.transforms import Affine2D, Bbox
from pypdf import PdfReader, PdfWriter
from pypdf.generic import NameObject, TextStringObject

from maps.look.hatches import HATCHES
from maps.page import typefaces
from maps.page.scene import AreaLayer, Disc, Item, Page, Shape, Text
from maps.static import grid

if TYPE_CHECKING:
    from matplotlib.backend_bases import GraphicsContextBase, RendererBase

    from maps.page.boxes import Box
    from maps.page.composition import IntArray
    from maps.static.grid import Gridded

_SETTINGS = {
    "pdf.fonttype": 42,
    "pdf.compression": 6,
    "svg.hashsalt": "placeatlas",
    "path.simplify": False,
    "text.hinting": "none",
    "agg.path.chunksize": 0,
}


def render(page: Page, *, kind: Literal["png", "pdf"], dpi: int = 150) -> bytes:
    """Return the page as a file's bytes, the same bytes every time.

    Parameters
    ----------
    kind : ``png`` (pixels at ``dpi``) or ``pdf`` (lines, text as text, fonts embedded).
    """
    with mpl.rc_context(_SETTINGS):  # type: ignore[arg-type]  # the stubs know only literal keys
        figure = Figure(
            figsize=(page.width / 72, page.height / 72), dpi=dpi if kind == "png" else 72, facecolor="white"
        )
        canvas = FigureCanvasAgg(figure) if kind == "png" else FigureCanvasPdf(figure)
        figure.add_artist(_PageArtist(page))
        buffer = io.BytesIO()
        if kind == "png":
            metadata: dict[str, Any] = {"Software": None, "Title": page.title, "Description": page.description}
            canvas.print_figure(buffer, format="png", metadata=metadata, pil_kwargs={"compress_level": 6})
        else:
            metadata = {"Creator": "placeatlas", "Producer": None, "CreationDate": None, "Title": page.title}
            canvas.print_figure(buffer, format="pdf", metadata=metadata)
    return buffer.getvalue() if kind == "png" else _bookmarked(buffer, page)


def _bookmarked(pdf: io.BytesIO, page: Page) -> bytes:
    """Return the PDF with its bookmarks, title and language, and nothing that changes from run to run."""
    writer = PdfWriter(clone_from=PdfReader(pdf))
    for words in page.bookmarks:
        writer.add_outline_item(title=words, page_number=0)
    writer.add_metadata({"/Title": page.title, "/Topic": page.description, "/Creator": "placeatlas"})
    writer.root_object[NameObject("/Lang")] = TextStringObject("en-GB")
    done = io.BytesIO()
    writer.write(done)
    return done.getvalue()


class _PageArtist(Artist):
    """Draws every item of a page straight on the renderer."""

    def __init__(self, page: Page) -> None:
        super().__init__()
        self.page = page

    def draw(self, renderer: RendererBase) -> None:
        pen = _Pen(renderer, self.page.height)
        for item in self.page.items:
            pen.item(item)


class _Pen:
    """A renderer, and the way from points (down) to its pixels (up)."""

    def __init__(self, renderer: RendererBase, height: float) -> None:
        self.renderer = renderer
        self.unit = float(renderer.points_to_pixels(1.0))  # type: ignore[arg-type]  # a float for a float
        self.height = height * self.unit
        self.page = Affine2D().scale(self.unit, -self.unit).translate(0, height * self.unit)
        self.grid = Affine2D().scale(1 / grid.PER_POINT) + self.page

    def item(self, item: Item) -> None:
        match item:
            case Text():
                self._text(item)
            case Shape():
                self._shape(item)
            case Disc():
                gc = self._context(stroke=item.stroke, width=item.stroke_width)
                place = Affine2D().scale(item.radius).translate(item.x, item.y) + self.page
                self.renderer.draw_path(gc, LinePath.unit_circle(), place, _rgb(item.fill))
                gc.restore()
            case AreaLayer():
                self._layer(item)

    def _context(
        self, *, stroke: str = "", width: float = 0.0, dash: tuple[float, ...] = (), clip: Box | None = None
    ) -> GraphicsContextBase:
        gc = self.renderer.new_gc()
        gc.set_snap(False)
        gc.set_joinstyle("round")
        gc.set_capstyle("butt")
        gc.set_linewidth(width if stroke else 0.0)  # in points: the renderer scales it
        gc.set_foreground(stroke or "#000000")
        if dash:
            gc.set_dashes(0, list(dash))
        if clip is not None:
            corners = self.page.transform([(clip.x, clip.bottom), (clip.right, clip.y)])
            gc.set_clip_rectangle(Bbox(corners))
        return gc

    def _paint(
        self, path: LinePath, transform: Any, *, fill: str, hatch: str, hatch_colour: str, clip: Box | None
    ) -> None:
        if hatch and HATCHES[hatch].edge:  # the white edges of stripes lie under them
            kind = HATCHES[hatch]
            self._lay(path, transform, fill, (kind.letters, "#ffffff", kind.letter_width + 2 * kind.edge), clip)
            fill = ""
        marks = (HATCHES[hatch].letters, hatch_colour, HATCHES[hatch].letter_width) if hatch else None
        self._lay(path, transform, fill, marks, clip)

    def _lay(
        self, path: LinePath, transform: Any, fill: str, marks: tuple[str, str, float] | None, clip: Box | None
    ) -> None:
        """Fill a path, and lay hatch marks (letters, colour, width) over it."""
        gc = self._context(clip=clip)
        if marks is not None:
            letters, colour, width = marks
            gc.set_hatch(letters)
            gc.set_hatch_color(to_rgba(colour))  # before 3.11.2 matplotlib takes it as it is, and Agg knows no names
            gc.set_hatch_linewidth(width)
        self.renderer.draw_path(gc, path, transform, _rgb(fill) if fill else None)
        gc.restore()

    def _shape(self, shape: Shape) -> None:
        closed = bool(shape.fill or shape.hatch)
        path = LinePath.make_compound_path(*(LinePath(np.asarray(part), closed=False) for part in shape.parts))
        if closed:
            self._paint(path, self.page, fill=shape.fill, hatch=shape.hatch, hatch_colour=shape.hatch_colour, clip=None)
        if shape.stroke:
            gc = self._context(stroke=shape.stroke, width=shape.stroke_width, dash=shape.dash)
            self.renderer.draw_path(gc, path, self.page, None)
            gc.restore()

    def _layer(self, layer: AreaLayer) -> None:
        box = layer.view.box
        if layer.fills:
            rings = grid.rings_on_grid(layer.shapes, layer.view)
            for fill in layer.fills:
                lines = rings.lines_of(fill.members, len(layer.shapes))
                if len(lines):
                    path = _compound(rings, lines, closed=True)
                    self._paint(
                        path, self.grid, fill=fill.colour, hatch=fill.hatch, hatch_colour=fill.hatch_colour, clip=box
                    )
        if layer.strokes:
            runs = grid.borders_on_grid(layer.shapes, layer.view)
            for stroke in layer.strokes:
                lines = runs.lines_of(stroke.runs, len(layer.shapes.borders().left))
                if len(lines):
                    gc = self._context(stroke=stroke.colour, width=stroke.width, dash=stroke.dash, clip=box)
                    self.renderer.draw_path(gc, _compound(runs, lines, closed=False), self.grid, None)
                    gc.restore()

    def _text(self, text: Text) -> None:
        shown = typefaces.drawable(text.text, bold=text.bold)
        face = typefaces.path_for(shown, bold=text.bold, tabular=text.tabular)
        font = FontProperties(fname=str(face), size=text.size)
        shift = {"start": 0.0, "middle": 0.5, "end": 1.0}[text.anchor]
        left = text.x - shift * typefaces.width(shown, text.size, bold=text.bold, tabular=text.tabular)
        x, y = self.page.transform((left, text.y))
        if text.halo:
            for dx, dy in ((-1, 0), (1, 0), (0, -1), (0, 1), (-0.7, -0.7), (0.7, 0.7), (-0.7, 0.7), (0.7, -0.7)):
                self._letters(x + dx * self.unit, y + dy * self.unit, shown, font, text.halo_colour)
        self._letters(x, y, shown, font, text.colour)

    def _letters(self, x: float, y: float, text: str, font: FontProperties, colour: str) -> None:
        gc = self.renderer.new_gc()
        gc.set_foreground(colour)
        # a renderer of pixels counts from the top, one of points from the bottom
        down = self.height - y if self.renderer.flipy() else y
        self.renderer.draw_text(gc, x, down, text, font, 0.0, ismath=False)
        gc.restore()


def _compound(gridded: Gridded, lines: IntArray, *, closed: bool) -> LinePath:
    """Return lines as one path, so that borders inside a class leave no seam and holes stay open."""
    points, start = gridded.vertices(lines)
    if not closed:
        codes = np.full(len(points), LinePath.LINETO, dtype=LinePath.code_type)
        codes[start[:-1]] = LinePath.MOVETO
        return LinePath(points.astype(np.float64), codes)
    # one more vertex a ring, to close it
    at = np.arange(len(points)) + np.repeat(np.arange(len(lines)), np.diff(start))
    size = len(points) + len(lines)
    vertices = np.zeros((size, 2))
    vertices[at] = points
    codes = np.full(size, LinePath.CLOSEPOLY, dtype=LinePath.code_type)
    codes[at] = LinePath.LINETO
    codes[at[start[:-1]]] = LinePath.MOVETO
    return LinePath(vertices, codes)


def _rgb(colour: str) -> tuple[float, float, float]:
    return (int(colour[1:3], 16) / 255, int(colour[3:5], 16) / 255, int(colour[5:7], 16) / 255)
