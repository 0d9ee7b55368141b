// Curves of the links of a discovered graph: {points, label: [x, y] | null, back, loop}.

/** A link as it was laid out, with the place that was kept for its label. */
export function placed({ points, back, at }, edge, direction) {
  const aside = edge.width / 2; // the layout thinks of lines as thin
  const beside = ([x, y]) => (direction === 'right' ? [x, y - aside] : [x + aside, y]);
  return { points, back, label: at && edge.label ? beside(at) : null };
}

/** The loops of Graphviz are too tight for a thick line; it only reserves the room. */
export function loop(node, edge, direction) {
  if (direction === 'right') return loopAbove(node, edge);
  const x = node.x + node.w / 2;
  const points = [
    [x, node.y - 7],
    [x + 30, node.y - 16],
    [x + 30, node.y + 16],
    [x, node.y + 7],
  ];
  const label = edge.label ? [x + 29 + edge.label.w / 2, node.y] : null;
  return { points, back: false, label, loop: true };
}

// Where links leave to the right, the loop stands on the step.
function loopAbove(node, edge) {
  const y = node.y - node.h / 2;
  const points = [
    [node.x - 7, y],
    [node.x - 18, y - 26],
    [node.x + 18, y - 26],
    [node.x + 7, y],
  ];
  const label = edge.label ? [node.x + 17 + edge.label.w / 2, y - 14] : null;
  return { points, back: false, label, loop: true };
}
