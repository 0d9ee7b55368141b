import assert from 'node:assert/strict';
import { test } from 'node:test';
import { at, onTheWay, wind } from '../src/clockwork.js';
import { near } from '../src/carried.js';
import { grown, onSheet, touch, within } from '../src/distance.js';
import { along, distance, flatten, overlap, rounded, shorten, split } from '../src/geometry.js';
import { emptiestCorner } from '../src/overview.js';
import { APART, queue, waiting } from '../src/queue.js';
import { scales } from '../src/scales.js';
import { cut, fitted, wrap } from '../src/text.js';
import { placeTip } from '../src/tip.js';
import { keepView, openingView, rearranged, sameView, wholeView } from '../src/view.js';
import { measure, scene } from './scenes.js';

const close = (a, b, within = 0.5) => assert.ok(Math.abs(a - b) <= within, `${a} is not ${b}`);
const straight = [
  [0, 0],
  [30, 0],
  [60, 0],
  [90, 0],
];

test('a straight curve has its length, its middle and its shortened end', () => {
  close(flatten(straight).total, 90, 1e-9);
  assert.deepEqual(along(flatten(straight), 0.5).map(Math.round), [45, 0]);
  close(shorten(straight, 20).at(-1)[0], 70);
  assert.deepEqual(shorten(straight, 500).at(-1), [0, 0]);
});

test('a parted curve is the same curve', () => {
  const curve = [
    [0, 0],
    [10, 40],
    [60, -20],
    [90, 10],
  ];
  const [head, tail] = split(curve, 0.3);
  close(flatten(head).total + flatten(tail).total, flatten(curve).total);
  assert.deepEqual(head[3], tail[0]);
});

test('a shortened curve keeps the rest of its length', () => {
  const curve = [
    [0, 0],
    [10, 40],
    [60, -20],
    [90, 10],
    [120, 40],
    [100, 80],
    [140, 90],
  ];
  for (const less of [5, 30, 60, 90]) close(flatten(shorten(curve, less)).total, flatten(curve).total - less, 1);
});

test('round corners keep the ends and stay within the corners', () => {
  const corners = [
    [0, 0],
    [100, 0],
    [100, 80],
    [200, 80],
  ];
  const points = rounded(corners, 16);
  assert.deepEqual([points[0], points.at(-1)], [corners[0], corners[3]]);
  assert.equal(points.length % 3, 1);
  close(flatten(points).total, 280, 25);
});

test('boxes share an area or none', () => {
  assert.equal(overlap({ x0: 0, y0: 0, x1: 10, y1: 10 }, { x0: 5, y0: 5, x1: 20, y1: 20 }), 25);
  assert.equal(overlap({ x0: 0, y0: 0, x1: 10, y1: 10 }, { x0: 10, y0: 0, x1: 20, y1: 10 }), 0);
});

test('widths grow with values, a difference counts both ways alike, a missing value is the thinnest', () => {
  const { width } = scales(scene('discovered'));
  assert.ok(width(10) < width(100) && width(100) < width(13521));
  close(width(13521), 9, 1e-9);
  assert.equal(width(null), 1.2);
  const signed = scales(scene('difference'));
  assert.equal(signed.width(-0.05), signed.width(0.05));
});

test('texts are cut to fit, by whole signs', () => {
  const fits = (text) => [...text].length;
  assert.equal(cut('short', 5, fits), 'short');
  assert.equal(cut('much too long', 6, fits), 'much…');
  assert.equal(cut('👍👍👍👍', 3, fits), '👍👍…');
  assert.deepEqual(wrap('Call for missing info', 10, 2, fits), ['Call for', 'missing i…']);
  assert.deepEqual(wrap('one', 10, 2, fits), ['one']);
  assert.deepEqual(wrap('a'.repeat(300), 5, 2, fits), ['aaaa…']);
});

