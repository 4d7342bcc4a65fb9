// Creates and changes elements from text only, so that no text of a replica can become markup.

/** Creates an element. Attributes that are null or false are omitted; children are nodes or text. */
export function element(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    setAttribute(node, name, value);
  }
  node.append(...children);
  return node;
}

const svgSpace = "http://www.w3.org/2000/svg";

/** The same for SVG, which uses a different namespace. */
export function shape(tag, attributes = {}, ...children) {
  const node = document.createElementNS(svgSpace, tag);
  for (const [name, value] of Object.entries(attributes)) {
    setAttribute(node, name, value);
  }
  node.append(...children);
  return node;
}

/** Sets a text if it differs, so that unchanged text causes no layout and is not read out again. */
export function setText(node, text) {
  if (node.textContent !== text) {
    node.textContent = text;
  }
}

/** Sets an attribute, or removes it if the value is null or false. */
export function setAttribute(node, name, value) {
  if (value === null || value === undefined || value === false) {
    node.removeAttribute(name);
  } else if (node.getAttribute(name) !== String(value)) {
    node.setAttribute(name, value === true ? "" : String(value));
  }
}

/** Returns the element with an id. */
export function byId(id) {
  return document.getElementById(id);
}
