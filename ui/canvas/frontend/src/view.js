// Where the reader looks: {x, y, k}, the place of the sheet's corner on the screen and the zoom. Pure.

const READABLE = { discovered: { fit: 0.75, open: 0.78 }, planned: { fit: 0.8, open: 0.86 } };
const MARGIN = 18;
const ACROSS = 0.62; // what can be seen in its whole width, or on the full screen as a whole, at this zoom, is
const LARGEST = 1.15; // a small graph is not blown up
const LARGEST_PART = 1; // nor is the part of one that is shown

const fitting = (layout, room) =>
  Math.min((room.width - 2 * MARGIN) / layout.width, (room.height - 2 * MARGIN) / layout.height, LARGEST);

/** The zoom at which a graph fills the room across the way that it runs. */
const acrossFitting = ({ direction }, layout, room) =>
  direction === 'right'
    ? (room.height - 2 * MARGIN) / layout.height
    : (room.width - 2 * MARGIN) / layout.width;

/** All of the sheet. */
export function wholeView(layout, room) {
  const k = Math.max(0.05, fitting(layout, room));
  return { k, x: (room.width - layout.width * k) / 2, y: Math.max(MARGIN, (room.height - layout.height * k) / 2) };
}

/** All of the sheet if it can be read so; else its beginning, large enough to read. The `full` screen shows more. */
export function openingView(scene, layout, room, full = false) {
  const planned = scene.kind !== 'discovered';
  const readable = READABLE[planned ? 'planned' : 'discovered'];
  const whole = wholeView(layout, room);
  if (full && whole.k >= ACROSS) return whole;
  if (planned && whole.k >= readable.fit) return { ...whole, y: MARGIN };
  if (whole.k >= readable.fit) return whole;
  if (planned) return { k: readable.open, x: MARGIN, y: MARGIN };
  const across = acrossFitting(scene, layout, room);
  const k = across < ACROSS ? readable.open : Math.min(LARGEST_PART, across);
  const start = layout.nodes.get(scene.nodes.find((n) => n.role === 'start')?.id) ?? { x: layout.width / 2, y: 0 };
  if (scene.direction === 'right') return { k, x: MARGIN, y: around(start.y * k, layout.height * k, room.height) };
  return { k, x: around(start.x * k, layout.width * k, room.width), y: MARGIN };
}

/** Where to begin a length so that a point of it is in the middle, and no room is wasted before or after. */
function around(point, length, room) {
  const slack = room - length;
  if (slack >= 2 * MARGIN) return slack / 2;
  return Math.min(MARGIN, Math.max(slack - MARGIN, room / 2 - point));
}

/** The same zoom, moved so that the chosen step, else the one nearest to the middle of the screen, stays where it is. */
export function keepView(before, after, { x, y, k }, room, chosen) {
  let nearest = null;
  for (const [id, old] of before.nodes) {
    const now = after.nodes.get(id);
    if (!now) continue;
    const off = id === chosen ? 0 : Math.hypot(old.x * k + x - room.width / 2, old.y * k + y - room.height / 2);
    if (!nearest || off < nearest.off) nearest = { off, old, now };
  }
  if (!nearest) return wholeView(after, room);
  return { k, x: x + (nearest.old.x - nearest.now.x) * k, y: y + (nearest.old.y - nearest.now.y) * k };
}

/** Whether two views show the same to the eye: the way from one to the other is not worth watching. */
export const sameView = (a, b) => Math.hypot(a.x - b.x, a.y - b.y) < 0.5 && Math.abs(a.k - b.k) < 0.001;

/** Whether a step came, went or moved: where only numbers and words changed, nothing glides. */
export function rearranged(before, after) {
  const stands = ([id, { x, y }]) => {
    const old = before.nodes.get(id);
    return old && Math.hypot(old.x - x, old.y - y) < 1;
  };
  return before.nodes.size !== after.nodes.size || ![...after.nodes].every(stands);
}
