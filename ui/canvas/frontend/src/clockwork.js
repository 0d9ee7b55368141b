// The arithmetic of a replay, without a screen: where each token is at a time. Long waits are spent at the step; a
// token travels during the last part of the gap, and never so fast that nobody sees it.

const SHORTEST = 1 / 140; // of the whole replay: the least that a move takes
const LONGEST = 1 / 60; // and the most that is spent on the way

/**
 * @param {object} replay of a scene: {tokens, links: ids}
 * @param {Set} drawn ids of the links that are drawn
 * @returns {object} {end: seconds, journeys: [{outcome, start, end, legs: [{edge, leave, arrive}]}]}
 */
export function wind({ tokens, links }, drawn) {
  const whole = Math.max(1, ...tokens.map((t) => t.start + t.at[t.at.length - 1]));
  const seen = links.map((link) => (drawn.has(link) ? link : null));
  const journeys = tokens.map((token) => journey(token, whole, seen));
  return { end: Math.max(1, ...journeys.map((j) => j.end)), journeys };
}

function journey(token, whole, seen) {
  let now = token.start;
  const legs = token.edges.map((link, i) => {
    const gap = Math.max(whole * SHORTEST, token.at[i + 1] - token.at[i]);
    now += gap;
    return {
      edge: seen[link] ?? null,
      leave: now - Math.min(gap, whole * LONGEST),
      arrive: now,
      from: now - gap,
    };
  });
  return { outcome: token.outcome, start: token.start, end: now, legs };
}

/** Tokens at a time: {no of the journey, edge, share of the way} for each that is on a drawn link or waits at its foot. */
export function at(clock, now) {
  const found = [];
  for (const [no, { legs, start, end, outcome }] of clock.journeys.entries()) {
    if (now < start || now >= end) continue;
    const leg = legs.find((l) => now < l.arrive);
    if (leg?.edge)
      found.push({ no, edge: leg.edge, share: eased((now - leg.leave) / (leg.arrive - leg.leave)), outcome });
  }
  return found;
}

export const onTheWay = (clock, now) => clock.journeys.filter((j) => now >= j.start && now < j.end).length;

function eased(t) {
  if (t <= 0) return 0;
  return t < 0.5 ? 2 * t * t : 1 - 2 * (1 - t) * (1 - t);
}
