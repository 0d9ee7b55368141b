import assert from 'node:assert/strict';
import { test } from 'node:test';
import { layered } from '../../assets/layered.js'; // as built, so that nothing has to be installed
import { loop } from '../src/curves.js';
import { written } from '../src/dot.js';
import { along, box, distance, flatten, overlap } from '../src/geometry.js';
import { placeLabels } from '../src/labels.js';
import { layout } from '../src/layout.js';
import { chain, measure, scene } from './scenes.js';

const tools = (open = []) => ({ measure, layered, open: new Set(open) });
const boxOf = (n) => box(n.x, n.y, n.w, n.h);
const pairs = (list) => list.flatMap((a, i) => list.slice(i + 1).map((b) => [a, b]));

for (const [name, made] of [
  ['discovered', scene('discovered')],
  ['planned', scene('planned')],
  ['difference', scene('difference')],
  ['a chain of 60', chain(60)],
]) {
  test(`${name}: every step and every link has a place, and no two steps share one`, async () => {
    const found = await layout(made, tools());
    assert.deepEqual(new Set(found.nodes.keys()), new Set(made.nodes.map((n) => n.id)));
    assert.deepEqual(new Set(found.edges.keys()), new Set(made.edges.map((e) => e.id)));
    for (const [a, b] of pairs([...found.nodes.values()])) assert.equal(overlap(boxOf(a), boxOf(b)), 0);
  });

  test(`${name}: everything lies on the sheet`, async () => {
    const found = await layout(made, tools());
    for (const { x, y, w, h } of found.nodes.values()) {
      assert.ok(x - w / 2 >= -1 && y - h / 2 >= -1 && x + w / 2 <= found.width + 1 && y + h / 2 <= found.height + 1);
    }
  });

  test(`${name}: links end at their steps`, async () => {
    const found = await layout(made, tools());
    for (const edge of made.edges) {
      const { points } = found.edges.get(edge.id);
      const reach = (id, point) => {
        const n = found.nodes.get(id);
        return Math.max(Math.abs(point[0] - n.x) - n.w / 2, Math.abs(point[1] - n.y) - n.h / 2);
      };
      assert.ok(
        Math.abs(reach(edge.source, points[0])) < 8,
        `${edge.id} starts ${reach(edge.source, points[0])} away`,
      );
      assert.ok(
        Math.abs(reach(edge.target, points.at(-1))) < 8,
        `${edge.id} ends ${reach(edge.target, points.at(-1))} away`,
      );
      assert.equal(points.length % 3, 1);
    }
  });

  test(`${name}: no label lies on another or on a step`, async () => {
    const found = await layout(made, tools());
    const labels = [...found.edges.values()]
      .map((e) => e.label)
      .filter((l) => l?.free)
      .map(boxOf);
    for (const [a, b] of pairs(labels)) assert.ok(overlap(a, b) <= 1);
    for (const label of labels) for (const n of found.nodes.values()) assert.ok(overlap(label, boxOf(n)) <= 1);
    assert.ok(labels.length >= 0.9 * made.edges.filter((e) => e.text).length);
  });

  test(`${name}: the same scene gives the same picture`, async () => {
    const [one, two] = [await layout(made, tools()), await layout(structuredClone(made), tools())];
    assert.deepEqual([...one.nodes], [...two.nodes]);
    assert.deepEqual([...one.edges], [...two.edges]);
  });
}

test('fewer links leave the order from start to end as it was', async () => {
  const full = scene('discovered');
  const strongest = [...full.edges].sort((a, b) => b.value - a.value).slice(0, 30);
  const [all, some] = [await layout(full, tools()), await layout({ ...full, edges: strongest }, tools())];
  for (const edge of strongest) {
    const down = (found) => Math.sign(found.nodes.get(edge.target).y - found.nodes.get(edge.source).y);
    assert.equal(down(some), down(all), edge.id);
  }
});

test('a discovered graph can run to the right', async () => {
  const found = await layout({ ...scene('discovered'), direction: 'right' }, tools());
  const [start, end] = [found.nodes.get('__start'), found.nodes.get('__end')];
  assert.ok(end.x > start.x + 500);
  assert.ok(found.width > found.height);
});

for (const kind of ['planned', 'difference'])
  test(`${kind}: stages are columns, cards stand under their stage, unplanned ones beneath the lane`, async () => {
    const made = scene(kind);
    const found = await layout(made, tools());
    for (const node of made.nodes) {
      const place = found.nodes.get(node.id);
      const stage = found.stages[made.stages.findIndex((s) => s.id === node.stage)];
      assert.equal(place.x, stage.x + stage.w / 2);
      assert.equal(place.y > found.lane, node.status === 'unplanned' || node.planned === false);
    }
    assert.equal(new Set(found.stages.map((s) => s.w)).size, 1);
  });

