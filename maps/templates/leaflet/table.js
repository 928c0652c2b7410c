/* The table: what the map shows, a row an area; each heading is a button that sorts, missing values stay last. */
function columnsOf(outcome, layer, ground, state, tell) {
  const { figures } = outcome, period = state.period ?? figures?.at ?? 0, made = figures && printer(figures, tell);
  const columns = [
    { key: "name", heading: tell("script.area"), text: (index) => ground.names[index] },
    { key: "code", heading: tell("script.code"), text: (index) => ground.codes[index] },
  ];
  if (ground.parts.length) columns.push({ key: "region", heading: tell("script.region"), text: (index) => ground.parts[ground.region[index] >= 0 ? ground.region[index] : ground.nation[index]]?.[1] ?? "" });
  if (figures) {
    const words = figures.periods[period], unit = BARE.includes(figures.unit) ? "" : ` (${figures.unit})`;
    const numeric = (key, heading, column) => columns.push({ key, heading, number: (index) => column[index], text: (index) => made.plain(column[index]) });
    numeric("value", `${outcome.title}${words ? `, ${words}` : ""}${unit}`, figures.value[period]);
    if (figures.lower.length) {
      numeric("lower", tell("script.lower"), figures.lower[period]);
      numeric("upper", tell("script.upper"), figures.upper[period]);
    }
    if (figures.below) columns.push({ key: "below", heading: tell("script.chance"), number: (index) => figures.below[index], text: (index) => (figures.below[index] === null ? "" : made.chance(figures.below[index])) });
    if (figures.bands.length) columns.push({ key: "band", heading: tell("script.band"), text: (index) => figures.bands[index] });
  }
  outcome.columns.forEach(([heading, cells], place) => columns.push({ key: `text${place}`, heading, text: (index) => cells[index] }));
  const known = new Set(columns.map((column) => column.heading));
  outcome.classes.forEach(([heading, texts, cells], place) => known.has(heading) || columns.push({ key: `class${place}`, heading, text: (index) => texts[cells[index]] }));
  return columns;
}

/* A number in a text that was made elsewhere: for sorting alone. */
function numberIn(text) {
  const found = text.replace(/[\u2009\u202f\u00a0 ,£€]/g, "").replace(/^\u2212/, "-").match(/^[<>]?-?\d+(\.\d+)?/);
  return found ? Number(found[0].replace(/^[<>]/, "")) : null;
}

function sorted(rows, column, down) {
  const keys = new Map(rows.map((index) => {
    const text = column.text(index);
    return [index, { text, number: column.number ? column.number(index) : column.key.startsWith("text") || column.key.startsWith("class") ? numberIn(text) : null }];
  }));
  const numbers = [...keys.values()].filter(({ number }) => number !== null).length * 2 > rows.length;
  const absent = ({ number, text }) => (numbers ? number === null : text === "");
  return [...rows].sort((one, other) => {
    const [a, b] = [keys.get(one), keys.get(other)];
    if (absent(a) !== absent(b)) return absent(a) ? 1 : -1;
    const ahead = numbers ? a.number - b.number : byWords(a.text, b.text);
    return down ? -ahead : ahead;
  });
}

function drawTable(outcome, layer, ground, state, tell, report) {
  const columns = columnsOf(outcome, layer, ground, state, tell), wanted = plain(at("table-find").value);
  const by = columns.find((one) => one.key === state.sort) || columns[0];
  const rows = sorted(ground.codes.map((_, index) => index).filter((index) =>
    (state.only === null || layer.of[index] === state.only) && (!wanted || columns.some((one) => plain(one.text(index)).includes(wanted)))), by, state.down);
  const head = make("tr", {}, ...columns.map((column) => {
    const button = make("button", { type: "button", text: column.heading });
    button.addEventListener("click", () => report.sorted(column.key));
    return make("th", { scope: "col", "aria-sort": column === by && (state.sort || state.down) ? (state.down ? "descending" : "ascending") : null }, button);
  }));
  const body = rows.map((index) => make("tr", { id: `area-${ground.codes[index]}`, class: index === state.area ? "chosen" : null },
    ...columns.map((column, place) => (place ? make("td", {}, bdi(column.text(index))) : make("th", { scope: "row" }, ...named(ground.names[index], ground.welsh[index]))))));
  at("table").replaceChildren(make("thead", {}, head), make("tbody", {}, ...body));
  at("table-count").textContent = tell("script.found", { n: rows.length, of: ground.codes.length });
  return { columns, rows };
}
