// The layout of a planned map: stages are columns, touchpoints are cards in the order of the plan, and a lane beneath
// holds what nobody planned under the stage where it happens. A few milliseconds, the same places every time.

import { capped, offPlan } from './gutters.js';
import { kindOf, passes, route } from './routes.js';

export const CARD = { w: 172, h: 62 };
export const HEAD = 58; // height of a stage header
const GAP = { x: 104, y: 46, lane: 30 };
const PAD = { x: 20, top: 56, mark: 16, pass: 12, lane: 40, bottom: 26 };

/**
 * @param {object} scene a planned map or a difference
 * @param {Function} width of a link by its value
 * @param {Set} open gutters that the reader has opened
 * @returns {object} {nodes, edges (as `layered` gives them), chips, stages, lane: y | null, width, height}
 */
export function staged(scene, width, open) {
  const column = new Map(scene.stages.map((s, i) => [s.id, i]));
  const { edges, chips } = capped(scene, column, open);
  const cards = placed(scene, column);
  const links = edges.map((e) => ({
    ...e,
    width: width(e.value),
    kind: kindOf(cards.get(e.source), cards.get(e.target)),
  }));
  const far = passes(links, cards);
  const sky = HEAD + 22 + (chips.length || scene.stages.some((s) => s.badges?.length) ? PAD.mark : 0);
  const top = sky - 22 + PAD.top + far.over.count * PAD.pass;
  const rows = rowTops(cards, top, far.under.count * PAD.pass);
  for (const card of cards.values()) card.y = rows.of(card) + CARD.h / 2;
  const sheet = { cards, far, top: sky, floor: rows.floor + 16, step: PAD.pass };
  return {
    nodes: cards,
    edges: route(links, sheet),
    chips: chips.map((c) => chipPlace(c, chips, rows)),
    stages: scene.stages.map((s, i) => ({
      id: s.id,
      x: columnX(i) - (CARD.w + GAP.x) / 2 + 4,
      w: CARD.w + GAP.x - 8,
    })),
    lane: rows.lane,
    width: columnX(scene.stages.length - 1) + CARD.w / 2 + GAP.x / 2 + PAD.x / 2,
    height: rows.height,
  };
}

const columnX = (i) => PAD.x / 2 + (CARD.w + GAP.x) / 2 + i * (CARD.w + GAP.x);

function placed(scene, column) {
  const cards = new Map();
  const heights = new Map();
  const inOrder = [...scene.nodes].sort((a, b) => a.order - b.order || (a.id < b.id ? -1 : 1));
  for (const node of inOrder) {
    const col = column.get(node.stage);
    const ghost = offPlan(node);
    const pile = `${col} ${ghost}`;
    const row = heights.get(pile) ?? 0;
    heights.set(pile, row + 1);
    cards.set(node.id, { id: node.id, col, row, ghost, x: columnX(col), w: CARD.w, h: CARD.h });
  }
  return cards;
}

function rowTops(cards, top, room) {
  const tallest = (ghost) =>
    Math.max(0, ...[...cards.values()].filter((c) => c.ghost === ghost).map((c) => c.row + 1));
  const floor = top + Math.max(1, tallest(false)) * (CARD.h + GAP.y) - GAP.y;
  const ghosts = tallest(true);
  const lane = ghosts ? floor + 56 + room : null;
  const bottom = ghosts ? lane + PAD.lane + ghosts * (CARD.h + GAP.lane) : floor + 34 + room;
  return {
    of: (card) => (card.ghost ? lane + PAD.lane + card.row * (CARD.h + GAP.lane) : top + card.row * (CARD.h + GAP.y)),
    floor,
    lane,
    height: bottom + (ghosts ? 0 : PAD.bottom),
  };
}

// Chips stand at the foot of their gutter, under each other; those of far links before the first pass.
function chipPlace(chip, chips, rows) {
  if (chip.kind === 'over') return { ...chip, x: columnX(0), y: HEAD + 20 };
  if (chip.kind === 'under') return { ...chip, x: columnX(0), y: rows.floor + 34 };
  const before = chips
    .slice(0, chips.indexOf(chip))
    .filter((c) => c.column === chip.column && ['within', 'between'].includes(c.kind));
  return { ...chip, x: columnX(chip.column) + (CARD.w + GAP.x) / 2, y: rows.floor + 10 + before.length * 22 };
}
