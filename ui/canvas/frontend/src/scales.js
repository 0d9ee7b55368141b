// From values to widths and tints. A scene of many steps gets thinner lines.

const MANY = 102; // steps: what the smaller framework of a large log has, and its two ends

// The thinnest line, how much the strongest has more, and the power that brings weak ones up.
const WIDTHS = {
  discovered: [1.2, 7.8, 0.6],
  many: [0.8, 5.2, 0.6],
  planned: [1.6, 10.4, 0.75],
  difference: [1.4, 6.2, 0.8],
};

const largest = (values) => Math.max(...values.map((v) => Math.abs(v ?? 0)), 1e-9);

/** How much a link weighs in the layout: what is often taken runs straight, whatever its width tells. */
export const weightOf = (edge) => edge.weight ?? Math.abs(edge.value ?? 0);

export function scales(scene) {
  const steps = scene.nodes.filter((n) => n.role !== 'start' && n.role !== 'end' && n.role !== 'other');
  const most = { edge: largest(scene.edges.map((e) => e.value)), node: largest(steps.map((n) => n.value)) };
  const part = (value, of) => Math.min(1, Math.abs(value ?? 0) / of);
  const many = (scene.whole ?? scene).nodes.length > MANY;
  const [thin, more, power] = WIDTHS[many && scene.kind === 'discovered' ? 'many' : scene.kind];
  const thickness = (share) => thin + more * share ** power;
  return {
    many,
    thickness,
    width: (value) => thickness(part(value, most.edge)),
    tone: (value) => part(value, most.edge) ** 0.45, // 0..1 on the colour ramp of links
    tint: (value) => part(value, most.node) ** 0.7, // 0..1 on the tint of steps
  };
}
