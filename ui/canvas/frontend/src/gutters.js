// A gutter between two stages holds few deviations before nobody can follow them: the strongest are drawn, the rest
// stand behind a chip that counts them. Paths of the plan and repeats on one step are never left out.

const SHOWN = 5;

/**
 * @param {object} scene
 * @param {Set} open ids of gutters that the reader has opened
 * @returns {object} {edges: those to draw, chips: [{id, from, to (stages), n: how many are left out or could be, open}]}
 */
export function capped(scene, open) {
  const stage = new Map(scene.nodes.map((n) => [n.id, n.stage]));
  const gutters = new Map();
  for (const edge of scene.edges) {
    if (edge.planned || edge.source === edge.target) continue;
    const id = JSON.stringify([stage.get(edge.source), stage.get(edge.target)]);
    if (!gutters.has(id)) gutters.set(id, []);
    gutters.get(id).push(edge);
  }
  const hidden = new Set();
  const chips = [];
  for (const [id, edges] of gutters) {
    if (edges.length <= SHOWN + 1) continue; // a chip for a single link would save nothing
    const rest = [...edges].sort((a, b) => Math.abs(b.value ?? 0) - Math.abs(a.value ?? 0)).slice(SHOWN);
    const [from, to] = JSON.parse(id);
    chips.push({ id, from, to, n: rest.length, open: open.has(id) });
    if (!open.has(id)) rest.forEach((e) => hidden.add(e.id));
  }
  return { edges: scene.edges.filter((e) => !hidden.has(e.id)), chips };
}
