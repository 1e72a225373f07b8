// Makes elements. Text is only ever set as text: nothing here parses HTML.

/** An element with attributes (`on…` are listeners; null, undefined and false leave one out) and children. */
function element(tag, attributes = {}, ...children) {
  return filled(document.createElement(tag), attributes, children);
}

/** The same for SVG. */
function drawing(tag, attributes = {}, ...children) {
  return filled(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, children);
}

function filled(made, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else made.setAttribute(name, value === true ? "" : String(value));
  }
  made.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== ""));
  return made;
}

const byId = (id) => document.getElementById(id);

const numbers = new Intl.NumberFormat("en");

/** `1 finding`, `1,200 findings`. */
function counted(number, word) {
  return `${numbers.format(number)} ${word}${number === 1 ? "" : "s"}`;
}

/** Text in which what stands between backticks is code. */
function withCode(text) {
  return text.split("`").map((part, place) => (place % 2 && part ? element("code", {}, part) : part));
}
