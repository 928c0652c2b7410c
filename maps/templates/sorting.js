/* Tables that say data-sortable: a button in every heading puts the rows in order, by number where the cells have one. */
function sortable(table) {
  const body = table.tBodies[0], headings = [...table.tHead.rows[0].cells];
  const key = (row, column) => {
    const cell = row.cells[column];
    return cell.dataset.order === undefined ? cell.textContent.trim() : Number(cell.dataset.order);
  };
  const sort = (column) => {
    const down = headings[column].getAttribute("aria-sort") === "descending" || (!headings[column].hasAttribute("aria-sort") && column === 0);
    headings.forEach((heading) => heading.removeAttribute("aria-sort"));
    headings[column].setAttribute("aria-sort", down ? "ascending" : "descending");
    const way = down ? 1 : -1;
    const rows = [...body.rows].sort((one, other) => {
      const [first, second] = [key(one, column), key(other, column)];
      return way * (typeof first === "number" ? first - second : first.localeCompare(second));
    });
    body.append(...rows);
  };
  headings.forEach((heading, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "sorter";
    button.append(...heading.childNodes);
    button.addEventListener("click", () => sort(column));
    heading.replaceChildren(button);
  });
}
document.querySelectorAll("table[data-sortable]").forEach(sortable);
