/* The search for an area: every match links to the area on each outcome's map. */
const content = JSON.parse(document.getElementById("content").textContent);
const input = document.getElementById("search"), hits = document.getElementById("hits"), status = document.getElementById("status");
const MOST = 12;
const tell = speaker(content.words);
const plain = (text) => text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase();
const words = content.areas.map(([code, name, welsh, region]) => plain(`${name} ${welsh} ${code} ${region}`));

function entry([code, name, welsh, region, facts, own]) {
  const item = document.createElement("li"), title = document.createElement(own ? "a" : "strong"), links = document.createElement("ul");
  title.textContent = name;
  if (own) {
    title.href = own;
    title.className = "place";
  }
  item.append(title);
  if (welsh) {
    const other = document.createElement("span");
    other.lang = "cy";
    other.textContent = ` / ${welsh}`;
    item.append(other);
  }
  if (region) item.append(`, ${region}`);
  content.outcomes.forEach(([outcome, page], index) => {
    const line = document.createElement("li"), link = document.createElement("a");
    link.href = `${page}${page.includes("#") ? "&" : "#"}area=${encodeURIComponent(code)}`;
    link.textContent = `${outcome}: ${facts[index] || tell("script.no-value")}`;
    line.append(link);
    links.append(line);
  });
  item.append(links);
  return item;
}

function find() {
  const wanted = plain(input.value.trim());
  if (!wanted) {
    hits.replaceChildren();
    status.textContent = "";
    return;
  }
  const found = content.areas.filter((_, index) => words[index].includes(wanted));
  const first = (area) => (plain(area[1]).startsWith(wanted) ? 0 : 1);
  found.sort((one, other) => first(one) - first(other));
  hits.replaceChildren(...found.slice(0, MOST).map(entry));
  status.textContent = tell(found.length > MOST ? "script.matches-first" : "script.matches", found.length > MOST ? { n: found.length, most: MOST } : { n: found.length });
}

document.documentElement.classList.add("ready");
input.addEventListener("input", find);
find();
