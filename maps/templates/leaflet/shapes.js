/* Shapes: arcs are runs of signed steps on an integer grid, five bits a sign, least significant first. */
const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

function decodeArc(text, grid) {
  const points = [];
  let at = 0, x = 0, y = 0;
  const step = () => {
    let value = 0, shift = 0, digit;
    do {
      digit = DIGITS.indexOf(text[at++]);
      value += (digit & 31) * 2 ** shift;
      shift += 5;
    } while (digit & 32);
    return value % 2 ? -(value + 1) / 2 : value / 2;
  };
  while (at < text.length) {
    x += step();
    y += step();
    points.push(L.latLng(grid.y + y * grid.step, grid.x + x * grid.step));
  }
  return points;
}

function decodeShapes(content) {
  const arcs = content.arcs.map((text) => decodeArc(text, content.grid));
  const sides = arcs.map(() => []);
  const ring = (numbers, owner) => {
    const points = [];
    for (const number of numbers) {
      const index = number < 0 ? ~number : number;
      sides[index].push(owner);
      const arc = number < 0 ? arcs[index].slice().reverse() : arcs[index];
      for (let i = points.length ? 1 : 0; i < arc.length; i++) points.push(arc[i]);
    }
    return points;
  };
  const polygons = (shape, owner) => shape.map((rings) => rings.map((numbers) => ring(numbers, owner)));
  const areas = content.shapes.map((shape, index) => polygons(shape, index));
  const land = content.land.map((shape) => polygons(shape, -1));
  return { arcs, sides, areas, land };
}

/* Arcs that have exactly one of the members on one side and none on the other: the edge of a group. */
function edgeOf(shapes, members) {
  const inside = new Set(members);
  return shapes.arcs.filter((_, index) => {
    const within = shapes.sides[index].filter((owner) => inside.has(owner)).length;
    return within === 1;
  });
}
