// Elements. Names come from logs and are only ever text or the value of a harmless attribute, never markup.

const SVG = 'http://www.w3.org/2000/svg';

function made(element, attributes, parent, text) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined) element.setAttribute(name, value);
  }
  if (text !== undefined) element.textContent = text;
  parent?.append(element);
  return element;
}

export const svg = (tag, attributes = {}, parent, text) =>
  made(document.createElementNS(SVG, tag), attributes, parent, text);
export const html = (tag, attributes = {}, parent, text) =>
  made(document.createElement(tag), attributes, parent, text);

/** Something that can be pointed at, chosen, and reached by keyboard. */
export function door(type, id, tip, className, parent, transform) {
  const attributes = { class: className, 'data-type': type, 'data-id': id, role: 'button', tabindex: -1 };
  return svg('g', { ...attributes, transform, 'aria-label': tip.join(', ') }, parent);
}

export const icon = (d, size = 16) => {
  const drawn = svg('svg', { viewBox: `0 0 ${size} ${size}`, 'aria-hidden': 'true' });
  svg('path', { d }, drawn);
  return drawn;
};

/** Fill {name} in a word. */
export const fill = (word, fields) => word.replace(/\{(\w+)\}/g, (whole, name) => fields[name] ?? whole);
