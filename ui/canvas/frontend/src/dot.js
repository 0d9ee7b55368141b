// What Graphviz is told and what it answers: a whole graph that it lays out, and links that it leads round steps.

const MARGIN = 10; // pixels between the middle of a link that is led round a step and the step
const APART = { few: { air: 7, beside: 18, below: 7 }, many: { air: 4, beside: 10, below: 13 } }; // pixels
const INCH = 72; // points; Graphviz takes sizes of boxes in inches

export const between = ({ source, target }) => `${source} ${target}`;

const ordered = (graph) => [...graph.nodes].sort((a, b) => a.order - b.order || (a.id < b.id ? -1 : 1));
const numbered = (steps) => new Map(steps.map((n, i) => [n.id, i]));

/**
 * A whole graph in the language of Graphviz. Names are numbers, so no text of a log gets in. Steps come in their fixed
 * order, and links against it are turned round for the ranking.
 */
export function written(graph) {
  const { direction, many } = graph;
  const { air, beside, below } = APART[many ? 'many' : 'few'];
  const steps = ordered(graph);
  const number = numbered(steps);
  const lines = [
    `digraph{rankdir=${direction === 'right' ? 'LR' : 'TB'};nodesep=${inches(beside)};ranksep=${inches(below)}`,
    many ? 'nslimit1=4;mclimit=0.6' : '',
    'node[shape=box,fixedsize=true,label=""];edge[fontsize=11,arrowsize=0.01,headclip=false,tailclip=false]',
    ...steps.map((n, i) => boxed(n, i, 2 * air)),
    ...[...graph.edges].sort((a, b) => b.strength - a.strength).map((e) => linked(e, number, graph)),
  ];
  return `${lines.filter(Boolean).join(';\n')}}`;
}

const inches = (pixels) => (pixels / INCH).toFixed(3);

// A step has air around it that links of others stay out of; its own run to its middle, and are cut later on.
function boxed(node, i, air) {
  const line = `${i}[width=${inches(node.w + air)},height=${inches(node.h + air)}]`;
  if (node.role === 'start') return `{rank=source;${line}}`;
  return node.role === 'end' ? `{rank=sink;${line}}` : line;
}

function linked(edge, number, graph) {
  const [from, to] = [number.get(edge.source), number.get(edge.target)];
  const back = from > to;
  const pull = Math.max(1, Math.round(30 * edge.strength ** 0.8));
  const attributes = [
    `id=${graph.edges.indexOf(edge)}`,
    `penwidth=${edge.width.toFixed(1)}`,
    `weight=${back ? Math.ceil(pull / 3) : pull}`,
  ];
  if (back) attributes.push('dir=back');
  if (edge.label) attributes.push(`label=<${room(edge, graph.direction)}>`);
  return back ? `${to}->${from}[${attributes}]` : `${from}->${to}[${attributes}]`;
}

// Room for a label and for the thickness of its line, which stands beside it: an empty table of that size.
function room({ label, width }, direction) {
  const [w, h] = direction === 'right' ? [label.w + 8, label.h + width] : [label.w + width + 6, label.h];
  const table = 'TABLE BORDER="0" CELLBORDER="0" CELLPADDING="0" CELLSPACING="0" FIXEDSIZE="TRUE"';
  return `<${table} WIDTH="${Math.ceil(w)}" HEIGHT="${Math.ceil(h)}"><TR><TD></TD></TR></TABLE>`;
}

/**
 * Places of the steps, and curves of the links from middle to middle: {nodes: Map id -> {x, y, w, h},
 * links: Map between -> {points, back, at}, width, height}.
 */
export function read(drawn, graph) {
  const steps = ordered(graph);
  const number = numbered(steps);
  const [, , width, height] = drawn.bb.split(',').map(Number);
  const point = pointIn(height);
  const nodes = new Map();
  for (const drawnNode of drawn.objects ?? []) {
    const node = steps[Number(drawnNode.name)];
    if (!node || !drawnNode.pos) continue;
    const [x, y] = point(drawnNode.pos);
    nodes.set(node.id, { x, y, w: node.w, h: node.h });
  }
  const links = new Map();
  for (const drawnEdge of drawn.edges ?? []) {
    const edge = graph.edges[Number(drawnEdge.id)];
    const back = number.get(edge.source) > number.get(edge.target);
    const at = drawnEdge.lp ? point(drawnEdge.lp) : null;
    links.set(between(edge), { points: curve(drawnEdge.pos, back, point), back, at });
  }
  return { nodes, links, width, height };
}

// Graphviz counts upwards.
const pointIn = (height) => (text) => {
  const [x, y] = text.split(',').map(Number);
  return [x, height - y];
};

function curve(pos, back, point) {
  let tip;
  let points = [];
  for (const part of pos.split(' ')) {
    if (part[0] === 'e' || part[0] === 's') tip = point(part.slice(2));
    else points.push(point(part));
  }
  if (back) points = points.reverse();
  if (tip) points.push(points[points.length - 1], tip, tip);
  return points;
}

/** How far links stay off steps; where two of these margins touch, Graphviz would give up and draw straight lines. */
function margin(steps) {
  let room = 2 * MARGIN + 2;
  for (const [i, a] of steps.entries())
    for (const b of steps.slice(i + 1))
      room = Math.min(room, Math.max(Math.abs(a.x - b.x) - (a.w + b.w) / 2, Math.abs(a.y - b.y) - (a.h + b.h) / 2));
  return Math.max(0, Math.floor(room / 2) - 1);
}

/** Links between steps that have their places, led round the other steps: Map between -> {points, back, at: null}. */
export function ledRound(viz, edges, nodes, height) {
  const ids = [...nodes.keys()];
  const number = new Map(ids.map((id, i) => [id, i]));
  const step = (id, i) => {
    const { x, y, w, h } = nodes.get(id);
    return `${i}[width=${w / INCH},height=${h / INCH},pos="${x},${height - y}"]`;
  };
  const lines = [
    `digraph{notranslate=true;splines=true;esep="+${margin([...nodes.values()])}"`,
    'node[shape=box,fixedsize=true,label=""];edge[arrowsize=0.01]',
    ...ids.map(step),
    ...edges.map((e, i) => `${number.get(e.source)}->${number.get(e.target)}[id=${i}]`),
  ];
  const drawn = viz.renderJSON(`${lines.join(';\n')}}`, { engine: 'nop2' });
  const point = pointIn(height);
  return new Map(
    drawn.edges.map(({ id, pos }) => [between(edges[Number(id)]), { points: curve(pos, false, point), back: false, at: null }]),
  );
}
