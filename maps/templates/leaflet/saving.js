/* Taking things away: the picture, the table, the address, a frame for another page; nothing goes over the network. */
function offer(blob, name) {
  const link = make("a", { href: URL.createObjectURL(blob), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}

const fileName = (parts, form) => `${parts.filter(Boolean).join("-").replace(/[^A-Za-z0-9-]+/g, "-").toLowerCase()}.${form}`;

function saveSvg(picture, name) {
  offer(new Blob([picture.text], { type: "image/svg+xml" }), name);
}

/* At twice its size, for paper and slides. */
function savePng(picture, name, done) {
  const image = new Image(), canvas = document.createElement("canvas");
  image.onload = () => {
    Object.assign(canvas, { width: 2 * picture.wide, height: 2 * picture.tall });
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
    canvas.toBlob((blob) => { offer(blob, name); done(true); }, "image/png");
  };
  image.onerror = () => done(false);
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(picture.text)}`;
}

/* A cell that a spreadsheet would run as a formula begins with an apostrophe. */
function csvCell(text) {
  const safe = /^[=+@\t\r]/.test(text) || /^-[^\d.]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replace(/"/g, '""')}"` : safe;
}

function saveCsv({ columns, rows }, name) {
  const lines = [columns.map((column) => column.heading), ...rows.map((index) => columns.map((column) => column.text(index).replace(/\u2212/g, "-")))];
  offer(new Blob([`\ufeff${lines.map((line) => line.map(csvCell).join(",")).join("\r\n")}\r\n`], { type: "text/csv;charset=utf-8" }), name);
}

/* Copies where the browser lets a page do so; else the text stands selected, ready to be copied by hand. */
async function copyText(field, done) {
  field.hidden = false;
  field.focus();
  field.select();
  try {
    await navigator.clipboard.writeText(field.value);
    done(true);
  } catch {
    done(document.execCommand("copy"));
  }
}

function frameFor(title) {
  const address = new URL(location.href);
  address.search = "?embed";
  const frame = make("iframe", { src: address.href, title, width: "100%", height: "640", loading: "lazy", style: "border:0" });
  return frame.outerHTML;
}
