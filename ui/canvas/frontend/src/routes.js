// How links of a planned map run between its cards: next stage by an S-curve, same stage straight down or by an arc at
// the side, farther ahead over the first row, farther back under the last one.

import { overlap, rounded } from './geometry.js';

const SIDES = {
  down: ['bottom', 'top'],
  arcDown: ['right', 'right'],
  arcUp: ['left', 'left'],
  next: ['right', 'left'],
  over: ['right', 'left'],
  back: ['left', 'right'],
  under: ['left', 'right'],
};
const LANES = { first: 24, step: 11, most: 4 }; // pixels beside a card for arcs and risers
const FIRST = 1e6; // sorts before or after every place on the sheet

export function kindOf(source, target) {
  if (source.id === target.id) return 'self';
  const ahead = target.col - source.col;
  if (ahead > 0) return ahead > 1 ? 'over' : 'next';
  if (ahead < 0) return ahead < -1 ? 'under' : 'back';
  const step = depth(target) - depth(source);
  if (step < 0) return 'arcUp';
  return step === 1 && source.ghost === target.ghost ? 'down' : 'arcDown';
}

const depth = (card) => card.row + (card.ghost ? FIRST : 0);

/**
 * @param {Array} links scene edges with `kind` and `width`
 * @param {object} sheet {cards: Map, far: what `passes` gave, top: y of the first overpass, floor: y of the first
 *   underpass, step between passes}
 * @returns {Map} id -> {points, back, loop}
 */
export function route(links, sheet) {
  const ends = (link) => [sheet.cards.get(link.source), sheet.cards.get(link.target)];
  const ports = portsOf(links, ends);
  const lanes = lanesOf(links, ends);
  const routes = new Map();
  for (const link of links) {
    const [source, target] = ends(link);
    const [leave, enter] = [0, 1].map((end) => offset(lanes.get(`${link.id} ${end}`) ?? 0));
    const run = { from: ports.get(`${link.id} 0`), to: ports.get(`${link.id} 1`), leave, enter };
    const points = link.kind === 'self' ? loop(source) : DRAWN[link.kind](run, passY(link, sheet));
    const back = ['arcUp', 'back', 'under'].includes(link.kind);
    routes.set(link.id, { points, back, loop: link.kind === 'self', source, target });
  }
  return routes;
}

function passY(link, { far, top, floor, step }) {
  const track = far[link.kind]?.track.get(link.id);
  return track === undefined ? null : (link.kind === 'over' ? top : floor) + track * step;
}

const offset = (lane) => LANES.first + LANES.step * Math.min(lane, LANES.most);

const DRAWN = {
  down: ({ from, to }) => {
    const half = (to[1] - from[1]) / 2;
    return [from, [from[0], from[1] + half], [to[0], to[1] - half], to];
  },
  next: ({ from, to }) => swing(from, to, (to[0] - from[0]) * 0.52),
  back: ({ from, to }) => swing(from, to, -Math.max(46, (from[0] - to[0]) * 0.55)),
  arcDown: (run) => arc(run, 1),
  arcUp: (run) => arc(run, -1),
  over: (run, y) => pass(run, y, 1),
  under: (run, y) => pass(run, y, -1),
};

const swing = (from, to, reach) => [from, [from[0] + reach, from[1]], [to[0] - reach, to[1]], to];

function arc({ from, to, leave }, side) {
  const x = side > 0 ? Math.max(from[0], to[0]) + leave : Math.min(from[0], to[0]) - leave;
  const bend = (to[1] - from[1]) * 0.12;
  const near = x - side * 6;
  const middle = (from[1] + to[1]) / 2;
  return [from, [near, from[1]], [x, from[1] + bend], [x, middle], [x, to[1] - bend], [near, to[1]], to];
}

function pass({ from, to, leave, enter }, y, side) {
  const [rise, fall] = [from[0] + side * leave, to[0] - side * enter];
  return rounded([from, [rise, from[1]], [rise, y], [fall, y], [fall, to[1]], to], 16);
}

