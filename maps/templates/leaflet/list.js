/* The list of areas: one stop of the Tab key, arrows within, in step with the map and with what is searched for. */
function drawList(report, tell) {
  const box = at("areas"), search = at("search"), order = at("order"), matches = at("matches"), more = at("search-more");
  let ground = null, layer = null, only = null, chosen = null, shown = [], find = null, index = null, positions = null;
  let entries = [], alphabet = [], swatches = [];

  const entryOf = (code) => at(`option-${code}`);
  /* Places of the search that are areas of this map, as they stand in it. */
  const here = (places) => places.map((place) => positions.get(index.places[place][0])).filter((position) => position !== undefined);
  const pick = (words, position) => {
    const button = make("button", { type: "button" }, bdi(words));
    button.addEventListener("click", () => { search.value = ""; report.chosen(position); build(); });
    return button;
  };
  const found = () => {
    find ||= makeSearch(index);
    const result = find(search.value);
    more.replaceChildren(
      ...result.former.slice(0, 3).map((one) => make("p", { text: fateOf(one, index, tell) }, " ", ...here(one.heirs).map((position) => pick(ground.names[position], position)))),
      ...(result.near.length ? [make("p", { text: tell("script.meant") }, " ", ...result.near.flatMap((one) => here(one.places.slice(0, 1)).map((position) => pick(one.name, position))))] : []),
      ...(result.postcode ? [make("p", { text: tell(result.places.length ? "script.postcode" : "script.no-postcode", { code: result.postcode, whose: index.whose }) })] : []),
    );
    const words = [...more.children].map((line) => line.textContent.trim()).join(" ");
    return { positions: new Set(here([...result.places, ...result.former.flatMap((one) => one.heirs)])), order: here(result.places), words };
  };
  const build = () => {
    const wanted = search.value.trim(), result = wanted ? found() : null;
    if (!wanted) more.replaceChildren();
    shown = ground.codes.map((_, position) => position).filter((position) =>
      (only === null || layer.of[position] === only) && (!result || result.positions.has(position)));
    if (!alphabet.length) alphabetise();
    const byName = (one, other) => alphabet[one] - alphabet[other];
    const rank = (position) => (layer.of[position] < 0 ? layer.classes.length : layer.of[position]);
    const sure = result && new Map(result.order.map((position, place) => [position, place]));
    shown.sort(order.value === "key" ? (one, other) => rank(one) - rank(other) || byName(one, other)
      : sure ? (one, other) => (sure.get(one) ?? 999) - (sure.get(other) ?? 999) : byName);
    swatches = [...layer.classes, undefined].map((key) => swatch(key, true));
    const before = [...box.children], now = shown.map(entry);
    if (before.length !== now.length || before.some((item, place) => item !== now[place])) box.replaceChildren(...now);
    const count = { n: shown.length, of: ground.codes.length };
    const words = only !== null ? tell("script.found-class", { ...count, label: layer.classes[only].label })
      : wanted ? tell("script.found", count) : tell("script.list", { n: shown.length });
    matches.textContent = result && result.words ? `${words} ${result.words}` : words;
    if (result || only !== null) box.scrollTop = 0;
    reach();
  };
  const alphabetise = () => {
    ground.codes.map((_, position) => position).sort((one, other) => byWords(ground.names[one], ground.names[other]) || one - other)
      .forEach((position, place) => { alphabet[position] = place; });
  };
  /* An area keeps its entry; what it says follows the layer. */
  const entry = (position) => {
    const key = layer.classes[layer.of[position]], label = key ? key.label : tell("script.outside"), value = layer.values[position];
    const item = (entries[position] ||= make("li", { id: `option-${ground.codes[position]}`, role: "option", "data-index": position },
      make("span"), make("span", { class: "name" }, ...named(ground.names[position], ground.welsh[position])), make("span", { class: "value" }), unseen("")));
    item.setAttribute("aria-selected", String(position === chosen));
    item.firstChild.replaceWith(swatches[key ? layer.of[position] : layer.classes.length].cloneNode());
    item.children[2].textContent = value || label;
    item.lastChild.textContent = value ? `, ${label}` : "";
    return item;
  };
  const reach = () => {
    const item = chosen === null ? null : entryOf(ground.codes[chosen]);
    if (!item) return void box.removeAttribute("aria-activedescendant");
    const top = item.offsetTop, bottom = top + item.offsetHeight;
    if (top < box.scrollTop) box.scrollTop = top - 4;
    else if (bottom > box.scrollTop + box.clientHeight) box.scrollTop = bottom - box.clientHeight + 4;
    box.setAttribute("aria-activedescendant", item.id);
  };
  const choose = (position) => {
    for (const item of box.querySelectorAll("[aria-selected=true]")) item.setAttribute("aria-selected", "false");
    chosen = position;
    if (position !== null) entryOf(ground.codes[position])?.setAttribute("aria-selected", "true");
    reach();
  };

  const positionOf = (event) => event.target.closest("li")?.dataset.index;
  box.addEventListener("click", (event) => { if (positionOf(event)) report.chosen(Number(positionOf(event))); });
  box.addEventListener("mouseover", (event) => report.hint(positionOf(event) ? Number(positionOf(event)) : null));
  box.addEventListener("mouseleave", () => report.hint(null));
  box.addEventListener("keydown", (event) => {
    if (!shown.length || event.altKey || event.ctrlKey || event.metaKey) return;
    const place = shown.indexOf(chosen), last = shown.length - 1;
    const target = {
      ArrowDown: Math.min(place + 1, last), ArrowUp: place < 0 ? last : Math.max(place - 1, 0), Home: 0, End: last,
      PageDown: Math.min(Math.max(place, 0) + 8, last), PageUp: Math.max(place - 8, 0),
    }[event.key];
    if (target !== undefined) {
      event.preventDefault();
      report.chosen(shown[target]);
    } else if ((event.key === "Enter" || event.key === " ") && place >= 0) {
      event.preventDefault();
      report.zoom(shown[place]);
    } else if (event.key.length === 1) {
      const start = plain(event.key);
      const next = [...shown.slice(place + 1), ...shown.slice(0, place + 1)].find((position) => plain(ground.names[position]).startsWith(start));
      if (next !== undefined) report.chosen(next);
    }
  });
  search.addEventListener("input", () => { build(); report.searched(); });
  search.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && search.value) {
      search.value = "";
      build();
      report.searched();
    } else if (event.key === "ArrowDown" || event.key === "Enter") {
      event.preventDefault();
      if (!shown.length) return;
      box.focus();
      report.chosen(shown[0]);
      if (event.key === "Enter") report.zoom(shown[0]);
    }
  });
  order.addEventListener("change", () => { build(); report.searched(); });

  return {
    show: (next, key) => { layer = next; only = key; build(); },
    choose,
    ground: (given, searched) => {
      [ground, index, find, chosen] = [given, searched, null, null];
      entries = [];
      alphabet = [];
      positions = new Map(given.codes.map((code, position) => [code, position]));
    },
    asked: () => ({ find: search.value.trim(), order: order.value }),
    ask: (text, how) => { search.value = text; order.value = how; },
  };
}
