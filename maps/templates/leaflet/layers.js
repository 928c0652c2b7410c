/* Layers as they are shown: one of the outcome's, at a period, in the colours of the whole or of a region. */
const KEYS = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

function decodeOutcome(outcome) {
  for (const layer of outcome.layers) {
    layer.of = [...layer.assigned].map((sign) => KEYS.indexOf(sign));
    layer.over = [...layer.overlaid].map((sign) => KEYS.indexOf(sign));
    layer.overClasses = layer.more.flatMap((legend) => legend.classes);
    if (typeof layer.values === "number") layer.values = outcome.layers[layer.values].values;
  }
  if (outcome.figures) decodeFigures(outcome.figures);
  return outcome;
}

/* Whether classes of a layer are ranges of values, and so hold for every period. */
const followsPeriods = (outcome, layer) => layer.kind === "choropleth" && Boolean(outcome.figures?.breaks.length);

const membersOf = (ground, part) => ground.codes.map((_, index) => index)
  .filter((index) => ground.region[index] === part || ground.nation[index] === part);

function layerAt(outcome, layer, ground, state, tell) {
  const { figures } = outcome;
  if (!followsPeriods(outcome, layer)) return layer;
  const period = state.period ?? figures.at, part = state.colours === "region" ? state.part : null;
  const regional = part === null ? null : figures.regional[ground.parts[part][0]];
  if (period === figures.at && !regional) return layer;
  const { breaks, classes } = regional || { breaks: figures.breaks, classes: layer.classes };
  const placeOf = new Map(classes.map((entry, place) => [entry.key, place])), last = placeOf.get("no-data") ?? classes.length - 1;
  const inside = regional ? new Set(membersOf(ground, part)) : null;
  const of = figures.value[period].map((value, index) => {
    if (inside ? !inside.has(index) : layer.of[index] < 0) return -1;
    return value === null ? last : placeOf.get(`class-${breaks.filter((limit) => value >= limit).length + 1}`);
  });
  const made = printer(figures, tell), words = figures.periods[period];
  const counted = classes.map((entry, key) => ({ ...entry, count: of.filter((one) => one === key).length }));
  const place = regional ? ground.parts[part][1] : "";
  const title = tell(regional ? "script.title-region" : "script.title-period", { title: outcome.title, period: words, place });
  return {
    ...layer, of, classes: counted, title, sure: "", tables: [], alt: title, description: title,
    subtitle: `${tell("script.period-of", { measure: layer.legend, period: words })}; ${ground.about}`,
    notes: [tell(regional ? "script.note-region" : "script.note-period", { period: figures.periods[figures.at], place }), ...layer.notes],
    values: figures.value[period].map((value, index) => made.interval(value, figures.lower[period]?.[index], figures.upper[period]?.[index])),
  };
}
