/* The search for an area: every match links to the area on each outcome's map. */
const content = JSON.parse(document.getElementById("content").textContent);
const input = document.getElementById("search"), hits = document.getElementById("hits"), status = document.getElementById("status");
const MOST = 12;
const tell = speaker(content.words);
const search = makeSearch(content.search), byCode = new Map(content.areas.map((area) => [area[0], area]));

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

/* What became of areas that are no more, what may have been meant, whose postcodes these are: in sentences. */
function remarks(found) {
  const lines = found.former.slice(0, 3).map((one) => fateOf(one, content.search, tell));
  if (found.near.length) lines.push(`${tell("script.meant")} ${found.near.map(({ name }) => name).join(", ")}`);
  if (found.postcode) lines.push(tell(found.places.length ? "script.postcode" : "script.no-postcode", { code: found.postcode, whose: content.search.whose }));
  return lines;
}

function find() {
  const wanted = input.value.trim();
  if (!wanted) {
    hits.replaceChildren();
    status.textContent = "";
    return;
  }
  const found = search(wanted), meant = [...found.places, ...found.former.flatMap(({ heirs }) => heirs), ...found.near.flatMap(({ places }) => places)];
  const shown = [...new Set(meant)].map((place) => byCode.get(content.search.places[place][0])).filter(Boolean);
  const n = found.near.length ? 0 : shown.length, count = n > MOST ? tell("script.matches-first", { n, most: MOST }) : tell("script.matches", { n });
  hits.replaceChildren(...shown.slice(0, MOST).map(entry));
  status.textContent = [count, ...remarks(found)].join(" ");
}

document.documentElement.classList.add("ready");
input.addEventListener("input", find);
find();
