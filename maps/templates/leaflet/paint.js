/* Paint: contrast, hatches on canvas, borders that are white between dark fills and dark between light ones. */
const DARK = "#4a4a46", LIGHT = "#ffffff", INK = "#1d1d1b", COAST = "#8a8a84";
const HATCH = { diagonal: "#9a9a94", back: "#9a9a94", stripes: "#9a9a94", dots: "#6f6f69" };

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
  const usual = HATCH[entry.hatch];
  if (contrast(entry.colour, usual) >= 2) return usual;
  return contrast(entry.colour, LIGHT) > contrast(entry.colour, INK) ? LIGHT : INK;
}

const sizeOf = (entry) => (entry.hatch === "stripes" ? 12 : 6);

/* One tile serves the map and the key alike; without a ground it is laid over another fill. */
function tileOf(entry, ratio, ground = true) {
  const size = sizeOf(entry), tile = document.createElement("canvas");
  tile.width = tile.height = size * ratio;
  const ink = tile.getContext("2d");
  ink.scale(ratio, ratio);
  ink.fillStyle = entry.colour;
  if (ground) ink.fillRect(0, 0, size, size);
  ink.fillStyle = ink.strokeStyle = hatchColour(entry);
  if (entry.hatch === "dots") {
    for (const [x, y] of [[1.5, 1.5], [4.5, 4.5]]) {
      ink.beginPath();
      ink.arc(x, y, 0.9, 0, 2 * Math.PI);
      ink.fill();
    }
    return tile;
  }
  if (entry.hatch === "back") {
    ink.translate(size, 0);
    ink.scale(-1, 1);
  }
  ink.lineWidth = entry.hatch === "stripes" ? 4.2 : 1.1;
  ink.beginPath();
  for (const shift of [-size, 0, size]) {
    ink.moveTo(shift - 1, size + 1);
    ink.lineTo(shift + size + 1, -1);
  }
  ink.stroke();
  return tile;
}

function fillOf(entry, ground = true) {
  if (!entry.hatch) return entry.colour;
  const ratio = L.Browser.retina ? 2 : 1, tile = tileOf(entry, ratio, ground);
  const pattern = tile.getContext("2d").createPattern(tile, "repeat");
  pattern.setTransform(new DOMMatrix().scale(1 / ratio));
  return pattern;
}

function bordersOf(shapes, colourOf) {
  const borders = { light: [], dark: [], coast: [] };
  shapes.arcs.forEach((arc, index) => {
    const fills = shapes.sides[index].filter((owner) => owner >= 0).map(colourOf);
    if (!fills.length) return;
    if (fills.length === 1) return void borders.coast.push(arc);
    const worst = (stroke) => Math.min(...fills.map((fill) => contrast(stroke, fill)));
    borders[worst(LIGHT) > worst(DARK) ? "light" : "dark"].push(arc);
  });
  return borders;
}
