"""Static files of a map: laid out once in points, written as SVG by hand and as PNG and PDF by matplotlib."""

from maps.static.drawing import FORMATS, draw, page_bytes, page_of, write_page

__all__ = ["FORMATS", "draw", "page_bytes", "page_of", "write_page"]
