/* Shapes: arcs on an integer grid, shared by the areas on both sides; or a hexagon for every area. */
function decodeShapes(ground) {
  const arcs = ground.arcs.map((text) => {
    const steps = decodeNumbers(text);
    for (let i = 2; i < steps.length; i++) steps[i] += steps[i - 2];
    return steps;
  });
  return shaped(arcs, ground.shapes, ground.land, ground.grid);
}

/* Paths are drawn, and points looked up in them, in cells of the grid: those are small whole numbers. */
function shaped(arcs, shapes, land, grid) {
  const sides = arcs.map(() => []);
  const outline = (shape, owner) => {
    const path = new Path2D(), box = [Infinity, Infinity, -Infinity, -Infinity];
    for (const rings of shape) for (const numbers of rings) {
      let first = true;
      for (const number of numbers) {
        const index = number < 0 ? ~number : number, arc = arcs[index], last = arc.length - 2;
        sides[index].push(owner);
        for (let i = first ? 0 : 2; i <= last; i += 2) {
          const from = number < 0 ? last - i : i, x = arc[from], y = arc[from + 1];
          if (first) path.moveTo(x, y);
          else path.lineTo(x, y);
          first = false;
          box[0] = Math.min(box[0], x);
          box[1] = Math.min(box[1], y);
          box[2] = Math.max(box[2], x);
          box[3] = Math.max(box[3], y);
        }
      }
      path.closePath();
    }
    return { path, box };
  };
  const areas = shapes.map((shape, index) => outline(shape, index));
  const around = new Path2D();
  for (const shape of land) around.addPath(outline(shape, -1).path);
  const lines = arcs.map((arc) => lineOf(arc));
  return { arcs, lines, sides, rings: shapes, landRings: land, areas, land: around, grid };
}

function lineOf(arc) {
  const path = new Path2D();
  path.moveTo(arc[0], arc[1]);
  for (let i = 2; i < arc.length; i += 2) path.lineTo(arc[i], arc[i + 1]);
  return path;
}

const CORNERS = [[0, 2], [-1, 1], [-1, -1], [0, -2], [1, -1], [1, 1]];

/* One hexagon an area; the sides of hexagons are arcs, so that borders and groups are drawn as those of shapes are. */
function hexagonShapes(ground, shapes) {
  const cells = decodeNumbers(ground.cells), arcs = [], known = new Map(), middle = [0, 0];
  const boxes = shapes.areas.map(({ box }) => box);
  const extent = [0, 1].map((axis) => [Math.min(...boxes.map((box) => box[axis])), Math.max(...boxes.map((box) => box[axis + 2]))]);
  const centres = ground.codes.map((_, index) => [2 * cells[2 * index] + cells[2 * index + 1], 3 * cells[2 * index + 1]]);
  const span = [0, 1].map((axis) => [Math.min(...centres.map((one) => one[axis])) - 2, Math.max(...centres.map((one) => one[axis])) + 2]);
  const side = Math.min((extent[1][1] - extent[1][0]) / (span[1][1] - span[1][0]), 30000);
  const scale = [side * Math.sqrt(3), side];
  for (const axis of [0, 1]) middle[axis] = (extent[axis][0] + extent[axis][1]) / 2 - scale[axis] * (span[axis][0] + span[axis][1]) / 2;
  const place = ([x, y]) => [x * scale[0] + middle[0], y * scale[1] + middle[1]];
  const rings = centres.map(([x, y]) => {
    const corners = CORNERS.map(([dx, dy]) => [x + dx, y + dy]);
    return [[corners.map((from, i) => {
      const to = corners[(i + 1) % 6], [key, back] = [`${from} ${to}`, `${to} ${from}`];
      if (known.has(back)) return ~known.get(back);
      known.set(key, arcs.length);
      arcs.push([...place(from), ...place(to)]);
      return arcs.length - 1;
    })]];
  });
  const made = shaped(arcs, rings, [], shapes.grid);
  made.points = centres.map(place);
  return made;
}

/* Arcs that have exactly one of the members on one side and none on the other: the edge of a group. */
function edgeOf(shapes, members) {
  const inside = new Set(members);
  return shapes.sides.flatMap((owners, index) => (owners.filter((owner) => inside.has(owner)).length === 1 ? [index] : []));
}

function areaAt(shapes, x, y) {
  const pen = areaAt.pen ||= document.createElement("canvas").getContext("2d");
  for (let index = 0; index < shapes.areas.length; index++) {
    const { path, box } = shapes.areas[index];
    if (x >= box[0] && x <= box[2] && y >= box[1] && y <= box[3] && pen.isPointInPath(path, x, y, "evenodd")) return index;
  }
  return null;
}

function boxOf(shapes, members) {
  const boxes = members.map((index) => shapes.areas[index].box);
  return [0, 1, 2, 3].map((axis) => (axis < 2 ? Math.min : Math.max)(...boxes.map((box) => box[axis])));
}
