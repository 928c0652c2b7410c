/* The address: it holds the whole state, so that a link restores it; nothing is stored elsewhere. */
function addressOf(state, content, list, position) {
  const outcome = content.outcomes[state.outcome], ground = content.grounds[outcome.ground], parts = new URLSearchParams();
  if (!content.alone) parts.set("outcome", outcome.id);
  parts.set("layer", outcome.layers[state.layer].key);
  if (state.period !== null) parts.set("period", outcome.figures.periods[state.period]);
  if (state.area !== null) parts.set("area", ground.codes[state.area]);
  if (state.compared.length) parts.set("compare", state.compared.map((index) => ground.codes[index]).join(","));
  if (state.only !== null) parts.set("class", outcome.layers[state.layer].classes[state.only]?.key ?? "");
  if (state.part !== null) parts.set("in", ground.parts[state.part][0]);
  if (state.colours === "region") parts.set("colours", "region");
  if (state.hexagons) parts.set("hexagons", "1");
  if (!state.names) parts.set("names", "0");
  const { find, order } = list.asked();
  if (find) parts.set("find", find);
  if (order !== "name") parts.set("order", order);
  if (state.sort) parts.set("sort", `${state.sort}${state.down ? "-down" : ""}`);
  if (at("table-find").value.trim()) parts.set("filter", at("table-find").value.trim());
  if (state.moved) parts.set("at", position().join(","));
  return `#${parts.toString().replace(/%2C/g, ",").replace(/%2F/g, "/")}`;
}

/* What an address asks for; parts that name nothing here are left out. */
function stateOf(hash, content, before) {
  const asked = new URLSearchParams(hash.replace(/^#/, "")), state = { ...before, compared: [], sort: "", down: false, moved: false };
  const layerAsked = asked.get("layer") || "", byLayer = content.outcomes.findIndex((one) => one.id === layerAsked.split("/")[0]);
  const named = content.outcomes.findIndex((one) => one.id === asked.get("outcome"));
  state.outcome = named >= 0 ? named : layerAsked.includes("/") && byLayer >= 0 ? byLayer : before.outcome;
  const outcome = content.outcomes[state.outcome], ground = content.grounds[outcome.ground];
  const place = (code) => (ground.codes.includes(code) ? ground.codes.indexOf(code) : null);
  const layer = outcome.layers.findIndex((one) => one.key === layerAsked || one.id === layerAsked);
  state.layer = layer >= 0 ? layer : state.outcome === before.outcome ? before.layer : 0;
  const period = outcome.figures ? outcome.figures.periods.indexOf(asked.get("period")) : -1;
  state.period = period >= 0 ? period : null;
  state.area = place(asked.get("area"));
  state.compared = (asked.get("compare") || "").split(",").map(place).filter((index) => index !== null).slice(0, MOST_COMPARED);
  const only = outcome.layers[state.layer].classes.findIndex((entry) => entry.key === asked.get("class"));
  state.only = only >= 0 ? only : null;
  const part = ground.parts.findIndex(([code]) => code === asked.get("in"));
  state.part = part >= 0 ? part : null;
  state.colours = asked.get("colours") === "region" && state.part !== null ? "region" : "whole";
  state.hexagons = asked.get("hexagons") === "1" && ground.cells !== "";
  state.names = asked.get("names") !== "0";
  const [, sort, down] = /^(\w+?)(-down)?$/.exec(asked.get("sort") || "") || [];
  Object.assign(state, { sort: sort || "", down: Boolean(down) });
  const spot = (asked.get("at") || "").split(",").map(Number);
  const view = spot.length === 3 && spot.every(Number.isFinite) ? spot : null;
  return { state, view, find: asked.get("find") || "", order: asked.get("order") === "key" ? "key" : "name", filter: asked.get("filter") || "" };
}
