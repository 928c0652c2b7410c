/* The controls: native ones, each filled with what there is for the outcome and hidden where there is nothing to choose. */
const ANSWERS = { levels: "script.answer-levels", change: "script.answer-change", types: "script.answer-types", pattern: "script.answer-pattern" };

function fillControls(content, outcome, ground, state, tell) {
  const families = new Map();
  content.outcomes.forEach((one, index) => {
    const key = one.family || one.id;
    if (!families.has(key)) families.set(key, []);
    families.get(key).push(index);
  });
  const kin = families.get(outcome.family || outcome.id);
  at("outcome").replaceChildren(...[...families.values()].map((members) => option(members[0], content.outcomes[members[0]].family || content.outcomes[members[0]].title, members === kin)));
  at("group").replaceChildren(...kin.map((index) => option(index, content.outcomes[index].group, index === state.outcome)));
  at("outcome-box").hidden = families.size < 2;
  at("group-box").hidden = kin.length < 2;
  const answers = [...new Set(outcome.layers.map((layer) => layer.answer))];
  at("layer").replaceChildren(...answers.map((answer) => make("optgroup", { label: tell(ANSWERS[answer]) },
    ...outcome.layers.flatMap((layer, index) => (layer.answer === answer ? [option(index, layer.name, index === state.layer)] : [])))));
  at("layer-box").hidden = outcome.layers.length < 2;
  at("part").replaceChildren(option("", tell("script.everywhere"), state.part === null), ...ground.parts.map(([, name], index) => option(index, name, index === state.part)));
  at("part-box").hidden = !ground.parts.length;
  at("london").hidden = !ground.london.length || ground.london.length === ground.codes.length;
  at("hexagons-box").hidden = ground.cells === "";
  at("hexagons").checked = state.hexagons;
  at("names").checked = state.names;
}

function fillPeriods(outcome, layer, ground, state, tell) {
  const { figures } = outcome, follows = followsPeriods(outcome, layer) && figures.periods.length > 1;
  at("period-box").hidden = !follows;
  const period = state.period ?? figures?.at;
  if (follows) {
    Object.assign(at("period"), { max: figures.periods.length - 1, value: period });
    at("period").setAttribute("aria-valuetext", figures.periods[period]);
    at("period-now").textContent = figures.periods[period];
    at("period-before").disabled = period === 0;
    at("period-after").disabled = period === figures.periods.length - 1;
  }
  const coloured = followsPeriods(outcome, layer) && state.part !== null && Boolean(figures.regional[ground.parts[state.part][0]]);
  at("colours-box").hidden = !coloured;
  at("colours").replaceChildren(option("whole", tell("script.colours-whole"), state.colours === "whole"), option("region", tell("script.colours-region"), state.colours === "region"));
}
