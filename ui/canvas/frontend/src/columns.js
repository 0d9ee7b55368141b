// Columns of a table without the page: how wide they are, in which order rows stand, and all of it as a file.

const LETTER_PX = 5.9;
const ROOM_PX = 20; // of a cell beside its text
const OWN_PX = [64, 420]; // the narrowest and the widest that a column makes itself
const LEAST_PX = 260; // a long text may be cut down to this
const SHRUNK = 0.75; // of its width has a column of texts where the room is short
const SAMPLE = 60; // rows that tell how wide a column is
const SHORT = 16; // letters of texts that are never cut
const LONG = 28; // letters of figures and intervals that are never cut: in words, a time has many

/** The tracks of a grid: widths that were given, and for the others what their texts need. */
export function tracks(columns) {
  const free = columns.some(({ width }) => !width); // takes the room that is left
  return columns.map((column) => {
    const px = Math.max(column.width ?? needed(column), longestWord(column.label), figures(column));
    if (column.width) return given(column, px, free);
    return `minmax(${Math.min(px, LEAST_PX)}px,${px}fr)`;
  });
}

/** A column with a width of its own keeps it; one of texts gives of it, and takes what they need where there is room. */
function given(column, px, free) {
  if (column.kind !== 'text') return free ? `${px}px` : `minmax(${px}px,${px}fr)`;
  if (free) return `minmax(${px}px,${Math.max(px, needed(column))}px)`;
  const least = Math.max(SHRUNK * px, longestWord(column.label), figures(column));
  return `minmax(${Math.round(least)}px,${px}fr)`;
}

/** A heading breaks between its words, and never within one. */
const longestWord = (label) =>
  Math.round(Math.max(...label.split(' ').map((word) => word.length)) * LETTER_PX + ROOM_PX);

/** What the texts of a column of figures, or of short ones, need; nothing of others. */
function figures({ kind, texts = [] }) {
  const said = texts.slice(0, SAMPLE).map((text) => text ?? '');
  const longest = Math.max(0, ...said.map((text) => text.length));
  const most = kind === 'number' || said.some((text) => / – [−+]?\d/.test(text)) ? LONG : SHORT;
  return longest <= most ? Math.round(longest * LETTER_PX + ROOM_PX) : 0;
}

function needed({ label, texts = [], chips }) {
  const said = chips?.slice(0, SAMPLE).map((names) => names.join('   ')) ?? texts.slice(0, SAMPLE);
  const longest = Math.max(label.length + 1, ...said.map((text) => text?.length ?? 1));
  return Math.round(Math.min(OWN_PX[1], Math.max(OWN_PX[0], longest * LETTER_PX + ROOM_PX)));
}

/** What a cell is sorted by, and what a file says: the value where there is one, else the text. */
const value = ({ values, texts, chips }, row) => (values ?? texts)?.[row] ?? chips?.[row].join(' → ') ?? null;

/** The numbers of the rows by one column, what is not known at the end; as given without one. */
export function ranked(n, column, down, language) {
  const rows = Array.from({ length: n }, (_, row) => row);
  if (!column) return rows;
  const words = new Intl.Collator(language, { numeric: true });
  const compare = (a, b) => (typeof a === 'number' ? a - b : words.compare(a, b));
  return rows.sort((a, b) => {
    const [x, y] = [value(column, a), value(column, b)];
    if (x === null || y === null) return (x === null) - (y === null);
    return down ? compare(y, x) : compare(x, y);
  });
}

/** Columns as CSV in which no cell is taken for a formula by a spreadsheet. */
export function csv(columns, rows) {
  const lines = rows.map((row) => columns.map((column) => value(column, row)));
  return [columns.map(({ label }) => label), ...lines].map((cells) => `${cells.map(cell).join(',')}\n`).join('');
}

function cell(said) {
  if (typeof said !== 'string') return said ?? '';
  const harmless = said.replace(/^([=+\-@\t\r])/, "'$1");
  return /[",\n\r]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
