/* What a checker of accessibility would look at first, by hand: each rule returns the offenders it found. */
() => {
  const seen = (element) => element.checkVisibility({ checkVisibilityCSS: true, checkOpacity: true });
  const all = (selector) => [...document.querySelectorAll(selector)].filter(seen);
  const told = (element) => `${element.tagName.toLowerCase()}#${element.id}.${element.className} “${element.textContent.trim().slice(0, 30)}”`;
  const byId = (ids) => ids.split(/\s+/).map((id) => document.getElementById(id));
  const nameOf = (element) => {
    if (element.getAttribute("aria-labelledby")) return byId(element.getAttribute("aria-labelledby")).map((part) => part?.textContent ?? "").join(" ").trim();
    if (element.getAttribute("aria-label")) return element.getAttribute("aria-label").trim();
    if (element.labels?.length) return [...element.labels].map((label) => label.textContent).join(" ").trim();
    if (element.tagName === "IMG") return element.alt;
    const picture = element.querySelector("img");
    return (element.textContent + (picture ? picture.alt : "")).trim();
  };
  const numbers = (colour) => colour.match(/[\d.]+/g).map(Number);
  const shine = ([red, green, blue]) => {
    const part = (value) => (value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4);
    return 0.2126 * part(red) + 0.7152 * part(green) + 0.0722 * part(blue);
  };
  const ground = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const colour = numbers(getComputedStyle(at).backgroundColor);
      if (colour.length < 4 || colour[3] === 1) return colour;
    }
    return [255, 255, 255];
  };
  const contrast = (one, other) => {
    const [low, high] = [shine(one), shine(other)].sort((a, b) => a - b);
    return (high + 0.05) / (low + 0.05);
  };
  /* Names on the map have a white edge of their own, over whatever colour lies there: ink on white. */
  const faint = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const parent = walk.currentNode.parentElement;
    if (!walk.currentNode.textContent.trim() || !seen(parent) || parent.closest(".unseen, script, style, option, .place")) continue;
    const style = getComputedStyle(parent), size = parseFloat(style.fontSize);
    const needed = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700) ? 3 : 4.5;
    const found = contrast(numbers(style.color), ground(parent));
    if (found < needed) faint.push(`${told(parent)} ${found.toFixed(2)}:1`);
  }
  const edges = all("button, input, select, [role=listbox]").filter((element) => {
    const style = getComputedStyle(element);
    if (element.type === "radio" || style.borderTopStyle === "none" || parseFloat(style.borderTopWidth) === 0) return false;
    const edge = numbers(style.borderTopColor);
    return edge.length < 4 && contrast(edge, ground(element.parentElement)) < 3;
  });
  const controls = all("a[href], button, input, select, summary, [role=listbox], [role=application]");
  const levels = all("h1, h2, h3, h4").map((heading) => Number(heading.tagName[1]));
  const ids = [...document.querySelectorAll("[id]")].map((element) => element.id);
  const points = ["aria-labelledby", "aria-describedby", "aria-controls", "aria-activedescendant"];
  return {
    language: document.documentElement.lang === "en-GB" ? [] : [document.documentElement.lang],
    title: document.title.trim() ? [] : ["no title"],
    zoom: /maximum-scale|user-scalable/.test(document.querySelector("meta[name=viewport]").content) ? ["zoom is barred"] : [],
    landmarks: ["main", "footer"].filter((name) => document.querySelectorAll(name).length !== 1),
    oneTitle: levels.filter((level) => level === 1).length === 1 ? [] : [levels.join(" ")],
    headings: levels.filter((level, index) => index && level > levels[index - 1] + 1).map(String),
    unnamed: controls.filter((element) => !nameOf(element)).map(told),
    pictures: [...document.querySelectorAll("img")].filter((picture) => !picture.alt).map(told),
    doubled: ids.filter((id, index) => ids.indexOf(id) !== index),
    dangling: points.flatMap((name) => [...document.querySelectorAll(`[${name}]`)].filter((element) =>
      byId(element.getAttribute(name)).includes(null)).map(told)),
    options: [...document.querySelectorAll("[role=option]")].filter((item) => item.parentElement.getAttribute("role") !== "listbox").map(told),
    unscoped: [...document.querySelectorAll("table th")].filter((cell) => !cell.scope).map(told),
    unreachableScroll: all("*").filter((element) => /auto|scroll/.test(getComputedStyle(element).overflowX) &&
      element.scrollWidth > element.clientWidth + 1 && element.tabIndex < 0 && element !== document.documentElement).map(told),
    positiveTabindex: [...document.querySelectorAll("[tabindex]")].filter((element) => element.tabIndex > 0).map(told),
    faint,
    edges: edges.map(told),
  };
}
