/* One finger scrolls the page past the map, two move and zoom it; who tries with one is told. */
function shareFingers(map, hint) {
  const box = map.getContainer();
  let start = null, wait = 0;
  box.addEventListener("pointerdown", (event) => {
    if (event.pointerType === "mouse") map.dragging.enable();
    else map.dragging.disable();
  }, { capture: true });
  box.addEventListener("touchstart", (event) => {
    map.dragging.disable();
    start = event.touches.length === 1 ? event.touches[0] : null;
    if (event.touches.length > 1) hint.hidden = true;
  }, { capture: true, passive: true });
  box.addEventListener("touchmove", (event) => {
    if (event.touches.length > 1) return void event.preventDefault();
    const finger = event.touches[0];
    if (!start || Math.hypot(finger.clientX - start.clientX, finger.clientY - start.clientY) < 12) return;
    hint.hidden = false;
    clearTimeout(wait);
    wait = setTimeout(() => { hint.hidden = true; }, 1800);
  }, { passive: false });
}
