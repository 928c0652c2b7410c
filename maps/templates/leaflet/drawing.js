/* A picture of the view: title, map, legend, source, as one SVG that stands alone. */
const PICTURE = { wide: 1200, edge: 32, column: 340, font: "system-ui, -apple-system, 'Segoe UI', Roboto, 'Liberation Sans', Arial, sans-serif" };

function wrapped(text, width, font) {
  const lines = [""];
  for (const word of text.split(/\s+/).flatMap((one) => one.match(/.{1,40}/gu) || [])) {
    const longer = lines.at(-1) ? `${lines.at(-1)} ${word}` : word;
    if (widthOf(longer, font) <= width || !lines.at(-1)) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}

/* A hatch as a pattern of its own strokes; the ids follow the legend. */
function patternOf(entry, id, ground = true) {
  const kind = HATCHES[entry.hatch], size = kind.size, ink = hatchColour(entry);
  const pattern = make("svg:pattern", { id, width: size, height: size, patternUnits: "userSpaceOnUse" });
  if (ground) pattern.append(make("svg:rect", { width: size, height: size, fill: entry.colour }));
  const strokes = (colour, thick) => {
    const line = (x1, y1, x2, y2) => pattern.append(make("svg:line", { x1, y1, x2, y2, stroke: colour, "stroke-width": thick }));
    if (kind.along) line(0, size / 2, size, size / 2);
    if (kind.up) line(size / 2, 0, size / 2, size);
    if (kind.lean) for (const shift of [-size, 0, size]) line(shift - 1, kind.lean > 0 ? size + 1 : -1, shift + size + 1, kind.lean > 0 ? -1 : size + 1);
    if (!kind.lean && !kind.along && !kind.up) for (const [cx, cy] of [[1.5, 1.5], [4.5, 4.5]]) pattern.append(make("svg:circle", { cx, cy, r: kind.thick, fill: colour }));
  };
  if (kind.edge) strokes(LIGHT, kind.thick + 2 * kind.edge);
  strokes(ink, kind.thick);
  return pattern;
}

function pathOf(shapes, shape) {
  const parts = [];
  for (const rings of shape) for (const numbers of rings) {
    let first = true;
    for (const number of numbers) {
      const arc = shapes.arcs[number < 0 ? ~number : number], last = arc.length - 2;
      for (let i = first ? 0 : 2; i <= last; i += 2) {
        const from = number < 0 ? last - i : i;
        parts.push(`${first ? "M" : "L"}${Math.round(arc[from] * 10) / 10} ${Math.round(arc[from + 1] * 10) / 10}`);
        first = false;
      }
    }
    parts.push("Z");
  }
  return parts.join("");
}

const arcPath = (shapes, arcs) => arcs.map((index) => {
  const arc = shapes.arcs[index], points = [];
  for (let i = 0; i < arc.length; i += 2) points.push(`${Math.round(arc[i] * 10) / 10} ${Math.round(arc[i + 1] * 10) / 10}`);
  return `M${points.join("L")}`;
}).join("");

/* The map itself, in a box of the picture; what lies outside is cut off. */
function mapOf(view, width, height) {
  const { shown, edges, bounds, size, names } = view, { shapes, layer, only } = shown, { grid } = shapes;
  const zoom = Math.min(width / size.x, height / size.y), scale = view.scale * zoom;
  const left = (width - size.x * zoom) / 2, top = (height - size.y * zoom) / 2;
  const matrix = [scale * grid.step, 0, 0, -scale * grid.step, scale * grid.x - bounds.min.x * zoom + left, -scale * grid.y - bounds.min.y * zoom + top];
  const inverse = new DOMMatrix(matrix).inverse();
  const box = make("svg:svg", { width, height, overflow: "hidden" }), kinds = make("svg:defs");
  const plane = make("svg:g", { transform: `matrix(${matrix.join(" ")})`, "stroke-linejoin": "round" });
  const fill = (entry, id, ground) => {
    if (!entry.hatch) return entry.colour;
    const pattern = patternOf(entry, id, ground);
    pattern.setAttribute("patternTransform", `matrix(${[inverse.a, inverse.b, inverse.c, inverse.d, inverse.e, inverse.f].join(" ")})`);
    kinds.append(pattern);
    return `url(#${id})`;
  };
  box.append(kinds, plane);
  if (shapes.landRings.length) plane.append(make("svg:path", { d: shapes.landRings.map((shape) => pathOf(shapes, shape)).join(""), fill: "#e4e4df", "fill-rule": "evenodd" }));
  const fills = layer.classes.map((entry, key) => fill(entry, `class-${key}`, true));
  const over = layer.overClasses.map((entry, key) => fill(entry, `over-${key}`, false));
  shapes.rings.forEach((shape, index) => {
    const key = layer.of[index], d = pathOf(shapes, shape);
    plane.append(make("svg:path", { d, fill: key >= 0 ? fills[key] : "#e4e4df", "fill-rule": "evenodd", opacity: only === null || key === only ? null : 0.16 }));
    if (layer.over[index] >= 0) plane.append(make("svg:path", { d, fill: over[layer.over[index]], "fill-rule": "evenodd" }));
  });
  const stroke = (arcs, colour, width2, dash) => {
    if (arcs.length) plane.append(make("svg:path", { d: arcPath(shapes, arcs), fill: "none", stroke: colour, "stroke-width": width2, "stroke-dasharray": dash, "vector-effect": "non-scaling-stroke" }));
  };
  const borders = shown.borders || bordersOf(shapes, (index) => (layer.of[index] < 0 ? "#e4e4df" : layer.classes[layer.of[index]].colour));
  stroke(borders.coast, COAST, 0.6);
  stroke(borders.light, LIGHT, 0.8);
  stroke(borders.dark, DARK, 0.5);
  for (const group of layer.outlines) {
    stroke(edgeOf(shapes, group.areas), LIGHT, 3.4);
    stroke(edgeOf(shapes, group.areas), group.colour, 1.6, group.style === "solid" ? null : "5 4");
  }
  for (const [members, wide] of [[edges.compared, 1.2], [edges.chosen, 2]]) for (const index of members) {
    stroke(edgeOf(shapes, [index]), LIGHT, wide + 4);
    stroke(edgeOf(shapes, [index]), INK, wide);
  }
  for (const mark of shapes.points ? [] : layer.symbols) {
    const spot = new DOMMatrix(matrix).transformPoint({ x: (mark.x - grid.x) / grid.step, y: (mark.y - grid.y) / grid.step });
    box.append(make("svg:circle", { cx: spot.x, cy: spot.y, r: mark.radius, fill: mark.colour, "fill-opacity": 0.85, stroke: LIGHT, "stroke-width": 1.5 }));
  }
  for (const one of names) box.append(make("svg:text", { x: one.x * zoom + left, y: one.y * zoom + top + 4, "text-anchor": "middle", "font-size": 12, "font-weight": 600, fill: INK, stroke: LIGHT, "stroke-width": 3, "paint-order": "stroke", text: one.text }));
  return box;
}

/* Title left above, the map, the legend beside it, where the figures come from below. */
function pictureOf(view, words) {
  const { wide, edge, column, font } = PICTURE, { layer } = view.shown;
  const svg = make("svg:svg", { xmlns: "http://www.w3.org/2000/svg", width: wide, "font-family": font, fill: INK, role: "img" }, make("svg:title", { text: words.title }));
  const paper = make("svg:rect", { width: wide, fill: "#ffffff" });
  svg.append(paper);
  const write = (lines, x, y, size, given = {}) => {
    lines.forEach((text, line) => svg.append(make("svg:text", { x, y: y + (line + 1) * size * 1.3, "font-size": size, ...given, text })));
    return y + lines.length * size * 1.3;
  };
  const inside = wide - 2 * edge;
  let y = write(wrapped(words.title, inside, `bold 26px ${font}`), edge, edge - 8, 26, { "font-weight": 700 });
  y = write(wrapped(words.subtitle, inside, `16px ${font}`), edge, y + 4, 16, { fill: "#4a4a46" });
  if (words.sure) y = write(wrapped(words.sure, inside, `16px ${font}`), edge, y + 4, 16);
  y += 16;
  const width = inside - column - 24, height = Math.round(Math.min(900, Math.max(480, width * view.size.y / view.size.x)));
  const map = mapOf(view, width, height);
  map.setAttribute("x", edge);
  map.setAttribute("y", y);
  svg.append(map);
  const x = wide - edge - column;
  let row = write(wrapped(layer.legend, column, `bold 16px ${font}`), x, y - 6, 16, { "font-weight": 700 }) + 8;
  const own = make("svg:defs");
  svg.append(own);
  const entry = (one, id) => {
    const lines = wrapped(`${one.label}${one.note ? ` (${one.note})` : ""}`, column - 100, `15px ${font}`);
    if (one.hatch) own.append(patternOf(one, id));
    svg.append(make("svg:rect", { x, y: row, width: 34, height: 20, fill: one.hatch ? `url(#${id})` : one.colour || "none", stroke: "#6f6f69" }),
      make("svg:text", { x: wide - edge, y: row + 15, "font-size": 15, "text-anchor": "end", text: one.count ? grouped(one.count) : "" }));
    row = Math.max(row + 28, write(lines, x + 44, row - 4, 15) + 8);
  };
  layer.classes.forEach((one, key) => entry(one, `key-${key}`));
  layer.more.forEach((legend, place) => {
    row = write(wrapped(legend.title, column, `bold 15px ${font}`), x, row + 6, 15, { "font-weight": 700 }) + 6;
    legend.classes.forEach((one, key) => entry(one, `more-${place}-${key}`));
  });
  for (const line of words.benchmarks) row = write(wrapped(line, column, `14px ${font}`), x, row + 4, 14);
  if (words.chosen) row = write(wrapped(words.chosen, column, `bold 15px ${font}`), x, row + 12, 15, { "font-weight": 700 });
  y = Math.max(y + height, row) + 12;
  for (const line of words.foot) y = write(wrapped(line, inside, `12px ${font}`), edge, y, 12, { fill: "#4a4a46" });
  const tall = Math.ceil(y + edge);
  svg.setAttribute("height", tall);
  svg.setAttribute("viewBox", `0 0 ${wide} ${tall}`);
  paper.setAttribute("height", tall);
  return { text: `<?xml version="1.0" encoding="UTF-8"?>\n${new XMLSerializer().serializeToString(svg)}`, wide, tall };
}
