/* The table: each heading is a button that sorts by its column; missing values stay last. */
function sortable(table) {
  const body = table.tBodies[0];
  const keyOf = (cell) => {
    const text = cell.textContent.trim();
    const number = text.replace(/[\u2009\u202f\u00a0 ,£€]/g, "").replace(/^\u2212/, "-").match(/^[<>]?-?\d+(\.\d+)?/);
    return { text, number: number ? Number(number[0].replace(/^[<>]/, "")) : null };
  };
  const sortBy = (heading, column) => {
    const down = heading.getAttribute("aria-sort") === "ascending";
    for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
    heading.setAttribute("aria-sort", down ? "descending" : "ascending");
    const rows = [...body.rows].map((row) => ({ row, key: keyOf(row.cells[column]) }));
    const numbers = rows.filter(({ key }) => key.number !== null).length * 2 > rows.length;
    const absent = ({ key }) => (numbers ? key.number === null : key.text === "");
    rows.sort((one, other) => {
      if (absent(one) !== absent(other)) return absent(one) ? 1 : -1;
      const ahead = numbers ? one.key.number - other.key.number : byWords(one.key.text, other.key.text);
      return down ? -ahead : ahead;
    });
    body.append(...rows.map(({ row }) => row));
  };
  [...table.tHead.rows[0].cells].forEach((heading, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = heading.textContent;
    heading.replaceChildren(button);
    button.addEventListener("click", () => sortBy(heading, column));
  });
}
