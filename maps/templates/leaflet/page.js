/* The page: one state, shown by the map, the legend, the list, the panel, the table and the address. */
function start() {
  const content = JSON.parse(at("content").textContent), tell = speaker(content.words);
  const embedded = new URLSearchParams(location.search).has("embed");
  document.documentElement.classList.add("ready");
  document.documentElement.classList.toggle("embed", embedded);
  const decoded = new Map(), hexagons = new Map(), ready = new Set();
  let state = { outcome: 0, layer: 0, period: null, area: null, compared: [], only: null, part: null, colours: "whole", hexagons: false, names: true, sort: "", down: false, moved: false };
  let written = null, layer = null, placed = null, quiet = true, drawn = false;
  const say = (text) => { at("status").textContent = text; };

  const outcomeNow = () => {
    const outcome = content.outcomes[state.outcome];
    if (!ready.has(outcome)) { decodeOutcome(outcome); ready.add(outcome); }
    return outcome;
  };
  const groundNow = () => content.grounds[outcomeNow().ground];
  const kept = (store, key, make_) => { if (!store.has(key)) store.set(key, make_()); return store.get(key); };
  const shapesNow = () => {
    const ground = groundNow(), shapes = kept(decoded, ground, () => decodeShapes(ground));
    return state.hexagons && ground.cells ? kept(hexagons, ground, () => hexagonShapes(ground, shapes)) : shapes;
  };
  const nameOf = (index) => groundNow().names[index];
  const labelOf = (index) => layer.classes[layer.of[index]]?.label;

  const report = {
    over: (index, point) => { map.hint(index); tip.over(index, point); },
    out: (index) => { map.hint(null); tip.out(index); },
    touched: (index, point) => { report.chosen(index); tip.touched(index, point); },
    chosen: (index) => { choose(index); remember(true); },
    hint: (index) => map.hint(index),
    zoom: (index) => { map.zoomTo([index]); say(tell("script.zoomed", { name: nameOf(index) })); },
    moved: () => { if (quiet) return; state.moved = true; remember(false); },
    searched: () => remember(false),
    sorted: (key) => {
      Object.assign(state, { down: state.sort === key && !state.down, sort: key });
      refreshTable();
      at("table").querySelector("[aria-sort] button")?.focus();
      remember(false);
    },
    compared: (index) => {
      const there = state.compared.includes(index);
      state.compared = there ? state.compared.filter((one) => one !== index) : [...state.compared, index].slice(0, MOST_COMPARED);
      say(tell(there ? "script.removed" : "script.added", { name: nameOf(index), n: state.compared.length }));
      showCompared();
      if (state.area !== null) showPanel();
      remember(true);
    },
  };
  const tip = makeTip(at("map"), (index) => [nameOf(index), groundNow().welsh[index], layer.values[index], labelOf(index)]);
  const map = drawMap(report, tell), list = drawList(report, tell);

  const showPanel = () => drawPanel(content, groundNow(), outcomeNow(), layer, state, tell, report);
  const showCompared = () => {
    map.compare(state.compared);
    drawCompared(content, groundNow(), outcomeNow(), layer, state, tell, report);
  };
  const table = () => drawTable(outcomeNow(), layer, groundNow(), state, tell, report);
  const refreshTable = () => { if (at("table-box").open || document.body.classList.contains("printing")) table(); };
  const choose = (index, silent) => {
    state.area = index;
    list.choose(index);
    map.choose(index);
    at("panel").hidden = index === null;
    for (const row of document.querySelectorAll("tr.chosen")) row.classList.remove("chosen");
    if (index === null) return;
    showPanel();
    at(`area-${groundNow().codes[index]}`)?.classList.add("chosen");
    if (silent) return;
    hush(() => map.reveal(index));
    say([nameOf(index), layer.values[index], labelOf(index)].filter(Boolean).join(", "));
  };
  /* A move that follows from a choice is no move of the reader's: the address need not hold it. */
  const hush = (what) => { const before = quiet; quiet = true; what(); setTimeout(() => { quiet = before; }, 350); };

  const show = (aloud) => {
    const outcome = outcomeNow(), ground = groundNow(), shapes = shapesNow(), chosen = outcome.layers[state.layer];
    if (placed !== shapes) {
      const other = placed === null || state.ground !== outcome.ground;
      hush(() => map.ground(ground, shapes, other));
      if (other) list.ground(ground, content.search);
      if (placed === null) map.settle();
      [placed, state.ground] = [shapes, outcome.ground];
    }
    layer = layerAt(outcome, chosen, ground, state, tell);
    fillControls(content, outcome, ground, state, tell);
    fillPeriods(outcome, chosen, ground, state, tell);
    at("finding").textContent = layer.title;
    at("subtitle").textContent = layer.subtitle;
    at("sure").textContent = layer.sure;
    at("sure").hidden = !layer.sure;
    at("map-text").textContent = layer.alt;
    at("description").textContent = layer.description || layer.alt;
    at("map").setAttribute("aria-label", tell("script.map", { layer: layer.name }));
    at("grey").hidden = !ground.land.length && layer.of.every((key) => key >= 0);
    paragraphs("notes", layer.notes);
    paragraphs("foot", layer.foot);
    document.title = tell("script.window", { title: outcome.title, layer: layer.name });
    drawLegend(layer, state.only, tell, filter);
    drawBenchmarks(outcome, ground, state, tell);
    map.names(state.names);
    map.paint(layer, state.only);
    if (drawn) beside();
    if (aloud) say(tell("script.shows", { layer: layer.name, title: layer.title }));
  };
  /* What stands beside the map comes after it: the first frame has the map, the next the list, panel and table. */
  const beside = () => {
    list.show(layer, state.only);
    choose(state.area, true);
    showCompared();
    refreshTable();
  };
  const filter = (index) => {
    state.only = state.only === index ? null : index;
    for (const [place, button] of [...at("key").querySelectorAll("button")].entries()) button.setAttribute("aria-pressed", String(state.only === place));
    map.paint(layer, state.only);
    list.show(layer, state.only);
    refreshTable();
    const entry = layer.classes[index];
    say(state.only === null ? tell("script.all") : tell("script.only", { label: entry.label, n: entry.count }));
    remember(true);
  };

  /* Choices can be gone back from; moves, sorting and typing only change the address. */
  const remember = (step) => {
    const next = addressOf(state, content, list, map.position);
    if (next === written || (written === null && !step)) return;
    written = next;
    if (step && !embedded) history.pushState(null, "", next);
    else history.replaceState(null, "", next);
  };
  const restore = (aloud) => {
    if (location.hash === written) return;
    written = location.hash;
    const asked = stateOf(location.hash, content, { ...state, only: null });
    const other = content.outcomes[asked.state.outcome].ground !== state.ground;
    state = { ...asked.state, ground: state.ground };
    if (other && placed !== null) placed = undefined;
    list.ask(asked.find, asked.order);
    at("table-find").value = asked.filter;
    at("table-box").open ||= Boolean(asked.filter || state.sort);
    show(aloud);
    hush(() => {
      if (asked.view) { map.look(asked.view); state.moved = true; }
      else if (state.part !== null) map.zoomTo(membersOf(groundNow(), state.part));
      else if (state.area !== null) map.reveal(state.area);
    });
  };

  const changed = (id, what) => at(id).addEventListener("change", (event) => { what(event.target); remember(true); });
  const otherOutcome = (box) => {
    const before = outcomeNow().layers[state.layer], code = state.area === null ? null : groundNow().codes[state.area], ground = groundNow();
    const compared = state.compared.map((index) => ground.codes[index]);
    state.outcome = Number(box.value);
    const same = groundNow() === ground, place = (one) => groundNow().codes.indexOf(one);
    const alike = content.outcomes[state.outcome].layers.findIndex((one) => one.kind === before.kind);
    Object.assign(state, { layer: Math.max(alike, 0), only: null, period: null, area: code === null || place(code) < 0 ? null : place(code), compared: compared.map(place).filter((index) => index >= 0) });
    if (!same) Object.assign(state, { part: null, colours: "whole", hexagons: false, moved: false });
    show(true);
    if (box.id === "outcome") at("outcome").focus();
  };
  changed("outcome", otherOutcome);
  changed("group", otherOutcome);
  changed("layer", (box) => { Object.assign(state, { layer: Number(box.value), only: null }); show(true); });
  changed("colours", (box) => { Object.assign(state, { colours: box.value, only: null }); show(true); });
  changed("hexagons", (box) => { state.hexagons = box.checked; show(true); hush(() => map.zoomTo(state.part === null ? [] : membersOf(groundNow(), state.part))); });
  changed("names", (box) => { state.names = box.checked; map.names(state.names); say(tell(state.names ? "script.names-on" : "script.names-off")); });
  changed("part", (box) => {
    state.part = box.value === "" ? null : Number(box.value);
    if (state.part === null) state.colours = "whole";
    Object.assign(state, { only: null, moved: false });
    show(false);
    hush(() => map.zoomTo(state.part === null ? [] : membersOf(groundNow(), state.part)));
    say(tell("script.moved", { place: box.selectedOptions[0].textContent }));
  });
  const toPeriod = (period) => {
    state.period = period === outcomeNow().figures.at ? null : period;
    state.only = null;
    show(false);
    say(tell("script.at-period", { period: outcomeNow().figures.periods[period], layer: layer.name }));
    remember(false);
  };
  at("period").addEventListener("input", (event) => toPeriod(Number(event.target.value)));
  at("period-before").addEventListener("click", () => toPeriod(Math.max(0, Number(at("period").value) - 1)));
  at("period-after").addEventListener("click", () => toPeriod(Math.min(Number(at("period").max), Number(at("period").value) + 1)));
  at("controls").addEventListener("submit", (event) => event.preventDefault());
  for (const button of document.querySelectorAll("[data-move]")) button.addEventListener("click", () => map.move(button.dataset.move));
  at("london").addEventListener("click", () => { map.zoomTo(groundNow().london); say(tell("script.moved", { place: at("london").textContent })); });
  at("zoom-area").addEventListener("click", () => report.zoom(state.area));
  at("compare-area").addEventListener("click", () => report.compared(state.area));
  at("clear-area").addEventListener("click", () => { report.chosen(null); tip.hide(); at("areas").focus(); });
  at("table-box").addEventListener("toggle", refreshTable);
  at("table-find").addEventListener("input", () => { refreshTable(); remember(false); });

  const described = () => ({
    title: layer.title, subtitle: layer.subtitle, sure: layer.sure, foot: [...layer.foot, at("colophon")?.textContent].filter(Boolean),
    benchmarks: [...at("benchmarks").children].map((line) => line.textContent),
    chosen: state.area === null ? "" : [nameOf(state.area), layer.values[state.area], labelOf(state.area)].filter(Boolean).join(", "),
  });
  const fileNow = (form) => fileName([outcomeNow().id || content.title, outcomeNow().layers[state.layer].key, state.period === null ? "" : outcomeNow().figures.periods[state.period]], form);
  const kinds = {
    png: () => savePng(pictureOf(map.picture(), described()), fileNow("png"), (done) => say(tell(done ? "script.saved" : "script.not-saved", { name: fileNow("png") }))),
    svg: () => { saveSvg(pictureOf(map.picture(), described()), fileNow("svg")); say(tell("script.saved", { name: fileNow("svg") })); },
    csv: () => { saveCsv(table(), fileNow("csv")); say(tell("script.saved", { name: fileNow("csv") })); },
    link: () => { at("taken").value = location.href; copyText(at("taken"), (done) => say(tell(done ? "script.copied" : "script.copy-by-hand"))); },
    frame: () => { at("taken").value = frameFor(`${content.title}: ${layer.title}`); copyText(at("taken"), (done) => say(tell(done ? "script.copied" : "script.copy-by-hand"))); },
    print: () => print(),
  };
  for (const button of document.querySelectorAll("[data-take]")) button.addEventListener("click", () => { written ??= ""; remember(false); kinds[button.dataset.take](); });

  addEventListener("beforeprint", () => {
    document.body.classList.add("printing");
    for (const part of document.querySelectorAll("details:not([open])")) { part.open = true; part.dataset.closed = ""; }
    table();
  });
  addEventListener("afterprint", () => {
    document.body.classList.remove("printing");
    for (const part of document.querySelectorAll("details[data-closed]")) { part.open = false; delete part.dataset.closed; }
  });
  addEventListener("hashchange", () => restore(true));
  addEventListener("popstate", () => restore(true));
  at("whole-page").addEventListener("click", () => { at("whole-page").href = `${location.href.replace(location.search, "").split("#")[0]}${location.hash}`; });

  restore(false);
  if (layer === null) show(false);
  requestAnimationFrame(() => setTimeout(() => { drawn = true; beside(); map.letters(); performance.mark("drawn"); }));
  setTimeout(() => { quiet = false; }, 400);
}
