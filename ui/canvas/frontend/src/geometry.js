// Curves as lists of points [x, y]: a start, then three points for each cubic piece. Pure: runs without a browser.

const SAMPLES = 14; // straight bits that stand for one cubic piece when lengths are measured

const round = (x) => Math.round(x * 10) / 10;
const mix = (a, b, t) => [a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t];
export const distance = (a, b) => Math.hypot(b[0] - a[0], b[1] - a[1]);

/** The `d` of an SVG path. */
export function toPath(points) {
  const at = ([x, y]) => `${round(x)},${round(y)}`;
  let d = `M${at(points[0])}`;
  for (let i = 1; i + 2 < points.length; i += 3) d += `C${at(points[i])} ${at(points[i + 1])} ${at(points[i + 2])}`;
  return d;
}

/** Part a cubic piece in two at `t` (de Casteljau). */
export function split([p0, p1, p2, p3], t) {
  const a = mix(p0, p1, t);
  const b = mix(p1, p2, t);
  const c = mix(p2, p3, t);
  const d = mix(a, b, t);
  const e = mix(b, c, t);
  const middle = mix(d, e, t);
  return [
    [p0, a, d, middle],
    [middle, e, c, p3],
  ];
}

function pointOn([p0, p1, p2, p3], t) {
  const u = 1 - t;
  const weigh = (i) => u * u * u * p0[i] + 3 * u * u * t * p1[i] + 3 * u * t * t * p2[i] + t * t * t * p3[i];
  return [weigh(0), weigh(1)];
}

/** A curve as many short straight bits: {points, lengths (from the start), total}. */
export function flatten(points) {
  const line = [points[0]];
  for (let i = 0; i + 3 < points.length; i += 3) {
    const piece = points.slice(i, i + 4);
    for (let k = 1; k <= SAMPLES; k++) line.push(pointOn(piece, k / SAMPLES));
  }
  const lengths = [0];
  for (let i = 1; i < line.length; i++) lengths.push(lengths[i - 1] + distance(line[i - 1], line[i]));
  return { points: line, lengths, total: lengths[lengths.length - 1] };
}

/** The point at a share 0..1 of a flattened curve's length. */
export function along(line, share) {
  const wanted = Math.max(0, Math.min(1, share)) * line.total;
  let low = 0;
  let high = line.lengths.length - 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (line.lengths[middle] <= wanted) low = middle;
    else high = middle;
  }
  const span = line.lengths[high] - line.lengths[low];
  return mix(line.points[low], line.points[high], span ? (wanted - line.lengths[low]) / span : 0);
}

/** The curve without its last `length` pixels, so that a line ends inside its arrow head. */
export function shorten(points, length) {
  const line = flatten(points);
  const keep = line.total - length;
  if (keep <= 0) return points.slice(0, 4).map(() => points[0]);
  const last = line.lengths.findIndex((l) => l >= keep);
  const within = (keep - line.lengths[last - 1]) / (line.lengths[last] - line.lengths[last - 1] || 1);
  const position = (last - 1 + within) / SAMPLES;
  const piece = Math.min(Math.floor(position), (points.length - 4) / 3);
  const [head] = split(points.slice(piece * 3, piece * 3 + 4), position - piece);
  return [...points.slice(0, piece * 3), ...head];
}

/** A curve from within one box to within another, from where it leaves the first to where it enters the second. */
export function cut(points, from, to) {
  const left = leaving(points, from);
  return leaving([...left].reverse(), to).reverse();
}

function leaving(points, { x0, y0, x1, y1 }) {
  const inside = ([x, y]) => x > x0 && x < x1 && y > y0 && y < y1;
  let piece = 0;
  while (piece + 6 < points.length && inside(points[piece + 3])) piece += 3;
  const curve = points.slice(piece, piece + 4);
  let [low, high] = [0, 1];
  for (let i = 0; i < 20; i++) {
    const middle = (low + high) / 2;
    if (inside(pointOn(curve, middle))) low = middle;
    else high = middle;
  }
  return [...split(curve, high)[1], ...points.slice(piece + 4)];
}

/** Straight runs with round corners, as cubic pieces. */
export function rounded(corners, radius) {
  const points = [corners[0]];
  const lineTo = (to) =>
    points.push(mix(points[points.length - 1], to, 1 / 3), mix(points[points.length - 1], to, 2 / 3), to);
  for (let i = 1; i < corners.length - 1; i++) {
    const [before, corner, after] = [corners[i - 1], corners[i], corners[i + 1]];
    const room = Math.min(radius, distance(before, corner) / 2, distance(corner, after) / 2);
    if (room < 0.5) continue;
    const enter = mix(corner, before, room / distance(corner, before));
    const leave = mix(corner, after, room / distance(corner, after));
    lineTo(enter);
    points.push(mix(enter, corner, 0.55), mix(leave, corner, 0.55), leave);
  }
  lineTo(corners[corners.length - 1]);
  return points;
}

/** A box around a middle. */
export const box = (x, y, w, h) => ({ x0: x - w / 2, y0: y - h / 2, x1: x + w / 2, y1: y + h / 2 });

/** The area that two boxes share. */
export function overlap(a, b) {
  const w = Math.min(a.x1, b.x1) - Math.max(a.x0, b.x0);
  const h = Math.min(a.y1, b.y1) - Math.max(a.y0, b.y0);
  return w > 0 && h > 0 ? w * h : 0;
}
