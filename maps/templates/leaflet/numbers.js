/* Numbers: texts of signed whole numbers, five bits a sign, least significant first; printed as departments print them. */
const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const VALUE_OF = new Int8Array(128).fill(-1);
[...DIGITS].forEach((sign, value) => { VALUE_OF[sign.charCodeAt(0)] = value; });
const MINUS = "\u2212", NO_BREAK = "\u00a0", BARE = ["", "z", "index", "score", "ratio", "rank", "decile"];

function decodeNumbers(text) {
  const found = [];
  for (let i = 0; i < text.length; i++) {
    if (text[i] === ".") {
      found.push(null);
      continue;
    }
    let value = 0, shift = 1, digit = VALUE_OF[text.charCodeAt(i)];
    while (digit & 32) {
      value += (digit & 31) * shift;
      shift *= 32;
      digit = VALUE_OF[text.charCodeAt(++i)];
    }
    value += digit * shift;
    found.push(value % 2 ? -(value + 1) / 2 : value / 2);
  }
  return found;
}

/* Columns are steps from period to period; limits are distances from the value. */
function decodeFigures(figures) {
  let before = null;
  figures.value = figures.value.map((text) => {
    before = decodeNumbers(text).map((step, index) => (step === null ? null : step + ((before && before[index]) ?? 0)));
    return before;
  });
  const limits = (columns, sign) => columns.map((text, period) => decodeNumbers(text).map((gap, index) => {
    const value = figures.value[period][index];
    return gap === null || value === null ? null : value + sign * gap;
  }));
  figures.lower = limits(figures.lower, -1);
  figures.upper = limits(figures.upper, 1);
  figures.below = figures.below ? decodeNumbers(figures.below) : null;
  for (const one of figures.benchmarks) one.values = decodeNumbers(one.values);
  return figures;
}

/* Printing of figures that are held in whole units of their last digit. */
function printer(figures, tell) {
  const usual = (size) => (size >= 100 || size === 0 || Number.isInteger(size) ? 0 : size >= 10 ? 1 : size >= 0.1 ? 2 : 3);
  const number = (whole, decimals) => {
    const size = Math.abs(whole) / 10 ** figures.held, places = decimals ?? usual(size);
    const least = Math.floor(Math.abs(whole) * 10 ** (places - figures.held) + 0.5) / 10 ** places;
    const [units, rest] = least.toFixed(places).split("."), text = rest ? `${grouped(units)}.${rest}` : grouped(units);
    return whole < 0 && least > 0 ? MINUS + text : text;
  };
  const withUnit = (whole, unit, digits = figures.decimals) => {
    const money = "£€$".includes(unit[0] ?? " ");
    let decimals = digits;
    if (money && (decimals ?? usual(Math.abs(whole) / 10 ** figures.held)) === 1) decimals = 2;
    const text = number(whole, decimals);
    if (BARE.includes(unit)) return text;
    if (money) {
      const amount = text[0] === MINUS ? MINUS + unit[0] + text.slice(1) : unit[0] + text;
      return unit.length > 1 ? amount + NO_BREAK + unit.slice(1).trim() : amount;
    }
    return unit === "%" ? `${text}%` : text + NO_BREAK + unit;
  };
  const figure = (whole) => (whole === null || whole === undefined ? tell("script.none") : withUnit(whole, figures.unit));
  /* A figure that stands alone, as it was published: of money, none or two digits. */
  const exact = (whole) => {
    const places = [0, 1, 2].find((digits) => whole % 10 ** Math.max(0, figures.held - digits) === 0);
    return places === undefined ? figure(whole) : withUnit(whole, figures.unit, places && "£€$".includes(figures.unit[0] ?? " ") ? 2 : places);
  };
  const interval = (whole, low, high) => (whole === null || low === null || low === undefined ? figure(whole)
    : tell("script.interval", { figure: figure(whole), lower: figure(low), upper: figure(high) }));
  const gap = (whole) => {
    const text = figures.unit === "%" ? tell("script.points", { figure: number(whole, figures.decimals) }) : withUnit(whole, figures.unit);
    return whole > 0 ? `+${text}` : text;
  };
  const plain = (whole) => (whole === null || whole === undefined ? "" : number(whole, figures.decimals));
  const chance = (thousandth) => (thousandth < 10 ? tell("script.under", { share: "1%" })
    : thousandth > 990 ? tell("script.over", { share: "99%" }) : `${Math.round(thousandth / 10)}%`);
  return { figure, exact, interval, gap, plain, chance };
}