test('gutters of a planned map are stretched to a wide room, within bounds', async () => {
  const made = scene('planned');
  const width = async (room) => (await layout(made, { ...tools(), room })).width;
  const narrow = await width({ width: 900, height: 600 });
  const wide = await width({ width: narrow * 1.2, height: 2000 });
  assert.equal(await width(undefined), narrow);
  assert.ok(wide > narrow && wide <= narrow * 1.2);
  assert.equal(await width({ width: 9000, height: 2000 }), await width({ width: 5000, height: 2000 }));
});

test('links of a planned map do not run through cards', async () => {
  const made = scene('planned');
  const found = await layout(made, tools());
  for (const edge of made.edges) {
    const inner = flatten(found.edges.get(edge.id).points).points.slice(2, -2);
    for (const [id, n] of found.nodes) {
      if (id === edge.source || id === edge.target) continue;
      const shrunk = box(n.x, n.y, n.w - 4, n.h - 4);
      const inside = inner.filter(([x, y]) => x > shrunk.x0 && x < shrunk.x1 && y > shrunk.y0 && y < shrunk.y1);
      assert.equal(inside.length, 0, `${edge.id} runs through ${id}`);
    }
  }
});

for (const [name, made] of [
  ['discovered', scene('discovered')],
  ['a chain of 60', chain(60)],
])
  for (const direction of ['down', 'right'])
    test(`${name}, ${direction}: links keep their distance from steps that are not their ends`, async () => {
      const found = await layout({ ...made, direction }, tools());
      for (const edge of made.edges) {
        const { points, width } = found.edges.get(edge.id);
        for (const [id, n] of found.nodes) {
          if (id === edge.source || id === edge.target) continue;
          const away = ([x, y]) =>
            Math.hypot(Math.max(0, Math.abs(x - n.x) - n.w / 2), Math.max(0, Math.abs(y - n.y) - n.h / 2));
          const gap = Math.min(...flatten(points).points.map(away)) - width / 2;
          assert.ok(gap >= 3.5, `${edge.id} is ${gap} from ${id}`);
        }
      }
    });

test('a loop keeps off the step beside it, and on the sheet', async () => {
  const made = scene('discovered');
  const [node] = made.nodes.filter((n) => n.role === 'step');
  const own = { ...made.edges[0], id: 'own', source: node.id, target: node.id };
  const looped = { ...made, edges: [...made.edges, own] };
  const found = await layout(looped, tools());
  const right = Math.max(...flatten(found.edges.get('own').points).points.map(([x]) => x));
  assert.ok(right <= found.width);
  const all = new Map([['a', { x: 0, y: 0, w: 100, h: 30 }], ['b', { x: 122, y: 4, w: 100, h: 30 }]]);
  const near = loop(all.get('a'), { label: null }, 'down', all);
  assert.ok(Math.max(...flatten(near.points).points.map(([x]) => x)) <= 72 - 8);
});

test('a crowded gutter shows the strongest deviations and counts the rest', async () => {
  const made = scene('planned');
  const crowd = Array.from({ length: 9 }, (_, i) => ({
    id: `x${i}`,
    source: 'ad',
    target: i % 2 ? 'pre' : 'form',
    status: 'skip',
    value: 10 + i,
    text: `${i}`,
    tip: ['x'],
  }));
  const crowded = { ...made, edges: [...made.edges, ...crowd] };
  const closed = await layout(crowded, tools());
  const others = crowded.edges.filter((e) => !e.planned && e.source !== e.target);
  const stage = new Map(made.nodes.map((n) => [n.id, n.stage]));
  const inGutter = others.filter((e) => stage.get(e.source) === 'aware' && stage.get(e.target) === 'apply');
  assert.deepEqual([closed.chips[0].kind, closed.chips[0].column], ['between', 0]);
  assert.equal(closed.chips.length, 1);
  assert.equal(closed.chips[0].n, inGutter.length - 5);
  assert.equal(inGutter.filter((e) => closed.edges.has(e.id)).length, 5);
  assert.ok(closed.edges.has('x8') && !closed.edges.has('x0'));
  const opened = await layout(crowded, tools([closed.chips[0].id]));
  assert.equal(opened.edges.size, crowded.edges.length);
  assert.ok(opened.chips[0].open);
});

test('a step that nobody planned keeps its strongest link, however crowded its stage is', async () => {
  const made = scene('planned');
  const crowd = Array.from({ length: 9 }, (_, i) => ({
    id: `x${i}`,
    source: 'adv',
    target: 'id',
    status: 'out_of_order',
    value: 5000 + i,
    text: `${i}`,
    tip: ['x'],
  }));
  const found = await layout({ ...made, edges: [...made.edges, ...crowd] }, tools());
  assert.ok(found.edges.has('o17')); // Upload documents -> Hotline call, 607
  assert.ok(!found.edges.has('x0'));
});

