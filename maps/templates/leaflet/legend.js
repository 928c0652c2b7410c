/* The legend: classes to choose from, further keys to read, and what areas are compared with. */
function drawLegend(layer, only, tell, choose) {
  const count = (entry) => {
    const box = make("span", { class: "count", text: grouped(entry.count) });
    box.append(unseen(` ${tell("script.areas", { n: entry.count })}`));
    return box;
  };
  const label = (entry) => make("span", {}, bdi(entry.label), entry.note ? make("span", { class: "small soft", text: ` (${entry.note})` }) : null);
  at("key-heading").textContent = layer.legend;
  at("key").replaceChildren(...layer.classes.map((entry, index) => {
    const button = make("button", { type: "button", "aria-pressed": String(only === index) }, swatch(entry), label(entry), count(entry));
    button.addEventListener("click", () => choose(index));
    return make("li", {}, button);
  }));
  at("more-keys").replaceChildren(...layer.more.flatMap((legend) => [
    make("h3", { text: legend.title }),
    make("ul", { class: "key" }, ...legend.classes.map((entry) => make("li", { class: "entry" }, swatch(entry), label(entry),
      make("span", { class: "count", text: entry.count ? grouped(entry.count) : "" })))),
  ]));
  at("tables").hidden = !layer.tables.length;
  at("tables").replaceChildren(...layer.tables.map(([title, rows]) => {
    const table = make("table", {}, make("caption", { text: title }));
    for (const [words, figure] of rows) {
      table.append(make("tr", {}, make("th", { scope: "row" }, bdi(words)), make("td", { text: figure })));
    }
    return table;
  }));
}

/* The figure of the whole, and of the region that is looked at, at the period shown. */
function drawBenchmarks(outcome, ground, state, tell) {
  const { figures } = outcome;
  const wanted = ["", ...(state.part === null ? [] : [ground.parts[state.part][0]])];
  const made = figures && printer(figures, tell), period = state.period ?? figures?.at;
  const lines = figures ? figures.benchmarks.filter((one) => wanted.includes(one.code) && one.values[period] !== null) : [];
  at("benchmarks").hidden = !lines.length;
  at("benchmarks").replaceChildren(...lines.map((one) => make("li", {
    text: tell("script.benchmark", { figure: made.exact(one.values[period]), label: one.label }),
  })));
}
