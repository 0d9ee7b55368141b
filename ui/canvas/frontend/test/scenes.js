// The example scenes that Python is tested with, and a measure that needs no browser.

import { readFileSync } from 'node:fs';

export const scene = (name) =>
  JSON.parse(readFileSync(new URL(`../../../../tests/ui/scenes/${name}.json`, import.meta.url), 'utf-8'));

export const measure = (text, px) => [...text].length * px * 0.55;

/** A discovered scene of so many steps: a chain with shortcuts, ways back and loops. */
export function chain(steps) {
  const nodes = ['start', ...Array.from({ length: steps }, (_, i) => `s${i}`), 'end'];
  const role = (id) => (id === 'start' || id === 'end' ? id : 'step');
  const edges = [];
  const link = (source, target, value) =>
    edges.push({
      id: `e${edges.length}`,
      source,
      target,
      status: 'observed',
      value,
      text: String(value),
      tip: [source],
    });
  nodes.slice(1).forEach((id, i) => link(nodes[i], id, 1000 - i));
  for (let i = 1; i + 7 < nodes.length - 1; i += 2) {
    link(nodes[i], nodes[i + 3], 300 - i);
    if (i % 3 === 0) link(nodes[i + 5], nodes[i], 200 - i);
    if (i % 5 === 0) link(nodes[i], nodes[i], 50 + i);
  }
  return {
    ...scene('discovered'),
    nodes: nodes.map((id, order) => ({
      id,
      label: `Step ${id}`,
      role: role(id),
      status: 'observed',
      order,
      value: 1000 - order,
      text: '1.0k',
      share: 0.5,
      tip: [id],
    })),
    edges,
    replay: undefined,
  };
}
