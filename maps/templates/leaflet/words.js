/* Words by key from the page's own table: the form that the number asks for, its fields filled in. */
const speaker = ({ phrases, plurals }) => (key, fields = {}) => {
  const forms = phrases[key];
  const form = typeof forms === "string" ? forms : forms[plurals[fields.n]] ?? forms.other;
  const shown = (value) => (typeof value === "number" ? value.toLocaleString("en-GB") : value);
  return form.replace(/\{(\w+)\}/g, (_, name) => shown(fields[name]));
};
