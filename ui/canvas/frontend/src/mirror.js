// A layered drawing and its mirror image are equally good; after a change the one is kept in which more steps stay on
// the side of each other where the reader has seen them.

const ASIDE = 60; // pixels from which on two steps stand side by side, not under each other

/**
 * @param {object} found a layout
 * @param {object | null} before the layout that the reader sees now
 * @param {string} direction of the graph
 * @returns {object} the layout, mirrored across its direction where that is more like before
 */
export function likeBefore(found, before, direction) {
  const axis = direction === 'right' ? 'y' : 'x';
  if (!before || agreement(found.nodes, before.nodes, axis) >= 0) return found;
  return mirrored(found, axis);
}

/** Pairs of steps that kept their sides, less those that changed them. */
function agreement(now, before, axis) {
  const ids = [...now.keys()].filter((id) => before.has(id));
  let kept = 0;
  for (const [i, a] of ids.entries()) {
    for (const b of ids.slice(i + 1)) {
      const was = before.get(a)[axis] - before.get(b)[axis];
      if (Math.abs(was) >= ASIDE) kept += Math.sign(was) * Math.sign(now.get(a)[axis] - now.get(b)[axis]);
    }
  }
  return kept;
}

export function mirrored(found, axis) {
  const size = axis === 'x' ? found.width : found.height;
  const thing = (t) => t && { ...t, [axis]: size - t[axis] };
  const point = ([x, y]) => (axis === 'x' ? [size - x, y] : [x, size - y]);
  const link = (e) => ({ ...e, points: e.points.map(point), label: thing(e.label) });
  const each = (map, change) => new Map([...map].map(([id, value]) => [id, change(value)]));
  return { ...found, nodes: each(found.nodes, thing), edges: each(found.edges, link) };
}
