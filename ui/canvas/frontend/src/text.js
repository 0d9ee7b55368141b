// How wide texts are, and how they are broken to fit. `measure(text, px, weight)` gives pixels.

const NAME_PX = [13, 12, 11];

/** A measure that uses the browser's own letters; widths are kept, since the same texts come again with each scene. */
export function measurer(font) {
  const context = document.createElement('canvas').getContext('2d');
  const known = new Map();
  return (text, px, weight = 500) => {
    const key = `${px} ${weight} ${text}`;
    if (!known.has(key)) {
      context.font = `${weight} ${px}px ${font}`;
      known.set(key, context.measureText(text).width);
    }
    return known.get(key);
  };
}

/** The text, cut with an ellipsis where it is wider than `width`. */
export function cut(text, width, fits) {
  if (fits(text) <= width) return text;
  const signs = [...text]; // never half of an emoji
  let low = 0;
  let high = signs.length;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (fits(`${signs.slice(0, middle).join('')}…`) <= width) low = middle;
    else high = middle - 1;
  }
  return `${signs.slice(0, low).join('').trimEnd()}…`;
}

/** A name as large as it fits on one line, else in small letters on two: {px, lines}. */
export function fitted(text, width, measure) {
  const px = NAME_PX.find((size) => measure(text, size, 600) <= width);
  if (px) return { px, lines: [text] };
  const small = NAME_PX[NAME_PX.length - 1];
  return { px: small, lines: wrap(text, width, 2, (line) => measure(line, small, 600)) };
}

/** At most `lines` lines, broken at blanks, dashes, underscores and slashes; the last one cut. */
export function wrap(text, width, lines, fits) {
  const out = [];
  let line = '';
  const words = text.split(/(?<=[\s_\-/])/);
  words.forEach((word, i) => {
    if (out.length === lines) return;
    if (!line || fits((line + word).trim()) <= width) {
      line += word;
    } else if (out.length === lines - 1) {
      line += words.slice(i).join('');
      out.push(line.trim());
      line = '';
    } else {
      out.push(line.trim());
      line = word;
    }
  });
  if (line.trim() && out.length < lines) out.push(line.trim());
  return out.map((l) => cut(l, width, fits));
}
