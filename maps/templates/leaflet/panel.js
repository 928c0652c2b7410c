/* The panel: everything that is known of the area that was chosen. */
const MOST_COMPARED = 4;

function marksOf(outcome, ground, index) {
  const codes = ["", ...[ground.nation[index], ground.region[index]].filter((part) => part >= 0).map((part) => ground.parts[part][0])];
  return outcome.figures ? [...new Set(codes)].flatMap((code) => outcome.figures.benchmarks.filter((one) => one.code === code)) : [];
}

/* Term and text of every fact; the same for the panel and for the table of areas that are compared. */
function factsOf(outcome, layer, ground, index, period, tell) {
  const facts = [], { figures } = outcome, key = layer.classes[layer.of[index]];
  const known = new Set();
  const add = (term, text) => {
    if (!text || known.has(term)) return;
    known.add(term);
    facts.push([term, text]);
  };
  if (figures) {
    const made = printer(figures, tell), value = figures.value[period][index];
    const heading = figures.periods[period] ? `${outcome.title}, ${figures.periods[period]}` : outcome.title;
    add(heading, value === null ? outcome.layers[0].values[index] || tell("script.none") : made.interval(value, figures.lower[period]?.[index], figures.upper[period]?.[index]));
    if (value !== null) for (const one of marksOf(outcome, ground, index)) {
      if (one.values[period] !== null) add(tell("script.against", { place: one.place }), made.gap(value - one.values[period]));
    }
    if (period === figures.at && figures.below?.[index] != null) add(tell("script.chance"), made.chance(figures.below[index]));
    if (period === figures.at) add(tell("script.band"), figures.bands[index]);
  } else add(outcome.title, layer.values[index]);
  if (key) add(layer.legend, key.label);
  if (figures && layer.kind !== "choropleth" && !layer.values[index]?.startsWith(outcome.layers[0].values[index])) add(layer.name, layer.values[index]);
  /* The range that a figure falls into is said by the figure itself. */
  const ranges = figures?.breaks.length ? outcome.layers.find((one) => one.kind === "choropleth").legend : null;
  const types = ground.kinds.length ? outcome.layers.find((one) => one.kind === "typology")?.legend : null;
  for (const [heading, cells] of outcome.columns) if (figures || cells[index] !== layer.values[index]) add(heading, cells[index]);
  for (const [heading, texts, cells] of outcome.classes) if (heading !== ranges && heading !== types) add(heading, texts[cells[index]]);
  const kinds = ground.kinds.filter(([, signs]) => signs[index] === "y").map(([name]) => name);
  if (ground.kinds.length) add(tell("script.kinds"), kinds.join(", ") || tell("script.no-kind"));
  return facts;
}

function drawPanel(content, ground, outcome, layer, state, tell, report) {
  const index = state.area, code = ground.codes[index], period = state.period ?? outcome.figures?.at ?? 0;
  at("panel-heading").replaceChildren(bdi(ground.names[index]));
  at("panel-welsh").replaceChildren(bdi(ground.welsh[index] || ""));
  at("panel-welsh").hidden = !ground.welsh[index];
  const part = [ground.region[index], ground.nation[index]].filter((one) => one >= 0).map((one) => ground.parts[one][1]);
  at("panel-where").textContent = [...new Set(part), code].join(", ");
  at("panel-facts").replaceChildren(...factsOf(outcome, layer, ground, index, period, tell)
    .flatMap(([term, text]) => [make("dt", { text: term }), make("dd", {}, bdi(text))]));
  const bar = outcome.figures && intervalBar(outcome, index, marksOf(outcome, ground, index), period, tell);
  const line = outcome.figures && lineChart(outcome, [{ index, name: ground.names[index] }], outcome.figures.benchmarks.find((one) => one.code === ""), tell);
  at("panel-bar").replaceChildren(...(bar ? [bar] : []));
  at("panel-line").replaceChildren(...(line ? [line] : []));
  at("panel-shape").textContent = ground.approximate[index] || "";
  at("panel-shape").hidden = !ground.approximate[index];
  const place = content.search.places.findIndex((one) => one[0] === code);
  const names = place < 0 ? [] : content.search.places[place][4];
  const gone = content.search.former.filter(([, , , heirs]) => heirs.includes(place));
  const index2 = content.search, lines = gone.map(([name, old, date, heirs]) => fateOf({ name, code: old, date, heirs }, index2, tell));
  if (names.length) lines.unshift(tell("script.also", { names: names.join(", ") }));
  at("panel-former").hidden = !lines.length;
  at("panel-former-list").replaceChildren(...lines.map((text) => make("li", {}, bdi(text))));
  for (const [id, others] of [["panel-near", ground.near[index]], ["panel-alike", ground.alike[index]]]) {
    at(id).hidden = !others?.length;
    at(`${id}-list`).replaceChildren(...(others || []).map((other) => {
      const button = make("button", { type: "button" }, bdi(ground.names[other]));
      button.addEventListener("click", () => report.chosen(other));
      return make("li", {}, button, make("span", { class: "soft small" }, bdi(layer.values[other] || "")));
    }));
  }
  const page = ground.pages[index];
  at("panel-page").hidden = !page;
  if (page) at("panel-page").href = page.split("/").map(encodeURIComponent).join("/");
  const compared = state.compared.includes(index);
  at("compare-area").textContent = tell(compared ? "script.uncompare" : "script.compare");
  at("compare-area").disabled = !compared && state.compared.length >= MOST_COMPARED;
}
