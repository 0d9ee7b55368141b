// The layout of a planned map: stages are columns, touchpoints are cards in the order of the plan, and a lane beneath
// holds what nobody planned under the stage where it happens. A few milliseconds, the same places every time.

import { capped } from './gutters.js';
import { kindOf, route } from './routes.js';

export const CARD = { w: 172, h: 62 };
export const HEAD = 58; // height of a stage header
const GAP = { x: 104, y: 46, lane: 30 };
const PAD = { x: 20, top: 56, channel: 12, lane: 40, bottom: 26 };

/**
 * @param {object} scene a planned map or a difference
 * @param {Function} width of a link by its value
 * @param {Set} open gutters that the reader has opened
 * @returns {object} {nodes, edges (as `layered` gives them), chips, stages, lane: y | null, width, height}
 */
export function staged(scene, width, open) {
  const { edges, chips } = capped(scene, open);
  const column = new Map(scene.stages.map((s, i) => [s.id, i]));
  const cards = placed(scene, column);
  const links = edges.map((e) => ({ ...e, width: width(e.value), kind: kindOf(cards.get(e.source), cards.get(e.target)) }));
  const over = links.filter((l) => l.kind === 'over').length;
  const top = HEAD + PAD.top + Math.min(over, 8) * PAD.channel;
  const rows = rowTops(cards, top);
  for (const card of cards.values()) Object.assign(card, { y: rows.of(card) + CARD.h / 2 });
  const sheet = { cards, top: HEAD + 22, floor: rows.floor, step: PAD.channel };
  return {
    nodes: cards,
    edges: route(links, sheet),
    chips: chips.map((c) => chipPlace(c, column, chips, rows)),
    stages: scene.stages.map((s, i) => ({ id: s.id, x: columnX(i) - (CARD.w + GAP.x) / 2 + 4, w: CARD.w + GAP.x - 8 })),
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
    const ghost = node.status === 'unplanned';
    const pile = `${col} ${ghost}`;
    const row = heights.get(pile) ?? 0;
    heights.set(pile, row + 1);
    cards.set(node.id, { id: node.id, col, row, ghost, x: columnX(col), w: CARD.w, h: CARD.h });
  }
  return cards;
}

function rowTops(cards, top) {
  const tallest = (ghost) => Math.max(0, ...[...cards.values()].filter((c) => c.ghost === ghost).map((c) => c.row + 1));
  const floor = top + Math.max(1, tallest(false)) * (CARD.h + GAP.y) - GAP.y;
  const ghosts = tallest(true);
  const lane = ghosts ? floor + 56 : null;
  const bottom = ghosts ? lane + PAD.lane + ghosts * (CARD.h + GAP.lane) : floor + 34;
  return {
    of: (card) => (card.ghost ? lane + PAD.lane + card.row * (CARD.h + GAP.lane) : top + card.row * (CARD.h + GAP.y)),
    floor,
    lane,
    height: bottom + (ghosts ? 0 : PAD.bottom),
  };
}

// Chips of one gutter stand under each other, at its foot.
function chipPlace(chip, column, chips, rows) {
  const gutter = (c) => Math.min(column.get(c.from), column.get(c.to));
  const before = chips.slice(0, chips.indexOf(chip)).filter((c) => gutter(c) === gutter(chip)).length;
  return { ...chip, x: columnX(gutter(chip)) + (CARD.w + GAP.x) / 2, y: rows.floor + 12 + before * 22 };
}