test('a small map opens whole, a tall one at its start, a wide plan at its left', () => {
  const room = { width: 1300, height: 600 };
  const sheet = (width, height) => ({ width, height, nodes: new Map([['__start', { x: width / 2, y: 20 }]]) });
  const found = scene('discovered');
  close(openingView(found, sheet(1000, 600), room).k, 564 / 600, 1e-9);
  const tall = openingView(found, sheet(900, 4000), room);
  assert.deepEqual([tall.k, tall.x, tall.y], [1, 200, 18]); // as large as it is drawn, where its width allows
  close(openingView(found, sheet(2000, 4000), room).k, 1264 / 2000, 1e-9); // smaller, but not cut at its sides
  assert.equal(openingView(found, sheet(2600, 4000), room).k, 0.78);
  assert.equal(openingView(found, sheet(1000, 800), room).k, 1); // all of it would be too small to read
  const across = openingView({ ...found, direction: 'right' }, sheet(4000, 600), room);
  close(across.y, (600 - 600 * across.k) / 2); // all of its height is shown
  const wide = openingView(scene('planned'), sheet(3000, 700), room);
  assert.deepEqual([wide.k, wide.x], [0.86, 18]);
  assert.ok(wholeView(sheet(3000, 700), room).k < 0.43);
});

test('a changed graph keeps the step in the middle where it is', () => {
  const room = { width: 1000, height: 600 };
  const before = {
    nodes: new Map([
      ['a', { x: 0, y: 0 }],
      ['b', { x: 500, y: 300 }],
    ]),
  };
  const after = {
    width: 900,
    height: 900,
    nodes: new Map([
      ['a', { x: 40, y: 40 }],
      ['b', { x: 420, y: 350 }],
    ]),
  };
  const view = keepView(before, after, { x: 0, y: 0, k: 1 }, room);
  assert.deepEqual(view, { k: 1, x: 80, y: -50 });
  assert.deepEqual(keepView(before, after, { x: 0, y: 0, k: 1 }, room, 'a'), { k: 1, x: -40, y: -40 });
});

test('tokens wait at a step, travel, arrive, and are out of sight on hidden links', () => {
  const tokens = [
    { start: 0, at: [0, 100, 200], edges: [0, null], outcome: 'converted' },
    { start: 50, at: [0], edges: [], outcome: 'open' },
  ];
  const clock = wind({ tokens, links: ['a', 'b'] }, new Set(['a']));
  assert.deepEqual(at(clock, 10), [{ no: 0, edge: 'a', share: 0, outcome: 'converted' }]);
  const [moving] = at(clock, 99.5);
  assert.ok(moving.share > 0.5 && moving.share < 1);
  assert.deepEqual(at(clock, 150), []);
  assert.equal(onTheWay(clock, 150), 1);
  assert.equal(onTheWay(clock, clock.end), 0);
});

test('a replay is not disturbed by moves that take no time', () => {
  const clock = wind(
    { tokens: [{ start: 0, at: [0, 0, 0, 1000], edges: [0, 1, 2], outcome: 'x' }], links: ['a', 'b', 'c'] },
    new Set(['a', 'b', 'c']),
  );
  const seen = new Set();
  for (let now = 0; now < clock.end; now += 0.5) for (const t of at(clock, now)) if (t.share > 0) seen.add(t.edge);
  assert.deepEqual(seen, new Set(['a', 'b', 'c']));
  assert.ok(distance([0, 0], [3, 4]) === 5);
});

test('the small picture stands where it covers least, and never before what was chosen', () => {
  const room = { width: 1000, height: 600 };
  const size = { w: 150, h: 100 };
  const card = (x, y) => ({ x0: x, y0: y, x1: x + 60, y1: y + 60 });
  const corner = (now, boxes, held = []) => emptiestCorner(now, room, size, boxes, held).corner;
  const crowded = [card(900, 500), card(860, 520), card(930, 520), card(20, 540)];
  assert.equal(corner('bottom right', []), 'bottom right');
  assert.equal(corner('top left', []), 'top left'); // nothing is covered, so it stays
  assert.equal(corner('bottom right', crowded), 'top right');
  const everywhere = [...crowded, card(20, 20), card(930, 20), card(900, 20)];
  assert.equal(corner('bottom right', everywhere), 'bottom left');
  assert.equal(corner('bottom right', everywhere, [card(20, 540)]), 'top left');
  const covered = (boxes) => emptiestCorner('bottom right', room, size, boxes, []).covered;
  assert.ok(covered(crowded) === 0 && covered(everywhere) > 0);
});

