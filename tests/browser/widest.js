// How wide the page is, the window, and the element that ends furthest to the right without a scroller of its own.
const scroller = document.scrollingElement;
const ends = [...document.querySelectorAll("body *")]
  .filter((element) => !element.closest(".scroll, .offscreen, .trap"))
  .map((element) => ({ element, end: element.getBoundingClientRect().right }));
const widest = ends.reduce((one, other) => (other.end > one.end ? other : one));
return {
  page: scroller.scrollWidth,
  window: innerWidth,
  widest: `${widest.element.outerHTML.slice(0, 120)} ends at ${widest.end}`,
};
