// Curves of the links of a discovered graph: {points, label: [x, y] | null, back, loop}.

/** A link as it was laid out, with the place that was kept for its label. */
export function placed({ points, back, at }, edge, direction) {
  const aside = edge.width / 2; // the layout thinks of lines as thin
  const beside = ([x, y]) => (direction === 'right' ? [x, y - aside] : [x + aside, y]);
  return { points, back, label: at && edge.label ? beside(at) : null };
}

const REACH = { beside: 30, above: 26 }; // pixels from a step to the handles of its loop; the loop has 3/4 of it
const OFF = 8; // pixels between a loop and the next step

/** The loops of Graphviz are too tight for a thick line; it only reserves the room, and not always. */
export function loop(node, edge, direction, nodes) {
  if (direction === 'right') return loopAbove(node, edge, nodes);
  const x = node.x + node.w / 2;
  const level = (n) => Math.abs(n.y - node.y) < (n.h + node.h) / 2 && n.x > node.x;
  const reach = reached(REACH.beside, [...nodes.values()].filter(level).map((n) => n.x - n.w / 2 - x));
  const points = [
    [x, node.y - 7],
    [x + reach, node.y - 16],
    [x + reach, node.y + 16],
    [x, node.y + 7],
  ];
  const label = edge.label ? [x + reach - 1 + edge.label.w / 2, node.y] : null;
  return { points, back: false, label, loop: true };
}

const reached = (most, rooms) => Math.min(most, (Math.min(...rooms, Infinity) - OFF) / 0.75);

// Where links leave to the right, the loop stands on the step.
function loopAbove(node, edge, nodes) {
  const y = node.y - node.h / 2;
  const above = (n) => Math.abs(n.x - node.x) < (n.w + node.w) / 2 && n.y < node.y;
  const reach = reached(REACH.above, [...nodes.values()].filter(above).map((n) => y - n.y - n.h / 2));
  const points = [
    [node.x - 7, y],
    [node.x - 18, y - reach],
    [node.x + 18, y - reach],
    [node.x + 7, y],
  ];
  const label = edge.label ? [node.x + 17 + edge.label.w / 2, y - 14] : null;
  return { points, back: false, label, loop: true };
}
