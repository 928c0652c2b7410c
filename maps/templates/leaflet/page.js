/* The page: one state (layer, class, area), shown by the map, the key, the list, the panel and the address. */
function unseen(text) {
  const span = document.createElement("span");
  span.className = "unseen";
  span.textContent = text;
  return span;
}

function swatch(entry, small) {
  const box = document.createElement("span");
  box.className = `swatch${small ? " dot" : ""}`;
  box.setAttribute("aria-hidden", "true");
  if (!entry) return box;
  box.style.backgroundColor = entry.colour;
  if (entry.hatch) {
    box.classList.add(`hatch-${entry.hatch}`);
    /* A picture rather than a gradient: it prints. */
    entry.tile ||= tileOf(entry, 3).toDataURL();
    box.style.backgroundSize = `${sizeOf(entry)}px`;
    box.style.backgroundImage = `url(${entry.tile})`;
  }
  return box;
}

function start() {
  const at = (id) => document.getElementById(id);
  const content = JSON.parse(at("content").textContent);
  const KEYS = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
  for (const layer of content.layers) {
    layer.of = [...layer.assigned].map((sign) => KEYS.indexOf(sign));
    layer.over = [...layer.overlaid].map((sign) => KEYS.indexOf(sign));
    layer.overClasses = layer.more.flatMap((legend) => legend.classes);
    if (typeof layer.values === "number") layer.values = content.layers[layer.values].values;
  }
  document.documentElement.classList.add("ready");
  const shapes = decodeShapes(content);
  const state = { layer: 0, only: null, area: null };
  const tell = speaker(content.words);
  const say = (text) => { at("status").textContent = text; };
  const layerNow = () => content.layers[state.layer];
  const classOf = (index) => layerNow().classes[layerNow().of[index]];
  const fullName = (index) => content.names[index] + (content.welsh[index] ? ` / ${content.welsh[index]}` : "");

  /* The note beside the pointer: it can be reached and stays while the pointer is on it; Escape sends it away. */
  const tip = document.createElement("div");
  tip.className = "tip";
  tip.hidden = true;
  at("map").append(tip);
  L.DomEvent.disableClickPropagation(tip);
  let dismissed = null, pending = 0;
  const hideTip = () => { clearTimeout(pending); tip.hidden = true; };
  const soon = (what, wait) => { clearTimeout(pending); pending = setTimeout(what, wait); };
  const showTip = (index, point) => {
    if (dismissed === index) return;
    dismissed = null;
    const name = document.createElement("strong"), entry = classOf(index), value = layerNow().values[index];
    name.textContent = fullName(index);
    tip.replaceChildren(name, [value, entry ? entry.label : tell("script.outside")].filter(Boolean).join(" · "));
    tip.hidden = false;
    const box = at("map").getBoundingClientRect();
    tip.style.left = `${Math.max(4, Math.min(point.x + 5, box.width - tip.offsetWidth - 6))}px`;
    const above = point.y - tip.offsetHeight - 5;
    tip.style.top = `${above > 4 ? above : point.y + 16}px`;
    tip.dataset.index = index;
  };
  tip.addEventListener("mouseenter", () => clearTimeout(pending));
  tip.addEventListener("mouseleave", hideTip);
  addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || tip.hidden) return;
    dismissed = Number(tip.dataset.index);
    hideTip();
  });

  const report = {
    over: (index, point) => {
      atlas.hint(index);
      /* A moment's patience, so that the pointer can reach the note across another area. */
      if (tip.hidden) showTip(index, point);
      else soon(() => showTip(index, point), 120);
    },
    out: (index) => {
      if (dismissed === index) dismissed = null;
      atlas.hint(null);
      soon(hideTip, 200);
    },
    chosen: (index) => { choose(index); remember(); },
    /* A finger has no pointer to hover with: the note comes with the choice, and goes with a touch elsewhere. */
    touched: (index, point) => {
      report.chosen(index);
      dismissed = null;
      if (index === null) hideTip();
      else soon(() => showTip(index, point), 0);
    },
    hint: (index) => atlas.hint(index),
    zoom: (index) => { atlas.zoomTo([index]); say(tell("script.zoomed", { name: content.names[index] })); },
  };
  const atlas = drawMap(content, shapes, report);
  const list = drawList(content, report);

  const drawKey = () => {
    const layer = layerNow();
    at("key").replaceChildren(...layer.classes.map((entry, index) => {
      const item = document.createElement("li"), button = document.createElement("button");
      const label = document.createElement("span"), count = document.createElement("span");
      button.type = "button";
      button.setAttribute("aria-pressed", String(state.only === index));
      label.textContent = entry.label;
      if (entry.note) {
        const note = document.createElement("span");
        note.className = "small soft";
        note.textContent = ` (${entry.note})`;
        label.append(note);
      }
      count.className = "count";
      count.textContent = entry.count.toLocaleString("en-GB");
      count.append(unseen(` ${tell("script.areas", { n: entry.count })}`));
      button.append(swatch(entry), label, count);
      button.addEventListener("click", () => {
        state.only = state.only === index ? null : index;
        for (const [position, other] of [...at("key").querySelectorAll("button")].entries()) {
          other.setAttribute("aria-pressed", String(state.only === position));
        }
        atlas.paint(layer, state.only);
        list.show(layer, state.only);
        say(state.only === null ? tell("script.all") : tell("script.only", { label: entry.label, n: entry.count }));
      });
      item.append(button);
      return item;
    }));
  };

  /* Further keys (patterns over the fills, outlines) and small tables: to read, not to choose from. */
  const drawMore = () => {
    const layer = layerNow();
    const heading = (text) => {
      const title = document.createElement("h3");
      title.textContent = text;
      return title;
    };
    at("more-keys").replaceChildren(...layer.more.flatMap((legend) => {
      const entries = document.createElement("ul");
      entries.className = "key";
      entries.append(...legend.classes.map((entry) => {
        const item = document.createElement("li"), label = document.createElement("span"), count = document.createElement("span");
        item.className = "entry";
        label.textContent = entry.label;
        count.className = "count";
        count.textContent = entry.count ? entry.count.toLocaleString("en-GB") : "";
        item.append(swatch(entry), label, count);
        return item;
      }));
      return [heading(legend.title), entries];
    }));
    at("tables").hidden = !layer.tables.length;
    at("tables").replaceChildren(...layer.tables.map(([title, rows]) => {
      const table = document.createElement("table"), caption = table.createCaption();
      caption.textContent = title;
      for (const [words, figure] of rows) {
        const row = table.insertRow(), head = document.createElement("th");
        head.scope = "row";
        head.textContent = words;
        row.append(head);
        row.insertCell().textContent = figure;
      }
      return table;
    }));
  };

  const paragraphs = (id, lines) => at(id).replaceChildren(...lines.map((line) => {
    const p = document.createElement("p");
    p.textContent = line;
    return p;
  }));

  const show = (index, aloud) => {
    state.layer = index;
    state.only = null;
    const layer = layerNow();
    at("finding").textContent = layer.title;
    at("subtitle").textContent = layer.subtitle;
    at("sure").textContent = layer.sure;
    at("sure").hidden = !layer.sure;
    at("key-heading").textContent = layer.legend;
    at("map-text").textContent = layer.alt;
    at("description").textContent = layer.description || layer.alt;
    at("map").setAttribute("aria-label", tell("script.map", { layer: layer.name }));
    paragraphs("notes", layer.notes);
    paragraphs("foot", layer.foot);
    document.title = tell("script.window", { title: content.title, layer: layer.name });
    const select = document.querySelector("#layers select");
    if (select) select.value = String(index);
    for (const radio of document.querySelectorAll("#layers [type=radio]")) radio.checked = Number(radio.value) === index;
    drawKey();
    drawMore();
    atlas.paint(layer, null);
    list.show(layer, null);
    if (state.area !== null) choose(state.area, true);
    if (aloud) say(tell("script.shows", { layer: layer.name, title: layer.title }));
  };

  const headings = [...document.querySelectorAll("#table thead th")].map((cell) => cell.textContent);
  const choose = (index, quiet) => {
    state.area = index;
    for (const row of document.querySelectorAll("tr.chosen")) row.classList.remove("chosen");
    list.choose(index);
    atlas.choose(index);
    at("panel").hidden = index === null;
    if (index === null) return;
    const row = at(`area-${content.codes[index]}`), entry = classOf(index);
    row.classList.add("chosen");
    at("panel-heading").textContent = content.names[index];
    at("panel-welsh").textContent = content.welsh[index] || "";
    at("panel-welsh").hidden = !content.welsh[index];
    at("panel-facts").replaceChildren(...[...row.cells].slice(1).flatMap((cell, position) => {
      if (!cell.textContent.trim()) return [];
      const term = document.createElement("dt"), fact = document.createElement("dd");
      term.textContent = headings[position + 1];
      fact.textContent = cell.textContent;
      return [term, fact];
    }));
    at("panel-shape").textContent = content.approximate[index] || "";
    at("panel-shape").hidden = !content.approximate[index];
    if (quiet) return;
    atlas.reveal(index);
    say([content.names[index], layerNow().values[index], entry && entry.label].filter(Boolean).join(", "));
  };

  /* The address holds the state, so that a link restores it; nothing is stored elsewhere. */
  let written = null;
  const address = () => {
    const parts = [`layer=${encodeURIComponent(layerNow().id).replace(/%2F/g, "/")}`];
    if (state.area !== null) parts.push(`area=${encodeURIComponent(content.codes[state.area])}`);
    return `#${parts.join("&")}`;
  };
  const remember = () => {
    written = address();
    at("permalink").href = written;
    location.replace(written);
  };
  const restore = (aloud) => {
    if (location.hash === written) return;
    const asked = new URLSearchParams(location.hash.slice(1));
    const layer = content.layers.findIndex((entry) => entry.id === asked.get("layer"));
    const area = content.codes.indexOf(asked.get("area"));
    show(layer < 0 ? state.layer : layer, aloud);
    choose(area < 0 ? null : area, !aloud);
    at("permalink").href = address();
  };
  addEventListener("hashchange", () => restore(true));

  at("layers").addEventListener("submit", (event) => event.preventDefault());
  at("layers").addEventListener("change", (event) => { show(Number(event.target.value), true); remember(); });
  for (const button of document.querySelectorAll("[data-move]")) {
    button.addEventListener("click", () => atlas.move(button.dataset.move));
  }
  if (at("region")) {
    at("region").addEventListener("change", (event) => {
      const wanted = event.target.value;
      atlas.zoomTo(wanted === "" ? [] : content.codes.map((_, index) => index).filter((index) => content.region[index] === Number(wanted)));
      say(tell("script.moved", { place: event.target.selectedOptions[0].textContent }));
    });
  }
  at("zoom-area").addEventListener("click", () => report.zoom(state.area));
  at("clear-area").addEventListener("click", () => { report.chosen(null); at("areas").focus(); });

  sortable(at("table"));
  atlas.start(content.extent);
  restore(false);
  if (state.area !== null) atlas.reveal(state.area);
}
