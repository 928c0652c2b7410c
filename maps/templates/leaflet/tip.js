/* The note beside the pointer: it can be reached and stays while the pointer is on it; Escape sends it away. */
function makeTip(box, words) {
  const tip = make("div", { class: "tip" });
  let pending = 0, dismissed = null;
  tip.hidden = true;
  box.append(tip);
  L.DomEvent.disableClickPropagation(tip);
  const soon = (what, wait) => { clearTimeout(pending); pending = setTimeout(what, wait); };
  const hide = () => { clearTimeout(pending); tip.hidden = true; };
  const show = (index, point) => {
    if (dismissed === index) return;
    const [name, welsh, value, label] = words(index);
    tip.replaceChildren(make("strong", {}, ...named(name, welsh)), ...(value ? [make("div", {}, bdi(value))] : []), ...(label ? [make("div", { text: label })] : []));
    tip.hidden = false;
    const frame = box.getBoundingClientRect();
    tip.style.left = `${Math.max(4, Math.min(point.x + 5, frame.width - tip.offsetWidth - 6))}px`;
    const above = point.y - tip.offsetHeight - 5;
    tip.style.top = `${above > 4 ? above : point.y + 16}px`;
    tip.dataset.index = index;
  };
  tip.addEventListener("mouseenter", () => clearTimeout(pending));
  tip.addEventListener("mousemove", (event) => event.stopPropagation());
  tip.addEventListener("mouseleave", hide);
  addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || tip.hidden) return;
    dismissed = Number(tip.dataset.index);
    hide();
  });
  return {
    /* A moment's patience, so that the pointer can reach the note across another area. */
    over: (index, point) => { if (tip.hidden) show(index, point); else soon(() => show(index, point), 120); },
    out: (index) => { if (dismissed === index) dismissed = null; soon(hide, 200); },
    /* A finger has no pointer to hover with: the note comes with the choice, and goes with a touch elsewhere. */
    touched: (index, point) => { dismissed = null; if (index === null) hide(); else soon(() => show(index, point), 0); },
    hide,
  };
}
