/* Paint: contrast, hatches on canvas, borders that are white between dark fills and dark between light ones. */
const DARK = "#4a4a46", LIGHT = "#ffffff", INK = "#1d1d1b", COAST = "#8a8a84";
const HATCH = { diagonal: "#9a9a94", dots: "#6f6f69" };

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

/* A hatch must stand out from the fill below it: the grey of the key on pale fills, white or ink on the others. */
function hatchColour(entry) {
  const usual = HATCH[entry.hatch];
  if (contrast(entry.colour, usual) >= 2) return usual;
  return contrast(entry.colour, LIGHT) > contrast(entry.colour, INK) ? LIGHT : INK;
}

function fillOf(entry) {
  if (!entry.hatch) return entry.colour;
  const ratio = L.Browser.retina ? 2 : 1, size = 6;
  const tile = document.createElement("canvas");
  tile.width = tile.height = size * ratio;
  const ink = tile.getContext("2d");
  ink.scale(ratio, ratio);
  ink.fillStyle = entry.colour;
  ink.fillRect(0, 0, size, size);
  ink.fillStyle = ink.strokeStyle = hatchColour(entry);
  if (entry.hatch === "dots") {
    for (const [x, y] of [[1.5, 1.5], [4.5, 4.5]]) {
      ink.beginPath();
      ink.arc(x, y, 0.9, 0, 2 * Math.PI);
      ink.fill();
    }
  } else {
    ink.lineWidth = 1.1;
    ink.beginPath();
    for (const shift of [-size, 0, size]) {
      ink.moveTo(shift - 1, size + 1);
      ink.lineTo(shift + size + 1, -1);
    }
    ink.stroke();
  }
  const pattern = ink.createPattern(tile, "repeat");
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