test('far links run over and under the cards, each on a pass of its own, clear of the lane', async () => {
  const made = scene('planned');
  const link = (id, source, target) => ({ id, source, target, status: 'skip', value: 90, text: '90', tip: ['x'] });
  const far = [
    link('a', 'ad', 'pay'),
    link('b', 'form', 'sign'),
    link('c', 'calc', 'docs'),
    link('d', 'nps', 'ad'),
    link('e', 'pay', 'form'),
  ];
  const found = await layout({ ...made, edges: [...made.edges, ...far] }, tools());
  const highest = (id) => Math.min(...found.edges.get(id).points.map((p) => p[1]));
  const lowest = (id) => Math.max(...found.edges.get(id).points.map((p) => p[1]));
  const first = Math.min(...[...found.nodes.values()].map((n) => n.y - n.h / 2));
  const passes = ['a', 'b', 'c'].map(highest);
  assert.equal(new Set(passes).size, 3);
  assert.ok(passes.every((y) => y < first));
  const under = ['d', 'e', 'p99'].map(lowest);
  assert.equal(new Set(under).size, 3);
  assert.ok(under.every((y) => y < found.lane));
});

test('a scene without steps is an empty map', async () => {
  for (const name of ['discovered', 'planned']) {
    const found = await layout({ ...scene(name), nodes: [], edges: [] }, tools());
    assert.equal(found.nodes.size + found.edges.size, 0);
    assert.ok(found.width > 0 && found.height > 0);
  }
});

test('a way of 300 steps with shortcuts stays narrow', async () => {
  const long = chain(300);
  const at = (i) => long.nodes[i].id;
  const shortcut = (_, i) => ({ ...long.edges[0], id: `x${i}`, source: at(i + 1), target: at(i + 3 + ((7 * i) % 5)) });
  const edges = [...long.edges.slice(0, 301), ...Array.from({ length: 293 }, shortcut).map((e) => ({ ...e, value: 20 }))];
  const { nodes, width } = await layout({ ...long, edges }, { measure, layered, open: new Set() });
  assert.equal(nodes.size, 302);
  assert.ok(width < 800, `${width}`);
});

test('between very many lines only the strongest look for a place for their labels', () => {
  const points = [[0, 0], [10, 0], [20, 0], [30, 0]];
  const far = (i) => points.map(([x, y]) => [x + 100 * i, y]);
  const items = Array.from({ length: 700 }, (_, i) => ({ id: i, strength: -i, w: 20, h: 10, points: far(i), beside: 1 }));
  const placed = placeLabels(items, [], null);
  assert.equal(placed.size, 700);
  assert.ok(placed.get(599).free);
  assert.ok(!placed.get(600).free);
});

test('labels of a discovered graph stand beside their lines, whichever way it runs', async () => {
  for (const direction of ['down', 'right']) {
    const found = await layout({ ...scene('discovered'), direction }, tools());
    for (const [id, { points, label, loop }] of found.edges) {
      if (!label?.free || loop) continue;
      const inside = box(label.x, label.y, label.w - 2, label.h - 4);
      const hit = flatten(points).points.some(
        ([x, y]) => x > inside.x0 && x < inside.x1 && y > inside.y0 && y < inside.y1,
      );
      assert.ok(!hit, `${direction}: the label of ${id} lies on its line`);
    }
  }
});

for (const [name, made] of [
  ['discovered', scene('discovered')],
  ['discovered, to the right', { ...scene('discovered'), direction: 'right' }],
  ['a chain of 60', chain(60)],
])
  test(`${name}: the line nearest to a label is its own`, async () => {
    const found = await layout(made, tools());
    const away = (label, link) => {
      const line = flatten(link.points);
      const { x0, y0, x1, y1 } = boxOf(label);
      const gaps = Array.from({ length: 401 }, (_, i) => along(line, i / 400)).map(([x, y]) =>
        Math.hypot(Math.max(0, x0 - x, x - x1), Math.max(0, y0 - y, y - y1)),
      );
      return Math.min(...gaps) - link.width / 2;
    };
    let shown = 0;
    for (const [id, { label }] of found.edges) {
      if (!label?.free) continue;
      shown += 1;
      const gaps = [...found.edges].map(([other, link]) => ({ other, gap: away(label, link) }));
      const nearest = gaps.sort((a, b) => a.gap - b.gap)[0];
      assert.equal(nearest.other, id, `the label of ${id}`);
      assert.ok(nearest.gap < 12, `the label of ${id} is ${nearest.gap} away`);
      assert.ok(nearest.gap > 0, `the label of ${id} lies on its line`);
    }
    assert.ok(shown >= 0.9 * made.edges.length, `${shown} of ${made.edges.length} labels are shown`);
  });

