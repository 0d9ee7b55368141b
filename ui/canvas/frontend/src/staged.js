// The layout of a planned map: stages are columns, touchpoints are cards in the order of the plan, and a lane beneath
// holds what nobody planned under the stage where it happens. A few milliseconds, the same places every time.

import { capped, offPlan } from './gutters.js';
import { kindOf, passes, route } from './routes.js';

export const CARD = { w: 172, h: 62 };
export const HEAD = 58; // height of a stage header
const GAP = { x: 104, widest: 184, y: 46, lane: 30 };
const ZOOM = { least: 0.8, most: 1 }; // at which a map that is stretched to its room is looked at
const PAD = { x: 20, top: 56, mark: 16, pass: 12, lane: 40, bottom: 26 };

/**
 * @param {object} scene a planned map or a difference
 * @param {Function} width of a link by its value
 * @param {Set} open gutters that the reader has opened
 * @param {object} room {width, height} on the screen, which gutters are stretched to; none where it is not known
 * @returns {object} {nodes, edges (as `layered` gives them), chips, stages, lane: y | null, width, height}
 */
export function staged(scene, width, open, room) {
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
  const gap = stretched(scene.stages.length, rows.height, room);
  const columnX = (i) => PAD.x / 2 + (CARD.w + gap) / 2 + i * (CARD.w + gap);
  for (const card of cards.values()) Object.assign(card, { x: columnX(card.col), y: rows.of(card) + CARD.h / 2 });
  const sheet = { cards, far, top: sky, floor: rows.floor + 16, step: PAD.pass };
  return {
    nodes: cards,
    edges: route(links, sheet),
    chips: chips.map((c) => chipPlace(c, chips, rows, columnX)),
    stages: scene.stages.map((s, i) => ({
      id: s.id,
      x: columnX(i) - (CARD.w + gap) / 2 + 4,
      w: CARD.w + gap - 8,
    })),
    lane: rows.lane,
    width: columnX(scene.stages.length - 1) + CARD.w / 2 + gap / 2 + PAD.x / 2,
    height: rows.height,
  };
}

/** The width of the gutters: as much as the room has where the map is seen in its whole height, within bounds. */
function stretched(stages, height, room) {
  if (!room?.width || !stages) return GAP.x;
  const zoom = Math.min(ZOOM.most, Math.max(ZOOM.least, room.height / (height + 2 * PAD.x)));
  const gap = (room.width / zoom - 3 * PAD.x) / stages - CARD.w;
  return Math.round(Math.min(GAP.widest, Math.max(GAP.x, gap)));
}

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
    cards.set(node.id, { id: node.id, col, row, ghost, w: CARD.w, h: CARD.h });
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
function chipPlace(chip, chips, rows, columnX) {
  if (chip.kind === 'over') return { ...chip, x: columnX(0), y: HEAD + 20 };
  if (chip.kind === 'under') return { ...chip, x: columnX(0), y: rows.floor + 34 };
  const before = chips
    .slice(0, chips.indexOf(chip))
    .filter((c) => c.column === chip.column && ['within', 'between'].includes(c.kind));
  return { ...chip, x: (columnX(chip.column) + columnX(chip.column + 1)) / 2, y: rows.floor + 10 + before.length * 22 };
}
