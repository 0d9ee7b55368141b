// A part of a layout that was made for more steps: rows and columns that nobody stands in any more are drawn together.
// Both ways it is one rising scale for all, so nothing changes sides, and what is in one line stays in one line. Pure.

const GAP = { along: 56, across: 84 }; // pixels that are left of an empty stretch
const ASIDE = 64; // pixels between the graph and a step that has no place in it

/**
 * @param {object} whole {nodes, links, width, height} as `read` gives it
 * @param {object} graph {direction, nodes: [{id, w, h}], edges}: what is to be shown of it
 * @returns {object} {nodes, links, width, height} of the same kinds
 */
export function folded(whole, graph) {
  const shown = graph.nodes.filter((n) => whole.nodes.has(n.id));
  const places = shown.map((n) => whole.nodes.get(n.id));
  const right = graph.direction === 'right';
  const x = scale(places.map((p) => [p.x - p.w / 2, p.x + p.w / 2]), right ? GAP.along : GAP.across, whole.width);
  const y = scale(places.map((p) => [p.y - p.h / 2, p.y + p.h / 2]), right ? GAP.across : GAP.along, whole.height);
  const moved = ([px, py]) => [x(px), y(py)];
  const nodes = new Map(
    shown.map(({ id, w, h }) => {
      const place = whole.nodes.get(id);
      const size = { w: Math.max(w, place.w), h: Math.max(h, place.h) }; // links end where the box of the whole did
      return [id, { x: x(place.x), y: y(place.y), ...size }];
    }),
  );
  const links = new Map();
  for (const { source, target } of graph.edges) {
    const link = whole.links.get(`${source} ${target}`);
    if (link) links.set(`${source} ${target}`, { ...link, points: link.points.map(moved), at: link.at && moved(link.at) });
  }
  const middle = right ? x(whole.width / 2) : y(whole.height / 2);
  return { nodes, links, middle, width: x(whole.width), height: y(whole.height) };
}

/** A rising function that keeps the stretches that are taken, and leaves at most `gap` of those that are not. */
function scale(taken, gap, end) {
  const knots = [[0, 0]]; // where the slope changes: place before, place after
  let to = 0;
  const go = (place, most) => {
    const [before, after] = knots.at(-1);
    knots.push([place, after + Math.min(place - before, most)]);
  };
  for (const [from, until] of [...taken].sort((a, b) => a[0] - b[0])) {
    if (from > to) go(from, gap);
    if (until > to) go(until, Infinity);
    to = Math.max(to, until);
  }
  if (end > to) go(end, gap);
  return (place) => {
    const i = Math.max(1, knots.findIndex(([before]) => before >= place));
    const [[a, b], [c, d]] = [knots[i - 1], knots[i]];
    return c === a ? d : b + ((place - a) * (d - b)) / (c - a);
  };
}

/** The same with the steps that have no place in it beside its middle. */
export function aside({ nodes, middle, width, height, ...rest }, graph) {
  const right = graph.direction === 'right';
  const all = new Map(nodes);
  const sheet = { width, height };
  const [along, across, thick, edge] = right ? ['x', 'y', 'h', 'height'] : ['y', 'x', 'w', 'width'];
  for (const { id, w, h } of graph.nodes.filter((n) => !nodes.has(n.id))) {
    const place = { w, h };
    sheet[edge] += ASIDE + place[thick];
    all.set(id, { ...place, [along]: middle, [across]: sheet[edge] - place[thick] / 2 });
  }
  return { ...rest, nodes: all, ...sheet };
}
