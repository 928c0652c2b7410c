/* Names of places: as many as there is room for, the greatest first, none over another. */
const ROOM_FOR_A_NAME = 21000, NAME_FONT = "600 12px system-ui, sans-serif";

function widthOf(text, font = NAME_FONT) {
  const pen = widthOf.pen ||= document.createElement("canvas").getContext("2d");
  pen.font = font;
  return pen.measureText(text).width;
}

/* Candidates have a text and a point in pixels; those that are kept have their box too. */
function placeNames(candidates, size, most = Math.round((size.x * size.y) / ROOM_FOR_A_NAME)) {
  const kept = [];
  for (const one of candidates) {
    if (kept.length >= most) break;
    const half = widthOf(one.text) / 2 + 4, box = [one.x - half, one.y - 9, one.x + half, one.y + 9];
    if (box[0] < 0 || box[1] < 0 || box[2] > size.x || box[3] > size.y) continue;
    if (kept.some(({ box: other }) => box[0] < other[2] + 2 && box[2] + 2 > other[0] && box[1] < other[3] + 1 && box[3] + 1 > other[1])) continue;
    kept.push({ ...one, box });
  }
  return kept;
}
