/* Sorting and filtering of the table of profiles. */
const tell = speaker(JSON.parse(document.getElementById("content").textContent));
const body = document.querySelector("#profiles tbody"), rows = [...body.rows];
const wanted = document.getElementById("wanted"), region = document.getElementById("region"), least = document.getElementById("least");
const shown = document.getElementById("shown");
const plain = (text) => text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase();
const names = new Map(rows.map((row) => [row, plain(row.cells[0].textContent)]));

function filter() {
  const text = plain(wanted.value.trim());
  let number = 0;
  for (const row of rows) {
    const here = names.get(row).includes(text) && (!region || !region.value || row.dataset.region === region.value) && Number(row.dataset.low) >= Number(least.value);
    row.hidden = !here;
    number += here;
  }
  shown.textContent = tell("script.found", { n: number, of: rows.length });
}

function sort(column, heading) {
  const down = heading.getAttribute("aria-sort") === "ascending";
  for (const other of heading.parentNode.cells) other.removeAttribute("aria-sort");
  heading.setAttribute("aria-sort", down ? "descending" : "ascending");
  const key = (row) => row.cells[column].dataset;
  const order = (one, other) => ("number" in key(one) ? Number(key(one).number) - Number(key(other).number) : key(one).value.localeCompare(key(other).value));
  body.append(...[...body.rows].sort((one, other) => (down ? -1 : 1) * order(one, other)));
}

document.getElementById("filters").hidden = false;
document.getElementById("filters").addEventListener("submit", (event) => event.preventDefault());
for (const input of [wanted, region, least]) if (input) input.addEventListener("input", filter);
[...document.querySelectorAll("#profiles thead th")].forEach((heading, column) => {
  const button = document.createElement("button");
  button.type = "button";
  button.append(...heading.childNodes);
  heading.append(button);
  button.addEventListener("click", () => sort(column, heading));
});
filter();
