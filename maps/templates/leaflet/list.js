/* The list of areas: one stop of the Tab key, arrows within, in step with the map. */
function plain(text) {
  return text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase();
}

const byWords = new Intl.Collator("en-GB").compare;

function drawList(content, report) {
  const tell = speaker(content.words);
  const box = document.getElementById("areas"), search = document.getElementById("search");
  const order = document.getElementById("order"), matches = document.getElementById("matches");
  const words = content.codes.map((code, index) => plain(`${content.names[index]} ${content.welsh[index] || ""} ${code}`));
  let layer = null, only = null, chosen = null, shown = [];

  const option = (index) => document.getElementById(`option-${content.codes[index]}`);
  const build = () => {
    const wanted = plain(search.value.trim());
    shown = content.codes.map((_, index) => index).filter((index) =>
      (only === null || layer.of[index] === only) && (!wanted || words[index].includes(wanted)));
    const byName = (one, other) => byWords(content.names[one], content.names[other]);
    const last = layer.classes.length;
    const rank = (index) => (layer.of[index] < 0 ? last : layer.of[index]);
    shown.sort(order.value === "key" ? (one, other) => rank(one) - rank(other) || byName(one, other) : byName);
    box.replaceChildren(...shown.map((index) => {
      const item = document.createElement("li"), name = document.createElement("span"), value = document.createElement("span");
      const key = layer.classes[layer.of[index]];
      item.id = `option-${content.codes[index]}`;
      item.setAttribute("role", "option");
      item.setAttribute("aria-selected", String(index === chosen));
      item.dataset.index = index;
      item.append(swatch(key, true), name, value);
      name.textContent = content.names[index];
      if (content.welsh[index]) {
        const welsh = document.createElement("span");
        welsh.lang = "cy";
        welsh.textContent = ` / ${content.welsh[index]}`;
        name.append(welsh);
      }
      value.className = "value";
      const label = key ? key.label : tell("script.outside");
      value.textContent = layer.values[index] || label;
      if (layer.values[index]) item.append(unseen(`, ${label}`));
      return item;
    }));
    const found = { n: shown.length, of: content.codes.length };
    if (only !== null) matches.textContent = tell("script.found-class", { ...found, label: layer.classes[only].label });
    else matches.textContent = wanted ? tell("script.found", found) : tell("script.list", { n: shown.length });
    box.scrollTop = 0;
    reach();
  };
  const reach = () => {
    const item = chosen === null ? null : option(chosen);
    if (item) {
      const top = item.offsetTop, bottom = top + item.offsetHeight;
      if (top < box.scrollTop) box.scrollTop = top - 4;
      else if (bottom > box.scrollTop + box.clientHeight) box.scrollTop = bottom - box.clientHeight + 4;
      box.setAttribute("aria-activedescendant", item.id);
    } else box.removeAttribute("aria-activedescendant");
  };
  const choose = (index) => {
    for (const item of box.querySelectorAll("[aria-selected=true]")) item.setAttribute("aria-selected", "false");
    chosen = index;
    const item = index === null ? null : option(index);
    if (item) item.setAttribute("aria-selected", "true");
    reach();
  };

  box.addEventListener("click", (event) => {
    const item = event.target.closest("li");
    if (item) report.chosen(Number(item.dataset.index));
  });
  box.addEventListener("mouseover", (event) => {
    const item = event.target.closest("li");
    report.hint(item ? Number(item.dataset.index) : null);
  });
  box.addEventListener("mouseleave", () => report.hint(null));
  box.addEventListener("keydown", (event) => {
    if (!shown.length || event.altKey || event.ctrlKey || event.metaKey) return;
    const at = shown.indexOf(chosen), last = shown.length - 1;
    const target = {
      ArrowDown: Math.min(at + 1, last), ArrowUp: at < 0 ? last : Math.max(at - 1, 0), Home: 0, End: last,
      PageDown: Math.min(Math.max(at, 0) + 8, last), PageUp: Math.max(at - 8, 0),
    }[event.key];
    if (target !== undefined) {
      event.preventDefault();
      report.chosen(shown[target]);
    } else if ((event.key === "Enter" || event.key === " ") && at >= 0) {
      event.preventDefault();
      report.zoom(shown[at]);
    } else if (event.key.length === 1) {
      const start = plain(event.key);
      const next = [...shown.slice(at + 1), ...shown.slice(0, at + 1)].find((index) => words[index].startsWith(start));
      if (next !== undefined) report.chosen(next);
    }
  });
  search.addEventListener("input", build);
  search.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && search.value) {
      search.value = "";
      build();
    } else if (event.key === "ArrowDown" || event.key === "Enter") {
      event.preventDefault();
      if (!shown.length) return;
      box.focus();
      report.chosen(shown[0]);
      if (event.key === "Enter") report.zoom(shown[0]);
    }
  });
  order.addEventListener("change", build);

  return { show: (next, key) => { layer = next; only = key; build(); }, choose };
}