function loop(card) {
  const x = card.x + card.w / 2 - 34;
  const y = card.y - card.h / 2;
  return [
    [x - 11, y],
    [x - 26, y - 30],
    [x + 26, y - 30],
    [x + 11, y],
  ];
}

/** Where links touch the cards: spread over a side, in the order of their far ends, so that they do not cross there. */
function portsOf(links, ends) {
  const sides = new Map();
  for (const link of links.filter((l) => l.kind !== 'self')) {
    const cards = ends(link);
    SIDES[link.kind].forEach((side, which) => {
      const key = `${cards[which].id}\n${side}`;
      if (!sides.has(key)) sides.set(key, []);
      sides.get(key).push({ key: `${link.id} ${which}`, link, side, card: cards[which], far: cards[1 - which] });
    });
  }
  const ports = new Map();
  for (const group of sides.values())
    spread(
      group.sort((a, b) => rank(a) - rank(b)),
      ports,
    );
  return ports;
}

function rank({ link, side, card, far }) {
  if (side === 'top' || side === 'bottom') return far.x;
  if (link.kind === 'over') return -FIRST;
  if (link.kind === 'under') return FIRST;
  if (card.col !== far.col) return far.y;
  return far.y > card.y ? FIRST / 10 - (far.y - card.y) : -FIRST / 10 + (card.y - far.y);
}

function spread(group, ports) {
  const { card, side } = group[0];
  const upright = side === 'left' || side === 'right';
  const room = (end) => Math.max(end.link.width, 8) + 3;
  const wanted = group.reduce((sum, end) => sum + room(end), -3);
  const scale = Math.min(1, (upright ? card.h - 22 : 40) / wanted);
  let at = (-wanted * scale) / 2;
  for (const end of group) {
    const middle = at + ((room(end) - 3) * scale) / 2;
    at += room(end) * scale;
    const out = side === 'right' || side === 'bottom' ? 1 : -1;
    ports.set(
      end.key,
      upright ? [card.x + (out * card.w) / 2, card.y + middle] : [card.x + middle, card.y + (out * card.h) / 2],
    );
  }
}

/** Which lane beside the cards each arc and riser takes: short ones inside, none on top of another. */
function lanesOf(links, ends) {
  const runs = links.flatMap((link) => {
    const [source, target] = ends(link);
    const run = (end, side, card, low, high) => ({ id: `${link.id} ${end}`, side: `${card.col} ${side}`, low, high });
    const [low, high] = [Math.min(source.y, target.y), Math.max(source.y, target.y)];
    if (link.kind === 'arcDown') return [run(0, 'right', source, low, high)];
    if (link.kind === 'arcUp') return [run(0, 'left', source, low, high)];
    if (link.kind === 'over') return [run(0, 'right', source, 0, source.y), run(1, 'left', target, 0, target.y)];
    if (link.kind === 'under')
      return [run(0, 'left', source, source.y, FIRST), run(1, 'right', target, target.y, FIRST)];
    return [];
  });
  return tracks(runs.sort((a, b) => a.high - a.low - (b.high - b.low)));
}

/** Which pass over or under the cards each far link takes; those that share no column may share a pass. */
export function passes(links, cards) {
  const of = (kind) => {
    const far = links
      .filter((l) => l.kind === kind)
      .map(({ id, source, target }) => {
        const columns = [cards.get(source).col, cards.get(target).col];
        return { id, side: kind, low: Math.min(...columns), high: Math.max(...columns) };
      });
    const track = tracks(far.sort((a, b) => b.high - b.low - (a.high - a.low)));
    return { track, count: Math.max(0, ...[...track.values()].map((t) => t + 1)) };
  };
  return { over: of('over'), under: of('under') };
}

function tracks(runs) {
  const taken = [];
  const found = new Map();
  for (const run of runs) {
    const clash = (track) => taken.some((t) => t.side === run.side && t.track === track && meet(t, run));
    let track = 0;
    while (clash(track)) track++;
    taken.push({ ...run, track });
    found.set(run.id, track);
  }
  return found;
}

const meet = (a, b) => overlap({ x0: a.low, x1: a.high, y0: 0, y1: 1 }, { x0: b.low, x1: b.high, y0: 0, y1: 1 }) > 0;