test('a tooltip stands beside what it tells about, and within the frame', () => {
  const frame = { left: 100, right: 700, top: 50, bottom: 450 };
  const at = (x, y) => placeTip({ left: x, right: x, top: y, bottom: y }, { w: 200, h: 80 }, frame);
  assert.deepEqual(at(200, 100), { x: 214, y: 112 });
  assert.deepEqual(at(690, 440), { x: 476, y: 348 }); // on the other side
  assert.deepEqual(at(690, 900), { x: 476, y: 366 }); // what it tells about is out of sight
  const small = { left: 0, right: 210, top: 0, bottom: 90 };
  assert.deepEqual(placeTip({ left: 90, right: 90, top: 40, bottom: 40 }, { w: 200, h: 80 }, small), { x: 4, y: 4 });
});

test('a name is made smaller, then broken, before it is cut', () => {
  assert.deepEqual(fitted('Online ad', 108, measure), { px: 13, lines: ['Online ad'] });
  assert.deepEqual(fitted('Upload documents', 108, measure), { px: 12, lines: ['Upload documents'] });
  assert.deepEqual(fitted('Upload documents', 100, measure), { px: 11, lines: ['Upload documents'] });
  assert.deepEqual(fitted('First visit to the module site', 110, measure), {
    px: 11,
    lines: ['First visit to the', 'module site'],
  });
});

test('journeys that wait at one step stand apart, and are counted where they are too many', () => {
  const tokens = [
    { no: 0, edge: 'a', share: 0 },
    { no: 1, edge: 'b', share: 0 },
    { no: 2, edge: 'c', share: 0.4 },
    { no: 3, edge: 'c', share: 0 },
  ];
  const sources = new Map([...'abc'].map((id) => [id, id === 'c' ? 'other' : 'step']));
  const found = [...waiting(tokens, sources)].map(([step, crowd]) => [step, crowd.map((t) => t.no)]);
  assert.deepEqual(found, [
    ['step', [0, 1]],
    ['other', [3]],
  ]);
  const step = { x: 200, y: 100, w: 100, h: 60 };
  const few = queue(20, step, { x: 0, y: 0, k: 1 });
  assert.equal(few.count, null);
  for (const [i, a] of few.places.entries()) {
    assert.ok(a[0] >= 150 && a[0] <= 250);
    for (const b of few.places.slice(i + 1)) assert.ok(distance(a, b) >= APART);
  }
  const many = queue(300, step, { x: 0, y: 0, k: 1 });
  assert.ok(many.places.length < 30 && many.count);
});

test('what is on the screen or beside it is kept whole', () => {
  const seen = onSheet({ x: -100, y: -50, k: 0.5 }, { width: 400, height: 300 });
  assert.deepEqual(seen, { x0: 200, y0: 100, x1: 1000, y1: 700 });
  const kept = grown(seen, 0.5);
  assert.deepEqual(kept, { x0: -200, y0: -200, x1: 1400, y1: 1000 });
  assert.ok(within(seen, kept) && !within(kept, seen));
  assert.ok(touch({ x0: 1300, y0: 900, x1: 1500, y1: 1100 }, kept));
  assert.ok(!touch({ x0: 1401, y0: 0, x1: 1500, y1: 10 }, kept));
});

test('a picture that is carried is drawn anew before it is coarse or its edge comes into sight', () => {
  const room = { width: 400, height: 300 };
  const drawn = { x: 0, y: 0, k: 1 };
  const zoomed = (k) => ({ x: 200 - 200 * k, y: 150 - 150 * k, k }); // about the middle of the room
  assert.ok(near(zoomed(1.9), drawn, room) && !near(zoomed(2), drawn, room));
  assert.ok(near(zoomed(0.51), drawn, room) && !near(zoomed(0.49), drawn, room));
  assert.ok(near({ x: 199, y: -149, k: 1 }, drawn, room) && !near({ x: 201, y: 0, k: 1 }, drawn, room));
});

test('nothing glides where only numbers changed', () => {
  const at = (x) => ({ nodes: new Map([['a', { x, y: 0 }], ['b', { x: 9, y: 9 }]]) });
  assert.equal(rearranged(at(1), at(1.4)), false);
  assert.equal(rearranged(at(1), at(3)), true);
  assert.equal(rearranged(at(1), { nodes: new Map([['b', { x: 9, y: 9 }]]) }), true);
  assert.equal(sameView({ x: 1, y: 2, k: 1 }, { x: 1.2, y: 2, k: 1 }), true);
  assert.equal(sameView({ x: 1, y: 2, k: 1 }, { x: 1, y: 2, k: 1.1 }), false);
});