test('another measure moves nothing', async () => {
  for (const direction of ['down', 'right']) {
    const made = { ...scene('discovered'), direction };
    const weighed = made.edges.map((e) => ({ ...e, weight: e.value }));
    const waits = weighed.map((e, i) => ({
      ...e,
      value: e.source === '__start' ? null : (i * 7919) % 104729,
      text: e.source === '__start' ? '' : `${i % 30} days`,
    }));
    const [taken, waited] = [
      await layout({ ...made, edges: weighed }, tools()),
      await layout({ ...made, measure: 'wait', edges: waits }, tools()),
    ];
    assert.deepEqual([...waited.nodes], [...taken.nodes]);
    for (const [id, { points }] of taken.edges) assert.deepEqual(waited.edges.get(id).points, points);
  }
});

for (const direction of ['down', 'right'])
  test(`${direction}: what a slider hides moves no step past another, and links lead round the steps`, async () => {
    const all = { ...scene('discovered'), direction };
    const ranked = [...all.edges].sort((a, b) => b.value - a.value);
    const whole = { nodes: all.nodes, edges: ranked.slice(0, 36) };
    const hidden = new Set(all.nodes.filter((n) => n.role === 'step').slice(-6).map((n) => n.id));
    const nodes = all.nodes.filter((n) => !hidden.has(n.id));
    const part = ranked.filter((e) => !hidden.has(e.source) && !hidden.has(e.target));
    const full = await layout({ ...all, whole }, tools());
    const fewer = await layout({ ...all, whole, edges: ranked.slice(0, 20) }, tools());
    assert.deepEqual([...fewer.nodes], [...full.nodes]);
    const some = await layout({ ...all, whole, nodes, edges: part }, tools());
    for (const [a, b] of pairs([...some.nodes.keys()]))
      for (const axis of ['x', 'y']) {
        const gap = (found) => Math.sign(Math.round(found.nodes.get(a)[axis] - found.nodes.get(b)[axis]));
        assert.equal(gap(some), gap(full), `${a} and ${b}`);
      }
    for (const { id, source, target } of ranked.slice(36)) {
      const inner = flatten(full.edges.get(id).points).points.slice(1, -1);
      for (const [other, n] of full.nodes) {
        if (other === source || other === target) continue;
        const inside = inner.filter(([x, y]) => Math.abs(x - n.x) < n.w / 2 - 1 && Math.abs(y - n.y) < n.h / 2 - 1);
        assert.equal(inside.length, 0, `${id} runs through ${other}`);
      }
    }
  });

test('a box is as wide as in the whole, where its links end, also when a choice makes its number shorter', async () => {
  const all = scene('discovered');
  const few = { ...all, nodes: all.nodes.map((n) => ({ ...n, text: '7' })), whole: all };
  const { nodes } = await layout(few, tools());
  for (const [id, { w }] of (await layout(all, tools())).nodes) assert.equal(nodes.get(id).w, w);
});

test('a step without a place in the whole stands beside the rest', async () => {
  const all = scene('discovered');
  const [last] = all.nodes.filter((n) => n.role === 'step').slice(-1);
  const whole = {
    nodes: all.nodes.filter((n) => n !== last),
    edges: all.edges.filter((e) => e.source !== last.id && e.target !== last.id),
  };
  const { nodes, edges } = await layout({ ...all, whole }, tools());
  const others = [...nodes].filter(([id]) => id !== last.id).map(([, n]) => n.x + n.w / 2);
  assert.ok(nodes.get(last.id).x - nodes.get(last.id).w / 2 > Math.max(...others));
  assert.equal(edges.size, all.edges.length);
});

test('names of a log never reach the language of the layout', async () => {
  const evil = '"];evil->node[label="<b>';
  const text = written({ direction: 'down', many: false, nodes: [{ id: evil, order: 0, w: 10, h: 10 }], edges: [] });
  assert.ok(!text.includes('evil'));
});

test('a loop starts and ends on its own step', async () => {
  const made = scene('planned');
  const found = await layout(made, tools());
  const loops = made.edges.filter((e) => e.source === e.target);
  assert.ok(loops.length > 0);
  for (const { id, source } of loops) {
    const { points, loop } = found.edges.get(id);
    const card = found.nodes.get(source);
    assert.ok(loop);
    assert.equal(points[0][1], card.y - card.h / 2);
    assert.ok(distance(points[0], points.at(-1)) < 40);
  }
});
