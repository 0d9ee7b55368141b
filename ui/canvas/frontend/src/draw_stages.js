// Stages: bands behind the cards, and a row of chevrons that is the funnel.

import { bar, marks } from './draw_cards.js';
import { door, svg } from './dom.js';
import { HEAD } from './staged.js';
import { cut } from './text.js';

const POINT = 12; // how far a chevron reaches into the next one

export function drawBands(parent, scene, layout, words) {
  for (const { x, w } of layout.stages) {
    svg('rect', { class: 'band', x, y: HEAD + 6, width: w, height: layout.height - HEAD - 6, rx: 10 }, parent);
  }
  if (layout.lane === null || !layout.stages.length) return;
  const last = layout.stages[layout.stages.length - 1];
  const g = svg('g', { class: 'lane' }, parent);
  svg('line', { x1: layout.stages[0].x + 8, x2: last.x + last.w - 8, y1: layout.lane, y2: layout.lane }, g);
  svg('text', { x: layout.stages[0].x + 12, y: layout.lane + 15 }, g, words.not_in_plan);
}

export function drawHeaders(parent, scene, layout, measure) {
  scene.stages.forEach((stage, i) => {
    const { x, w } = layout.stages[i];
    const set = svg('g', { transform: `translate(${x},0)` }, parent);
    const g = door('stage', stage.id, stage.tip, 'stage', set);
    svg('path', { class: 'box', d: chevron(w, i === 0) }, g);
    const room = w - 46 - measure(stage.text, 11.5, 500);
    svg(
      'text',
      { class: 'name', x: 24, y: 21, 'font-size': 14 },
      g,
      cut(stage.label, room, (t) => measure(t, 14, 650)),
    );
    svg('text', { class: 'count', x: w - 14, y: 21, 'font-size': 11.5, 'text-anchor': 'end' }, g, stage.text);
    bar(g, { x: 24, y: 37, width: w - 38, height: 6 }, stage);
    marks(set, stage.badges ?? [], { right: w - 12, y: HEAD + 20 }, measure);
  });
}

function chevron(w, first) {
  const left = first ? `Q0,${HEAD} 0,${HEAD - 8}V8Q0,0 8,0` : `L${POINT},${HEAD / 2}`;
  const start = first ? 8 : 0;
  return `M${start},0H${w - 4}L${w + POINT - 4},${HEAD / 2}L${w - 4},${HEAD}H${start}${left}Z`;
}
