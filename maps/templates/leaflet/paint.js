/* Paint: contrast, hatches on canvas, borders that are white between dark fills and dark between light ones. */
const DARK = "#4a4a46", LIGHT = "#ffffff", INK = "#1d1d1b", COAST = "#8a8a84";
/* As the static files draw them: a line (or a dot's radius) every so many pixels; stripes have white edges. */
const HATCHES = {
  diagonal: { size: 6, thick: 1.1, lean: 1 }, back: { size: 6, thick: 1.1, lean: -1 }, dots: { size: 6, thick: 0.9 },
  stipple: { size: 6, thick: 1.2 }, slant: { size: 5, thick: 0.9, lean: -1 },
  lines: { size: 4, thick: 1, along: true }, upright: { size: 4, thick: 1, up: true },
  grid: { size: 4, thick: 1, along: true, up: true },
  stripes: { size: 12, thick: 4.2, lean: 1, edge: 0.7 }, "stripes-back": { size: 12, thick: 4.2, lean: -1, edge: 0.7 },
  "stripes-upright": { size: 8, thick: 4, up: true, edge: 0.7 },
};

function luminance(colour) {
  const part = (from) => {
    const value = parseInt(colour.slice(from, from + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * part(1) + 0.7152 * part(3) + 0.0722 * part(5);
}

function contrast(one, other) {
  const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}

/* A hatch has the colour it was given; else the usual grey where that stands out from the fill, white or ink elsewhere. */
function hatchColour(entry) {
  if (entry.ink) return entry.ink;
  const usual = entry.hatch === "dots" ? "#6f6f69" : "#9a9a94";
  if (contrast(entry.colour, usual) >= 2) return usual;
  return contrast(entry.colour, LIGHT) > contrast(entry.colour, INK) ? LIGHT : INK;
}

const sizeOf = (entry) => HATCHES[entry.hatch].size;

/* One tile serves the map and the key alike; without a ground it is laid over another fill. */
function tileOf(entry, ratio, ground = true) {
  const kind = HATCHES[entry.hatch], size = kind.size, tile = document.createElement("canvas");
  tile.width = tile.height = size * ratio;
  const ink = tile.getContext("2d");
  ink.scale(ratio, ratio);
  ink.fillStyle = entry.colour;
  if (ground) ink.fillRect(0, 0, size, size);
  ink.fillStyle = hatchColour(entry);
  if (!kind.lean && !kind.along && !kind.up) {
    for (const [x, y] of [[1.5, 1.5], [4.5, 4.5]]) {
      ink.beginPath();
      ink.arc(x, y, kind.thick, 0, 2 * Math.PI);
      ink.fill();
    }
    return tile;
  }
  const lines = (colour, thick) => {
    ink.fillStyle = ink.strokeStyle = colour;
    ink.lineWidth = thick;
    const first = Math.floor((size - thick) / 2);
    if (kind.along) ink.fillRect(0, first, size, thick);
    if (kind.up) ink.fillRect(first, 0, thick, size);
    if (!kind.lean) return;
    ink.beginPath();
    for (const shift of [-size, 0, size]) {
      const [start, end] = kind.lean > 0 ? [size + 1, -1] : [-1, size + 1];
      ink.moveTo(shift - 1, start);
      ink.lineTo(shift + size + 1, end);
    }
    ink.stroke();
  };
  if (kind.edge) lines(LIGHT, kind.thick + 2 * kind.edge);
  lines(hatchColour(entry), kind.thick);
  return tile;
}

/* A hatch keeps its size whatever the scale of what is drawn. */
function fillOf(entry, transform, ratio, ground = true) {
  if (!entry.hatch) return entry.colour;
  const key = `${ratio} ${ground}`;
  entry.tiles ||= {};
  const tile = (entry.tiles[key] ||= tileOf(entry, ratio, ground));
  const pattern = tile.getContext("2d").createPattern(tile, "repeat");
  pattern.setTransform(transform.inverse());
  return pattern;
}

/* Which arcs are lined in white, which in dark grey, which are coast. */
function bordersOf(shapes, colourOf) {
  const borders = { light: [], dark: [], coast: [] }, better = new Map();
  const lined = (one, other) => {
    const key = one + other;
    if (!better.has(key)) {
      const worst = (stroke) => Math.min(contrast(stroke, one), contrast(stroke, other));
      better.set(key, worst(LIGHT) > worst(DARK) ? "light" : "dark");
    }
    return better.get(key);
  };
  shapes.sides.forEach((owners, index) => {
    const [one, other] = owners.filter((owner) => owner >= 0);
    if (one === undefined) return;
    borders[other === undefined ? "coast" : lined(colourOf(one), colourOf(other))].push(index);
  });
  return borders;
}

function swatch(entry, small) {
  const box = make("span", { class: `swatch${small ? " dot" : ""}`, "aria-hidden": "true" });
  if (!entry) return box;
  box.style.backgroundColor = entry.colour;
  if (entry.hatch) {
    box.classList.add(`hatch-${entry.hatch}`);
    /* A picture rather than a gradient: it prints. */
    entry.tile ||= tileOf(entry, 3).toDataURL();
    box.style.backgroundSize = `${sizeOf(entry)}px`;
    box.style.backgroundImage = `url(${entry.tile})`;
  }
  return box;
}
