/* The map: an equal-area plane in metres, painted on canvases that move with Leaflet's panes. */
const METRES = 4096;

const Sheet = L.Renderer.extend({
  initialize(draw, options) {
    L.Renderer.prototype.initialize.call(this, options);
    this.drawn = draw;
  },
  _initContainer() {
    this._container = document.createElement("canvas");
    this._ctx = this._container.getContext("2d");
  },
  _destroyContainer() { this._container.remove(); },
  _updatePaths() {},
  _update() {
    if (this._map._animatingZoom && this._bounds) return;
    L.Renderer.prototype._update.call(this);
    const box = this._bounds, size = box.getSize(), ratio = this.ratio();
    L.DomUtil.setPosition(this._container, box.min);
    Object.assign(this._container, { width: ratio * size.x, height: ratio * size.y });
    Object.assign(this._container.style, { width: `${size.x}px`, height: `${size.y}px` });
    this.redraw();
  },
  ratio() { return Math.min(2, Math.max(1, window.devicePixelRatio || 1)); },
  /* Draws at once: a switch is seen in the frame in which it was asked for. */
  redraw() {
    if (!this._map || !this._bounds) return;
    const pen = this._ctx, ratio = this.ratio();
    pen.setTransform(1, 0, 0, 1, 0, 0);
    pen.clearRect(0, 0, this._container.width, this._container.height);
    const origin = this._map.getPixelOrigin().add(this._bounds.min);
    this.drawn(pen, { scale: 2 ** this._map.getZoom() / METRES, left: origin.x, top: origin.y, ratio });
  },
});

/* From cells of the grid to pixels of a picture. */
function transformOf(grid, view) {
  const { scale, left, top, ratio } = view, cell = scale * grid.step * ratio;
  return new DOMMatrix([cell, 0, 0, -cell, ratio * (scale * grid.x - left), ratio * (-scale * grid.y - top)]);
}

/* Everything but names: land, fills, patterns, borders, outlines of groups, marks. */
function paintAreas(pen, view, shown) {
  const { shapes, layer, only, paper } = shown, transform = transformOf(shapes.grid, view);
  const thin = (pixels) => (pixels * view.ratio) / transform.a;
  pen.setTransform(transform);
  pen.lineJoin = "round";
  pen.fillStyle = paper;
  pen.fill(shapes.land, "evenodd");
  const fills = layer.classes.map((entry) => fillOf(entry, transform, view.ratio));
  shapes.areas.forEach(({ path }, index) => {
    const key = layer.of[index];
    pen.globalAlpha = only === null || key === only ? 1 : 0.16;
    pen.fillStyle = key >= 0 ? fills[key] : paper;
    pen.fill(path, "evenodd");
  });
  pen.globalAlpha = 1;
  const over = layer.overClasses.map((entry) => fillOf(entry, transform, view.ratio, false));
  layer.over.forEach((key, index) => {
    if (key < 0) return;
    pen.fillStyle = over[key];
    pen.fill(shapes.areas[index].path, "evenodd");
  });
  shown.borders ||= bordersOf(shapes, (index) => (layer.of[index] < 0 ? "#e4e4df" : layer.classes[layer.of[index]].colour));
  const stroke = (arcs, colour, width, dash = []) => {
    pen.strokeStyle = colour;
    pen.lineWidth = thin(width);
    pen.setLineDash(dash.map(thin));
    for (const index of arcs) pen.stroke(shapes.lines[index]);
  };
  stroke(shown.borders.coast, COAST, 0.6);
  stroke(shown.borders.light, LIGHT, 0.8);
  stroke(shown.borders.dark, DARK, 0.5);
  for (const group of layer.outlines) {
    const edge = edgeOf(shapes, group.areas);
    /* Cased: one of the two strokes stands out against any fill. */
    stroke(edge, LIGHT, 3.4);
    stroke(edge, group.colour, 1.6, group.style === "solid" ? [] : [5, 4]);
  }
  pen.setLineDash([]);
  for (const mark of shapes.points ? [] : layer.symbols) {
    const { grid } = shapes;
    pen.beginPath();
    pen.arc((mark.x - grid.x) / grid.step, (mark.y - grid.y) / grid.step, thin(mark.radius), 0, 2 * Math.PI);
    pen.globalAlpha = 0.85;
    pen.fillStyle = mark.colour;
    pen.fill();
    pen.globalAlpha = 1;
    pen.strokeStyle = LIGHT;
    pen.lineWidth = thin(1.5);
    pen.stroke();
  }
}

