// How big the boxes and labels of a discovered graph are; the layout only gets these numbers, never the texts.

import { wrap } from './text.js';

const SECOND_PX = 10;
export const LABEL_PX = 11;
export const LABEL_ROOM = 46; // pixels that the layout leaves for a label, whatever it says

export function stepSize(node, many, measure) {
  if (node.role === 'start' || node.role === 'end') {
    const width = measure(node.label, 12, 600) + measure(node.text, 11.5, 500);
    return { w: Math.ceil(width) + 50, h: 28, lines: [node.label], px: 12 };
  }
  const px = many ? 11 : 12.5;
  const fits = (text) => measure(text, px, 600);
  const lines = wrap(node.label, many ? 108 : 132, 2, fits);
  const wide = Math.max(...lines.map(fits)) + measure(node.text, px - 1, 500) + 34;
  const tall = lines.length === 2 ? (many ? 37 : 43) : many ? 28 : 32;
  return { w: Math.max(many ? 84 : 104, Math.ceil(wide)), h: tall, lines, px };
}

export function stepSizes({ nodes }, many, measure) {
  return new Map(nodes.map((n) => [n.id, stepSize(n, many, measure)]));
}

export const labelHeight = (edge) => (edge.second ? 28 : 15);

/** The room that a link's label needs; null without one. */
export function labelSize(edge, measure) {
  if (!edge.text) return null;
  const second = edge.second ? measure(edge.second, SECOND_PX, 400) : 0;
  return { w: Math.ceil(Math.max(measure(edge.text, LABEL_PX, 600), second)) + 4, h: labelHeight(edge) };
}
