// The layered layout of a discovered graph by Graphviz: we hand over sizes and take back places and curves.
// Steps come in the fixed `order` of the scene, and links against it are turned round for the ranking: so the same log
// keeps the same picture, whatever a slider hides.

const INCH = 72; // points; Graphviz takes sizes of boxes in inches
let graphviz;

/** Graphviz, in a file of its own that is fetched when first needed. */
function loaded() {
  graphviz ??= import('@viz-js/viz').then(({ instance }) => instance());
  return graphviz;
}

/**
 * @param {object} graph {direction, many, nodes: [{id, role, order, w, h}],
 *   edges: [{id, source, target, strength (0..1), width, label: {w, h} | null}]}
 * @returns {Promise<object>} {nodes: Map id -> {x, y, w, h}, edges: Map id -> {points, label, back}, width, height}
 */
export async function layered(graph) {
  if (!graph.nodes.length) return { nodes: new Map(), edges: new Map(), width: 1, height: 1 };
  const viz = await loaded();
  return read(viz.renderJSON(write(graph), { engine: 'dot' }), graph);
}

/** The graph in the language of Graphviz. Names are numbers, so no text of a log gets in. */
export function write(graph) {
  const { many } = graph;
  const steps = ordered(graph);
  const number = new Map(steps.map((n, i) => [n.id, i]));
  const lines = [
    `digraph{rankdir=${graph.direction === 'right' ? 'LR' : 'TB'};nodesep=${many ? 0.18 : 0.32};ranksep=${many ? 0.28 : 0.3}`,
    many ? 'nslimit=4;nslimit1=4;mclimit=0.6' : '',
    'node[shape=box,fixedsize=true,label=""];edge[fontsize=11,arrowsize=0.01]',
    ...steps.map((n, i) => boxed(n, i)),
    ...[...graph.edges].sort((a, b) => b.strength - a.strength).map((e) => linked(e, number, graph)),
  ];
  return `${lines.filter(Boolean).join(';\n')}}`;
}

const ordered = (graph) => [...graph.nodes].sort((a, b) => a.order - b.order || (a.id < b.id ? -1 : 1));

function boxed(node, i) {
  const line = `${i}[width=${node.w / INCH},height=${node.h / INCH}]`;
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

function read(drawn, graph) {
  const steps = ordered(graph);
  const [, , width, height] = drawn.bb.split(',').map(Number);
  const point = (text) => {
    const [x, y] = text.split(',').map(Number);
    return [x, height - y]; // Graphviz counts upwards
  };
  const nodes = new Map();
  for (const drawnNode of drawn.objects ?? []) {
    const node = steps[Number(drawnNode.name)];
    if (!node || !drawnNode.pos) continue;
    const [x, y] = point(drawnNode.pos);
    nodes.set(node.id, { x, y, w: node.w, h: node.h });
  }
  const place = new Map(steps.map((n, i) => [n.id, i]));
  const edges = new Map();
  for (const drawnEdge of drawn.edges ?? []) {
    const edge = graph.edges[Number(drawnEdge.id)];
    const back = place.get(edge.source) > place.get(edge.target);
    edges.set(
      edge.id,
      edge.source === edge.target
        ? loop(nodes.get(edge.source), edge, graph.direction)
        : curve(drawnEdge, edge, back, point, graph.direction),
    );
  }
  return { nodes, edges, width, height };
}

function curve(drawn, edge, back, point, direction) {
  let tip;
  let points = [];
  for (const part of drawn.pos.split(' ')) {
    if (part[0] === 'e' || part[0] === 's') tip = point(part.slice(2));
    else points.push(point(part));
  }
  if (back) points = points.reverse();
  if (tip) points.push(points[points.length - 1], tip, tip);
  const [x, y] = drawn.lp && edge.label ? point(drawn.lp) : [];
  const aside = edge.width / 2; // the layout thinks of lines as thin
  const label = direction === 'right' ? [x, y - aside] : [x + aside, y];
  return { points, back, label: x === undefined ? null : label };
}

// The loops of Graphviz are too tight for a thick line; it only reserves the room.
function loop(node, edge, direction) {
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

// The same file is the worker that keeps the page free while Graphviz thinks.
if (typeof WorkerGlobalScope !== 'undefined' && globalThis instanceof WorkerGlobalScope) {
  loaded();
  globalThis.onmessage = async ({ data }) => {
    try {
      postMessage({ found: await layered(data) });
    } catch (error) {
      postMessage({ error: String(error) });
    }
  };
}
