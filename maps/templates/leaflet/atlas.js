/* The map itself: drawn on one canvas in an equal-area plane, in metres. */
function drawMap(content, shapes, report) {
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const plane = L.extend({}, L.CRS.Simple, { transformation: new L.Transformation(1 / 4096, 0, -1 / 4096, 0) });
  const deep = Math.round(Math.log2(50 / content.grid.step));
  const renderer = L.canvas({ padding: 0.5 });
  const map = L.map("map", {
    crs: plane, renderer, zoomControl: false, attributionControl: false, scrollWheelZoom: false, zoomSnap: 0.25,
    zoomDelta: 1, maxZoom: 8 + deep, minZoom: -4, zoomAnimation: !calm, fadeAnimation: !calm, inertia: !calm, keyboard: true,
    doubleClickZoom: true,
  });
  const paper = getComputedStyle(document.documentElement);
  const still = { interactive: false, smoothFactor: 0, fill: false };
  const land = content.land.length ? L.polygon(shapes.land, {
    interactive: false, smoothFactor: 0, stroke: false, fillOpacity: 1, fillColor: paper.getPropertyValue("--land").trim(),
  }).addTo(map) : null;
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
    if (land) land.setStyle({ fillColor: getComputedStyle(document.documentElement).getPropertyValue("--land").trim() });
  });
  const areas = shapes.areas.map((polygons, index) => {
    const area = L.polygon(polygons, { smoothFactor: 0, stroke: false, fillOpacity: 1, fillColor: "#e4e4df" }).addTo(map);
    area.on("mouseover", (event) => report.over(index, event.containerPoint));
    area.on("mouseout", () => report.out(index));
    area.on("click", (event) => { L.DomEvent.stop(event); report.touched(index, event.containerPoint); });
    return area;
  });
  const line = (options) => L.polyline([], { ...still, ...options }).addTo(map);
  const borders = {
    coast: line({ color: COAST, weight: 0.6 }),
    light: line({ color: LIGHT, weight: 0.8 }),
    dark: line({ color: DARK, weight: 0.5 }),
  };
  const over = L.layerGroup().addTo(map);
  const groups = L.layerGroup().addTo(map), labels = L.layerGroup().addTo(map);
  const edges = [line({ color: LIGHT, weight: 6 }), line({ color: INK, weight: 2 })];
  const faint = [line({ color: LIGHT, weight: 4 }), line({ color: INK, weight: 1.2 })];

  const boundsOf = (members) => members.reduce((box, index) => box.extend(areas[index].getBounds()), L.latLngBounds([]));
  const everything = boundsOf(areas.map((_, index) => index));
  map.setMaxBounds(everything.pad(0.6));
  const fit = (box, animate = false) => map.fitBounds(box, { padding: [12, 12], maxZoom: 6 + deep, animate: animate && !calm });

  let placed = [];
  const placeLabels = () => {
    const taken = [];
    for (const { marker, text } of placed) {
      const at = map.latLngToContainerPoint(marker.getLatLng());
      const half = text.length * 3.6 + 4;
      const box = [at.x - half, at.y - 17, at.x + half, at.y + 2];
      const clash = taken.some((other) => box[0] < other[2] && box[2] > other[0] && box[1] < other[3] && box[3] > other[1]);
      if (clash) marker.remove();
      else {
        taken.push(box);
        marker.addTo(labels);
      }
    }
  };
  map.on("zoomend", placeLabels);
  const place = (text, at, size) => {
    const words = document.createElement("span");
    words.textContent = text;
    const icon = L.divIcon({ className: "place", iconSize: [0, 0], html: words });
    placed.push({ marker: L.marker(at, { icon, interactive: false, keyboard: false }), text, size });
  };

  const paint = (layer, only) => {
    const fills = layer.classes.map((entry) => fillOf(entry));
    areas.forEach((area, index) => {
      const key = layer.of[index];
      const drawn = key >= 0;
      area.setStyle({
        fillColor: drawn ? fills[key] : paper.getPropertyValue("--land").trim(),
        fillOpacity: only === null || key === only ? 1 : 0.16,
      });
    });
    const found = bordersOf(shapes, (index) => (layer.of[index] < 0 ? "#e4e4df" : layer.classes[layer.of[index]].colour));
    for (const name of Object.keys(borders)) borders[name].setLatLngs(found[name]);
    for (const part of [over, groups, labels]) part.clearLayers();
    const patterns = layer.overClasses.map((entry) => fillOf(entry, false));
    layer.over.forEach((key, index) => {
      if (key < 0) return;
      L.polygon(shapes.areas[index], { interactive: false, smoothFactor: 0, stroke: false, fillOpacity: 1, fillColor: patterns[key] }).addTo(over);
    });
    placed = [];
    for (const group of layer.outlines) {
      const edge = edgeOf(shapes, group.areas);
      /* Cased: one of the two strokes stands out against any fill. */
      L.polyline(edge, { ...still, color: LIGHT, weight: 3.4 }).addTo(groups);
      L.polyline(edge, { ...still, color: group.colour, weight: 1.6, dashArray: group.style === "solid" ? null : "5 4" }).addTo(groups);
      if (group.label) {
        const box = boundsOf(group.areas);
        place(group.label, [box.getNorth(), box.getCenter().lng], group.areas.length);
      }
    }
    for (const mark of layer.symbols) {
      L.circleMarker([mark.y, mark.x], {
        interactive: false, radius: mark.radius, fillColor: mark.colour, fillOpacity: 0.85, color: LIGHT, weight: 1.5,
      }).addTo(groups);
      if (mark.label) place(mark.label, [mark.y, mark.x], mark.radius);
    }
    placed.sort((one, other) => other.size - one.size);
    if (map._loaded) placeLabels();
    for (const top of [...faint, ...edges]) top.bringToFront();
  };
  const mark = (lines, index) => {
    for (const part of lines) part.setLatLngs(index === null ? [] : edgeOf(shapes, [index])).bringToFront();
  };

  map.getContainer().addEventListener("focus", () => map.scrollWheelZoom.enable());
  map.getContainer().addEventListener("blur", () => map.scrollWheelZoom.disable());
  map.on("click", () => report.touched(null));
  if (content.scale) L.control.scale({ imperial: false, maxWidth: 140 }).addTo(map);

  const shift = { west: [-1, 0], east: [1, 0], north: [0, -1], south: [0, 1] };
  const move = (how) => {
    if (how === "in") map.zoomIn(1, { animate: !calm });
    else if (how === "out") map.zoomOut(1, { animate: !calm });
    else if (how === "all") fit(everything, true);
    else {
      const size = map.getSize();
      map.panBy([shift[how][0] * size.x * 0.3, shift[how][1] * size.y * 0.3], { animate: !calm });
    }
  };
  const zoomTo = (members) => fit(members.length ? boundsOf(members).pad(0.35) : everything, true);
  const reveal = (index) => {
    const box = areas[index].getBounds();
    if (!box.isValid()) return;
    if (!map.getBounds().contains(box)) map.panInsideBounds(box, { animate: !calm }).panTo(box.getCenter(), { animate: !calm });
  };

  let before = null;
  addEventListener("beforeprint", () => {
    before = { centre: map.getCenter(), zoom: map.getZoom(), box: map.getBounds() };
    Object.assign(map.getContainer().style, { width: "400px", height: "640px" });
    map.invalidateSize({ animate: false, pan: false });
    map.fitBounds(before.box, { animate: false });
    renderer._redraw();
  });
  addEventListener("afterprint", () => {
    Object.assign(map.getContainer().style, { width: "", height: "" });
    map.invalidateSize({ animate: false, pan: false });
    if (before) map.setView(before.centre, before.zoom, { animate: false });
  });

  return {
    start: (members) => { fit(members.length ? boundsOf(members) : everything); placeLabels(); },
    paint, move, zoomTo, reveal,
    choose: (index) => mark(edges, index),
    hint: (index) => mark(faint, index),
  };
}