/* The areas that are chosen, compared or pointed at: dark lines with white edges. */
function paintEdges(pen, view, shapes, edges) {
  const transform = transformOf(shapes.grid, view);
  pen.setTransform(transform);
  pen.lineJoin = "round";
  for (const [members, wide] of edges) for (const [colour, width] of [[LIGHT, wide + 4], [INK, wide]]) {
    pen.strokeStyle = colour;
    pen.lineWidth = (width * view.ratio) / transform.a;
    for (const index of members) for (const arc of edgeOf(shapes, [index])) pen.stroke(shapes.lines[arc]);
  }
}

function drawMap(report, tell) {
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const plane = L.extend({}, L.CRS.Simple, { transformation: new L.Transformation(1 / METRES, 0, -1 / METRES, 0) });
  const map = L.map("map", {
    crs: plane, zoomControl: false, attributionControl: false, scrollWheelZoom: false, zoomSnap: 0.25, zoomDelta: 1,
    maxZoom: 8, minZoom: -4, zoomAnimation: !calm, fadeAnimation: !calm, inertia: !calm, bounceAtZoomLimits: false,
  });
  const box = map.getContainer(), state = { shapes: null, layer: null, only: null, names: true, label: [] };
  const edges = { chosen: [], compared: [], hint: [] };
  const paper = () => getComputedStyle(document.documentElement).getPropertyValue("--land").trim();
  let shown = null;
  const areas = new Sheet((pen, view) => { if (shown) paintAreas(pen, view, shown); }, { padding: 0.15 });
  const lines = new Sheet((pen, view) => {
    if (state.shapes) paintEdges(pen, view, state.shapes, [[edges.hint, 1.2], [edges.compared, 1.2], [edges.chosen, 2]]);
  }, { padding: 0.15 });
  const labels = L.layerGroup();
  let scale = null;

  const toPlane = ([x, y]) => [state.shapes.grid.y + y * state.shapes.grid.step, state.shapes.grid.x + x * state.shapes.grid.step];
  const boundsOf = (members) => {
    const [left, bottom, right, top] = boxOf(state.shapes, members);
    return L.latLngBounds(toPlane([left, bottom]), toPlane([right, top]));
  };
  const everyone = () => state.shapes.areas.map((_, index) => index);
  const deep = () => Math.round(Math.log2(50 / state.shapes.grid.step));
  const fit = (bounds, animate = false) => map.fitBounds(bounds, { padding: [12, 12], maxZoom: 6 + deep(), animate: animate && !calm });

  const candidates = () => {
    const pixel = (point) => map.latLngToContainerPoint(toPlane(point));
    const { layer, shapes } = state, found = [];
    const marked = layer.symbols.filter((mark) => mark.label && !shapes.points)
      .map((mark) => ({ text: mark.label, size: mark.radius, point: [(mark.x - shapes.grid.x) / shapes.grid.step, (mark.y - shapes.grid.y) / shapes.grid.step] }));
    const grouped = layer.outlines.filter((group) => group.label && group.areas.length).map((group) => {
      const [left, , right, top] = boxOf(shapes, group.areas);
      return { text: group.label, size: group.areas.length, point: [(left + right) / 2, top], strong: true };
    });
    for (const one of [...grouped, ...marked].sort((a, b) => b.size - a.size)) found.push({ ...one, ...pixel(one.point) });
    const first = [...edges.chosen, ...edges.compared], rest = state.names ? state.order : [];
    for (const index of new Set([...first, ...rest])) {
      const point = shapes.points ? shapes.points[index] : state.label[index];
      if (layer.of[index] >= 0 || first.includes(index)) found.push({ text: state.titles[index], point, ...pixel(point) });
    }
    return found;
  };
  /* Once for all that a switch changes. */
  let due = false, lettered = false;
  const placeLabels = () => {
    if (due || !lettered) return;
    due = true;
    queueMicrotask(() => { due = false; setLabels(); });
  };
  const setLabels = () => {
    labels.clearLayers();
    if (!state.layer || !map._loaded) return;
    for (const one of placeNames(candidates(), map.getSize())) {
      const icon = L.divIcon({ className: `place${one.strong ? " group" : ""}`, iconSize: [0, 0], html: bdi(one.text) });
      L.marker(toPlane(one.point), { icon, interactive: false, keyboard: false }).addTo(labels);
    }
  };

  const pointed = (event) => {
    if (!state.shapes) return null;
    const { grid } = state.shapes, spot = event.latlng;
    return areaAt(state.shapes, (spot.lng - grid.x) / grid.step, (spot.lat - grid.y) / grid.step);
  };
  let under = null;
  map.on("mousemove", (event) => {
    const index = pointed(event);
    if (index === under) return;
    if (under !== null) report.out(under);
    under = index;
    box.style.cursor = index === null ? "" : "pointer";
    if (index !== null) report.over(index, event.containerPoint);
  });
  map.on("mouseout", () => { if (under !== null) report.out(under); under = null; });
  map.on("click", (event) => report.touched(pointed(event), event.containerPoint));
  map.on("moveend", () => { placeLabels(); report.moved(); });
  box.addEventListener("focus", () => map.scrollWheelZoom.enable());
  box.addEventListener("blur", () => map.scrollWheelZoom.disable());
  shareFingers(map, at("map-hint"));

  const paint = (layer, only) => {
    Object.assign(state, { layer, only });
    shown = { shapes: state.shapes, layer, only, paper: paper() };
    areas.redraw();
    placeLabels();
  };
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => { if (state.layer) paint(state.layer, state.only); });
  const mark = (name, members) => {
    edges[name] = members;
    lines.redraw();
    if (name !== "hint") placeLabels();
  };

  const shift = { west: [-1, 0], east: [1, 0], north: [0, -1], south: [0, 1] };
  const move = (how) => {
    if (how === "in") map.zoomIn(1, { animate: !calm });
    else if (how === "out") map.zoomOut(1, { animate: !calm });
    else if (how === "all") fit(boundsOf(everyone()), true);
    else {
      const size = map.getSize();
      map.panBy([shift[how][0] * size.x * 0.3, shift[how][1] * size.y * 0.3], { animate: !calm });
    }
  };
  const ground = (given, shapes, first) => {
    const points = decodeNumbers(given.labels);
    Object.assign(state, { shapes, titles: given.names, order: given.weight, label: given.codes.map((_, index) => [points[2 * index], points[2 * index + 1]]) });
    Object.assign(edges, { chosen: [], compared: [], hint: [] });
    state.layer = shown = null;
    map.setMaxZoom(8 + deep());
    map.setMaxBounds(boundsOf(everyone()).pad(0.6));
    if (first) fit(boundsOf(given.extent.length ? given.extent : everyone()));
    if (first && !scale && given.regional) scale = L.control.scale({ imperial: false, maxWidth: 140 }).addTo(map);
  };

  let before = null;
  addEventListener("beforeprint", () => {
    before = { centre: map.getCenter(), zoom: map.getZoom(), box: map.getBounds() };
    Object.assign(box.style, { width: "400px", height: "640px" });
    map.setMaxBounds(null);  /* else the map slides back into them, after the paper has gone */
    map.invalidateSize({ animate: false, pan: false });
    /* What is printed is what was seen of the areas, without the sea beside them. */
    const all = boundsOf(everyone()), seen = before.box;
    const [south, west] = [Math.max(all.getSouth(), seen.getSouth()), Math.max(all.getWest(), seen.getWest())];
    const [north, east] = [Math.min(all.getNorth(), seen.getNorth()), Math.min(all.getEast(), seen.getEast())];
    map.fitBounds(north > south && east > west ? [[south, west], [north, east]] : seen, { animate: false });
  });
  addEventListener("afterprint", () => {
    Object.assign(box.style, { width: "", height: "" });
    map.invalidateSize({ animate: false, pan: false });
    if (before) map.setView(before.centre, before.zoom, { animate: false });
    map.setMaxBounds(boundsOf(everyone()).pad(0.6));
  });

  return {
    ground, paint, move, tell,
    settle: () => { areas.addTo(map); lines.addTo(map); labels.addTo(map); },
    letters: () => { lettered = true; placeLabels(); },
    names: (wanted) => { state.names = wanted; placeLabels(); },
    choose: (index) => mark("chosen", index === null ? [] : [index]),
    compare: (members) => mark("compared", members),
    hint: (index) => mark("hint", index === null ? [] : [index]),
    zoomTo: (members) => fit((members.length ? boundsOf(members) : boundsOf(everyone())).pad(members.length ? 0.25 : 0), true),
    reveal: (index) => {
      const bounds = boundsOf([index]);
      if (!map.getBounds().contains(bounds)) map.panTo(bounds.getCenter(), { animate: !calm });
    },
    position: () => {
      const centre = map.getCenter();
      return [Math.round(centre.lng / 100) / 10, Math.round(centre.lat / 100) / 10, map.getZoom()];
    },
    look: ([x, y, zoom]) => map.setView([y * 1000, x * 1000], zoom, { animate: false }),
    /* What stands on the map now, for pictures of it. */
    picture: () => ({ shown, edges, bounds: map.getPixelBounds(), size: map.getSize(), scale: 2 ** map.getZoom() / METRES, names: placeNames(candidates(), map.getSize()) }),
  };
}
