/* The search for a place by any of its names, its code, a postcode; for what is misspelt, what may have been meant. */
const POSTCODE = /^([a-z]{1,2}\d[a-z\d]?)\s*(\d[a-z]{0,2})?$/i;

function plain(text) {
  return text.normalize("NFD").replace(/[\u0300-\u036f'\u2018\u2019.]/g, "").toLowerCase().replace(/&/g, " and ")
    .replace(/[-,/]/g, " ").replace(/\s+/g, " ").replace(/\bsaint\b/g, "st").trim();
}

/* Letters to change, add, leave out or exchange with the next, up to a limit. */
function distance(one, other, limit) {
  if (Math.abs(one.length - other.length) > limit) return limit + 1;
  let before = [], last = Array.from({ length: other.length + 1 }, (_, i) => i);
  for (let i = 1; i <= one.length; i++) {
    const row = [i];
    let least = i;
    for (let j = 1; j <= other.length; j++) {
      const same = one[i - 1] === other[j - 1] ? 0 : 1;
      let steps = Math.min(last[j] + 1, row[j - 1] + 1, last[j - 1] + same);
      if (i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1]) steps = Math.min(steps, before[j - 2] + 1);
      row.push(steps);
      least = Math.min(least, steps);
    }
    if (least > limit) return limit + 1;
    [before, last] = [last, row];
  }
  return last[other.length];
}

function makeSearch(index) {
  const places = index.places.map(([code, name, welsh, region, further], place) => ({
    place, code: code.toLowerCase(), region: plain(region), names: [name, welsh, ...further].filter(Boolean).map(plain),
  }));
  const former = index.former.map(([name, code, date, heirs]) => ({ name, code, date, heirs, plain: plain(name) }));
  const recoded = (one) => one.heirs.length === 1 && places[one.heirs[0]].names[0] === one.plain;
  const how = (text, wanted) => (text === wanted ? 0 : text.startsWith(wanted) ? 1 : ` ${text}`.includes(` ${wanted}`) ? 2 : text.includes(wanted) ? 3 : 9);
  const nearest = (wanted) => {
    const limit = wanted.length < 4 ? 0 : wanted.length < 6 ? 1 : wanted.length < 10 ? 2 : 3;
    if (!limit) return [];
    const found = new Map();
    const tried = (name, text, heirs) => {
      const steps = Math.min(distance(wanted, text, limit), ...text.split(" ").filter((word) => word.length > 4).map((word) => distance(wanted, word, limit)));
      if (steps <= limit && steps < (found.get(name)?.steps ?? 99)) found.set(name, { name, steps, places: heirs });
    };
    for (const one of places) for (const text of one.names) tried(index.places[one.place][1], text, [one.place]);
    for (const one of former) if (!recoded(one)) tried(one.name, one.plain, one.heirs);
    return [...found.values()].sort((a, b) => a.steps - b.steps || (a.name < b.name ? -1 : 1)).slice(0, 3);
  };
  /* Places that match, the surest first; areas that are no more; a postcode; what may have been meant where nothing matches. */
  return (text) => {
    const wanted = plain(text), none = { places: [], former: [], near: [], postcode: null };
    if (!wanted) return none;
    const code = POSTCODE.exec(text.trim())?.[1].toUpperCase();
    if (code && index.whose) return { ...none, postcode: code, places: index.postcodes[code] || [] };
    const scored = places.map((one) => ({
      place: one.place,
      score: Math.min(...one.names.map((name) => how(name, wanted)), one.code === wanted ? 0 : one.code.startsWith(wanted) && wanted.length > 3 ? 3 : 9, one.region.startsWith(wanted) && wanted.length > 3 ? 4 : 9),
    })).filter(({ score }) => score < 9).sort((a, b) => a.score - b.score);
    const gone = former.filter((one) => (one.code.toLowerCase() === wanted || (!recoded(one) && wanted.length > 2 && how(one.plain, wanted) < 3)));
    return { ...none, places: scored.map(({ place }) => place), former: gone, near: scored.length || gone.length ? [] : nearest(wanted) };
  };
}

/* What became of an area that is no more, in one sentence. */
function fateOf(one, index, tell) {
  const heirs = one.heirs.map((place) => index.places[place][1]);
  const now = new Intl.ListFormat(document.documentElement.lang, { type: "conjunction" }).format(heirs);
  const same = heirs.length === 1 && plain(heirs[0]) === plain(one.name);
  return tell(same ? "script.recoded" : heirs.length > 1 ? "script.lies-in" : "script.part-of", { name: one.name, code: one.code, now, date: one.date });
}
