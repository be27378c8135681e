// How wide the page is, the window, and the element that ends furthest to the right without a scroller of its own; and what
// of a card begins where the labels stand.
const scroller = document.scrollingElement;
const ends = [...document.querySelectorAll("body *")]
  .filter((element) => !element.closest(".scroll, .offscreen, .trap"))
  .map((element) => ({ element, end: element.getBoundingClientRect().right }));
const widest = ends.reduce((one, other) => (other.end > one.end ? other : one));
const isCard = (cell) => getComputedStyle(cell, "::before").float === "left" && cell.matches(".table:not(.places) td:not(.address:first-child)");
const parts = [...document.querySelectorAll(".table td[data-label] > :not(wbr)")].filter((part) => isCard(part.parentElement));
const start = (part) => part.getBoundingClientRect().left - part.parentElement.getBoundingClientRect().left;
const under = parts.find((part) => getComputedStyle(part).display !== "none" && start(part) < 80);
return {
  under_label: under ? under.outerHTML.slice(0, 120) : null,
  page: scroller.scrollWidth,
  window: innerWidth,
  widest: `${widest.element.outerHTML.slice(0, 120)} ends at ${widest.end}`,
};
