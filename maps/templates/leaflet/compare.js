/* Areas side by side: one column each, what is known of them in the same order, their histories in one chart. */
function drawCompared(content, ground, outcome, layer, state, tell, report) {
  const areas = state.compared, period = state.period ?? outcome.figures?.at ?? 0;
  at("compared").hidden = !areas.length;
  if (!areas.length) return;
  const head = make("tr", {}, make("td"), ...areas.map((index) => {
    const button = make("button", { type: "button", "aria-label": tell("script.remove-named", { name: ground.names[index] }), text: tell("script.remove") });
    button.addEventListener("click", () => report.compared(index));
    return make("th", { scope: "col" }, bdi(ground.names[index]), make("br"), button);
  }));
  const facts = areas.map((index) => new Map(factsOf(outcome, layer, ground, index, period, tell)));
  const terms = [...new Set(facts.flatMap((one) => [...one.keys()]))];
  at("compared-table").replaceChildren(make("thead", {}, head), make("tbody", {}, ...terms.map((term) => make("tr", {},
    make("th", { scope: "row", text: term }), ...facts.map((one) => make("td", {}, bdi(one.get(term) || "")))))));
  const chart = outcome.figures && lineChart(outcome, areas.map((index) => ({ index, name: ground.names[index] })), outcome.figures.benchmarks.find((one) => one.code === ""), tell);
  at("compared-chart").replaceChildren(...(chart ? [chart] : []));
}
