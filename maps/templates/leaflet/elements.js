/* Elements: made with their text as text, never as markup. */
const at = (id) => document.getElementById(id);

function make(tag, given = {}, ...children) {
  const element = tag.startsWith("svg:") ? document.createElementNS("http://www.w3.org/2000/svg", tag.slice(4)) : document.createElement(tag);
  for (const [name, value] of Object.entries(given)) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "text") element.textContent = value;
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

const unseen = (text) => make("span", { class: "unseen", text });

/* A name may be written from right to left, or hold marks that turn what follows: it stands apart. */
const bdi = (text, given = {}) => make("bdi", { ...given, text });

function named(name, welsh) {
  return welsh ? [bdi(name), " / ", bdi(welsh, { lang: "cy" })] : [bdi(name)];
}

const paragraphs = (id, lines) => at(id).replaceChildren(...lines.map((text) => make("p", { text })));

function option(value, text, chosen) {
  const entry = make("option", { value, text });
  entry.selected = chosen;
  return entry;
}
