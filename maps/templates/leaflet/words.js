/* Whole numbers in thousands, as en-GB and Welsh have them: making a formatter of the browser's costs more than a page's numbers. */
const grouped = (number) => String(number).replace(/\B(?=(\d{3})+$)/g, ",");

/* Names in the order of words: a collator is made when the first list is. */
const byWords = (one, other) => (byWords.collator ||= new Intl.Collator("en-GB")).compare(one, other);

/* Words by key from the page's own table: the form that the number asks for, its fields filled in. */
const speaker = ({ phrases, plurals }) => (key, fields = {}) => {
  const forms = phrases[key];
  const form = typeof forms === "string" ? forms : forms[plurals[fields.n]] ?? forms.other;
  const shown = (value) => (typeof value === "number" ? grouped(value) : value);
  return form.replace(/\{(\w+)\}/g, (_, name) => shown(fields[name]));
};
