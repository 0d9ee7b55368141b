// A gutter between two stages holds few deviations before nobody can follow them: the strongest are drawn, the rest
// stand behind a chip that counts them. Paths of the plan and repeats on one step are never left out, and a step that
// nobody planned keeps its strongest link.

const SHOWN = 5;

/**
 * @param {object} scene
 * @param {Map} column of each stage
 * @param {Set} open ids of gutters that the reader has opened
 * @returns {object} {edges: those to draw, chips: [{id, kind, column, n: how many are or could be left out, open}]}
 */
export function capped(scene, column, open) {
  const kept = keptForGhosts(scene);
  const hidden = new Set();
  const chips = [];
  for (const [id, { edges, ...gutter }] of gutters(scene, column)) {
    const rest = [...edges]
      .sort(stronger)
      .slice(SHOWN)
      .filter((e) => !kept.has(e.id));
    if (rest.length < 2) continue; // a chip for a single link would save nothing
    chips.push({ id, ...gutter, n: rest.length, open: open.has(id) });
    if (!open.has(id)) rest.forEach((e) => hidden.add(e.id));
  }
  return { edges: scene.edges.filter((e) => !hidden.has(e.id)), chips };
}

/** Whether a step is not in the plan, and stands in the lane beneath it. */
export const offPlan = (node) => node.status === 'unplanned' || node.planned === false;

const strength = (edge) => Math.abs(edge.value ?? 0);
const stronger = (a, b) => strength(b) - strength(a);

/** Deviations by where they run: inside a stage, between two neighbours, over the cards or under them. */
function gutters(scene, column) {
  const columnOf = new Map(scene.nodes.map((n) => [n.id, column.get(n.stage)]));
  const found = new Map();
  for (const edge of scene.edges) {
    if (edge.planned || edge.source === edge.target) continue;
    const [from, to] = [columnOf.get(edge.source), columnOf.get(edge.target)];
    const far = Math.abs(to - from) > 1;
    const kind = far ? (to > from ? 'over' : 'under') : from === to ? 'within' : 'between';
    const place = far ? 0 : Math.min(from, to);
    const id = `${kind} ${place}`;
    if (!found.has(id)) found.set(id, { kind, column: place, edges: [] });
    found.get(id).edges.push(edge);
  }
  return found;
}

function keptForGhosts(scene) {
  const kept = new Set();
  for (const node of scene.nodes.filter(offPlan)) {
    const [best] = scene.edges.filter((e) => e.source === node.id || e.target === node.id).sort(stronger);
    if (best) kept.add(best.id);
  }
  return kept;
}
