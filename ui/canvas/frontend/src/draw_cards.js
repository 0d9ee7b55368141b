// Cards of a planned map: channel, name, reach, bar, what was left here, the feeling planned, and marks to click.

import { door, svg } from './dom.js';
import { offPlan } from './gutters.js';
import { CHANNELS, MARKS, face } from './icons.js';
import { fitted } from './text.js';

const COUNT_Y = 38; // the line of the number, and of the marks beside it
const FACE = 18; // room for the feeling
const HOT = 2; // the largest drop-offs are drawn filled

export function drawCards(parent, scene, layout, measure) {
  const drops = scene.nodes.map((n) => n.drop?.value ?? 0).sort((a, b) => b - a);
  for (const node of scene.nodes) {
    const place = layout.nodes.get(node.id);
    if (!place) continue;
    const at = `translate(${place.x - place.w / 2},${place.y - place.h / 2})`;
    const g = svg('g', { class: 'cardset', transform: at, 'data-of': node.id }, parent);
    const look = `node card s-${node.status}${offPlan(node) ? ' ghost' : ''}${node.accepted ? ' accepted' : ''}`;
    card(door('node', node.id, node.tip, look, g), node, place, measure);
    if (node.drop) drop(g, node, place, node.drop.value > 0 && node.drop.value >= drops[HOT - 1], measure);
    if (node.feeling) feeling(g, node, place);
    cardMarks(g, node, place, measure);
  }
}

const milestones = (node) => (node.badges ?? []).filter((b) => b.kind === 'milestone');

/** What stands to the right of the name: the feeling planned, and whether it is a milestone. */
const besideName = (node, measure) =>
  milestones(node).reduce((sum, badge) => sum + markWidth(badge, measure) + 2, node.feeling ? FACE : 0);

const textX = (node) => (node.channel ? 35 : 14); // the icon of the channel stands before the name

function card(g, node, { w, h }, measure) {
  const x = textX(node);
  svg('rect', { class: 'box', width: w, height: h, rx: 10 }, g);
  if (node.channel) {
    svg('path', { class: 'icon', d: CHANNELS[node.channel] ?? CHANNELS.other, transform: 'translate(11,11)' }, g);
  }
  const { px, lines } = fitted(node.label, w - x - 11 - besideName(node, measure), measure);
  lines.forEach((line, i) => {
    const y = lines.length === 1 ? 19 : 12.5 + i * 12;
    svg('text', { class: 'name', x, y, 'font-size': px }, g, line);
  });
  svg('text', { class: 'count', x, y: COUNT_Y, 'font-size': 12 }, g, node.text);
  if (node.share !== undefined) bar(g, { x: 12, y: h - 12, width: w - 24, height: 4 }, node);
}

/** A share of a whole; in a difference also what it was, so that the gap between the two shows. */
export function bar(g, { x, y, width, height }, { share, was }) {
  const rx = height / 2;
  svg('rect', { class: 'track', x, y, width, height, rx }, g);
  const long = (part) => (part > 0 ? Math.max(height, width * part) : 0);
  if (was === undefined) {
    svg('rect', { class: 'bar', x, y, width: long(share), height, rx }, g);
    return;
  }
  svg('rect', { class: was > share ? 'lost' : 'gained', x, y, width: long(Math.max(share, was)), height, rx }, g);
  svg('rect', { class: 'bar', x, y, width: long(Math.min(share, was)), height, rx }, g);
}

function drop(g, node, { h }, hot, measure) {
  const w = measure(node.drop.text, 10.5, 600) + 24;
  const pill = door('drop_off', node.id, node.drop.tip, `drop${hot ? ' hot' : ''}`, g, `translate(8,${h - 4})`);
  svg('rect', { width: w, height: 17, rx: 8.5 }, pill);
  svg('path', { d: 'M6.5 6h7l-3.5 5.5z' }, pill);
  svg('text', { x: 17, y: 9 }, pill, node.drop.text);
}

function feeling(g, node, { w }) {
  const { score, tip } = node.feeling;
  const mood = score > 0.15 ? 'glad' : score < -0.15 ? 'sad' : 'calm';
  const mark = svg(
    'g',
    { class: `feeling ${mood}`, role: 'img', 'aria-label': tip.join(', '), 'data-tip': node.id },
    g,
  );
  mark.setAttribute('transform', `translate(${w - 17},19)`);
  svg('path', { d: face(Math.max(-1, Math.min(1, score))) }, mark);
}

/** A milestone beside the name; marks in the order of their weight beside the number, then on the lower edge. */
function cardMarks(g, node, { w, h }, measure) {
  let room = w - textX(node) - measure(node.text, 12, 500) - 16;
  const [inside, hanging] = [[], []];
  for (const badge of (node.badges ?? []).filter((b) => b.kind !== 'milestone')) {
    room -= markWidth(badge, measure) + 4;
    (room >= 0 ? inside : hanging).push(badge);
  }
  marks(g, milestones(node), { right: w - 8 - (node.feeling ? FACE : 0), y: 19 }, measure);
  marks(g, inside, { right: w - 9, y: COUNT_Y }, measure);
  marks(g, hanging, { right: w - 8, y: h + 4 }, measure);
}

const markWidth = (badge, measure) => (badge.text ? measure(badge.text, 10, 600) + 23 : 18);

/** Marks side by side, from the right. */
export function marks(g, badges, { right, y }, measure) {
  let x = right;
  for (const badge of badges) {
    const w = markWidth(badge, measure);
    x -= w;
    const mark = door('badge', badge.id, badge.tip, `mark k-${badge.kind}`, g, `translate(${x},${y - 8})`);
    const glyph = MARKS[badge.kind];
    svg('rect', { width: w, height: 16, rx: 8 }, mark);
    svg('path', { class: 'glyph', d: glyph, transform: `translate(${badge.text ? 5 : 4},3)` }, mark);
    if (badge.text) svg('text', { x: 17, y: 8.5 }, mark, badge.text);
    x -= 4;
  }
}
