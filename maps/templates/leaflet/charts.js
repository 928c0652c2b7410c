/* Charts: a line with its interval through the periods; a bar of one interval with what it is compared with. */
const TONES = ["#0b4f5c", "#8c510a", "#47326b", "#2b7bba"], DASHES = ["", "7 3", "2 3", "9 3 2 3"];

function lineChart(outcome, areas, benchmark, tell) {
  const { figures } = outcome, made = printer(figures, tell), count = figures.periods.length;
  const known = (column) => column.filter((value) => value !== null && value !== undefined);
  const series = areas.map(({ index, name }, place) => ({
    name, tone: TONES[place], dash: DASHES[place], value: figures.value.map((column) => column[index]),
    lower: figures.lower.map((column) => column[index]), upper: figures.upper.map((column) => column[index]),
  }));
  const all = series.flatMap((one) => known([...one.value, ...one.lower, ...one.upper])).concat(known(benchmark?.values ?? []));
  if (count < 2 || all.length < 2) return null;
  const [low, high] = [Math.min(...all), Math.max(...all)], room = (high - low) * 0.06 || 1;
  const [wide, tall, left, right, top, bottom] = [360, 180, 56, 12, 10, 24];
  const x = (period) => left + (period / (count - 1)) * (wide - left - right);
  const y = (value) => top + (1 - (value - low + room) / (high - low + 2 * room)) * (tall - top - bottom);
  const run = (values) => values.map((value, period) => (value === null || value === undefined ? null : [x(period), y(value)]));
  const path = (points) => points.map((point, i) => (point ? `${points[i - 1] ? "L" : "M"}${point[0].toFixed(1)} ${point[1].toFixed(1)}` : "")).join("");
  const first = figures.periods[0], last = figures.periods[count - 1];
  const words = series.map((one) => {
    const there = one.value.map((value, period) => [value, period]).filter(([value]) => value !== null);
    return there.length ? tell("script.chart", { name: one.name, first: figures.periods[there[0][1]], from: made.figure(there[0][0]), last: figures.periods[there.at(-1)[1]], to: made.figure(there.at(-1)[0]) }) : "";
  }).filter(Boolean).join(" ");
  const svg = make("svg:svg", { viewBox: `0 0 ${wide} ${tall}`, role: "img", "aria-label": `${outcome.title}. ${words}`, class: "chart-line" });
  for (const value of [low, (low + high) / 2, high]) {
    svg.append(make("svg:line", { x1: left, x2: wide - right, y1: y(value), y2: y(value), class: "grid-line" }),
      make("svg:text", { x: left - 6, y: y(value) + 4, "text-anchor": "end", text: made.figure(Math.round(value)) }));
  }
  svg.append(make("svg:text", { x: left, y: tall - 6, text: first }), make("svg:text", { x: wide - right, y: tall - 6, "text-anchor": "end", text: last }));
  if (benchmark) svg.append(make("svg:path", { d: path(run(benchmark.values)), class: "whole-line" }));
  for (const one of series) {
    one.lower.forEach((value, period) => {
      const above = one.upper[period];
      if (value === null || value === undefined || above === null) return;
      svg.append(make("svg:line", { x1: x(period), x2: x(period), y1: y(value), y2: y(above), stroke: one.tone, class: "doubt-line" }));
    });
    svg.append(make("svg:path", { d: path(run(one.value)), stroke: one.tone, "stroke-dasharray": one.dash, class: "value-line" }));
    run(one.value).forEach((point) => { if (point) svg.append(make("svg:circle", { cx: point[0], cy: point[1], r: 2.2, fill: one.tone })); });
  }
  const key = make("ul", { class: "chart-key" });
  const sample = (tone, dash, kind) => make("svg:svg", { viewBox: "0 0 28 8", "aria-hidden": "true" }, make("svg:line", { x1: 0, x2: 28, y1: 4, y2: 4, stroke: tone, "stroke-dasharray": dash, class: kind }));
  for (const one of series) key.append(make("li", {}, sample(one.tone, one.dash, "value-line"), bdi(one.name)));
  if (benchmark) key.append(make("li", {}, sample("", "", "whole-line"), make("span", { text: benchmark.place })));
  const table = make("table", {}, make("tr", {}, make("th", { scope: "col", text: tell("script.period") }), ...series.map((one) => make("th", { scope: "col" }, bdi(one.name)))));
  figures.periods.forEach((period, place) => table.append(make("tr", {}, make("th", { scope: "row", text: period }),
    ...series.map((one) => make("td", { text: one.value[place] === null ? "" : made.interval(one.value[place], one.lower[place], one.upper[place]) })))));
  return make("figure", { class: "chart" }, make("figcaption", { text: tell("script.history", { title: outcome.title }) }), svg, key,
    make("details", {}, make("summary", { text: tell("script.as-table") }), make("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": tell("script.history", { title: outcome.title }) }, table)));
}

/* One interval, the figures it is compared with as lines across, on the range of all areas. */
function intervalBar(outcome, index, marks, period, tell) {
  const { figures } = outcome, made = printer(figures, tell), value = figures.value[period][index];
  if (value === null) return null;
  const column = figures.value[period].filter((one) => one !== null);
  const low = figures.lower[period]?.[index] ?? value, high = figures.upper[period]?.[index] ?? value;
  const least = Math.min(...column, low), most = Math.max(...column, high), wide = 360;
  const x = (number) => 6 + ((number - least) / (most - least || 1)) * (wide - 12);
  const lines = marks.filter((one) => one.values[period] !== null);
  const svg = make("svg:svg", { viewBox: `0 0 ${wide} 44`, role: "img", class: "bar",
    "aria-label": [made.interval(value, figures.lower[period]?.[index], figures.upper[period]?.[index]), ...lines.map((one) => `${one.place} ${made.exact(one.values[period])}`)].join("; ") });
  svg.append(make("svg:line", { x1: 6, x2: wide - 6, y1: 18, y2: 18, class: "grid-line" }));
  for (const one of column) svg.append(make("svg:line", { x1: x(one), x2: x(one), y1: 15, y2: 21, class: "tick-line" }));
  svg.append(make("svg:line", { x1: x(low), x2: x(high), y1: 18, y2: 18, class: "range-line" }), make("svg:circle", { cx: x(value), cy: 18, r: 5, class: "dot" }));
  lines.forEach((one, place) => svg.append(make("svg:line", { x1: x(one.values[period]), x2: x(one.values[period]), y1: 4, y2: 32, class: `mark-line mark-${place}` })));
  svg.append(make("svg:text", { x: 6, y: 42, text: made.figure(least) }), make("svg:text", { x: wide - 6, y: 42, "text-anchor": "end", text: made.figure(most) }));
  const key = make("ul", { class: "chart-key" }, ...lines.map((one, place) => make("li", {},
    make("svg:svg", { viewBox: "0 0 8 14", "aria-hidden": "true", class: "upright" }, make("svg:line", { x1: 4, x2: 4, y1: 0, y2: 14, class: `mark-line mark-${place}` })),
    make("span", { text: tell("script.mark", { place: one.place, figure: made.exact(one.values[period]) }) }))));
  return make("div", { class: "interval" }, svg, key);
}
