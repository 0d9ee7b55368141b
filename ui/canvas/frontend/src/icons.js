// Drawn signs, so that no font has to have them. Channels and tools in a field of 16, glyphs of statuses in one of 10.

const SHOP =
  'M2.5 6.5v7h11v-7M1.5 6.5 3 2.5h10l1.5 4M1.5 6.5a2.2 2.2 0 0 0 4.3 0a2.2 2.2 0 0 0 4.4 0a2.2 2.2 0 0 0 4.3 0M6.5 13.5v-3.5h3v3.5';
const SPEECH = 'M2 3h12v8H7.5L4.5 13.8V11H2zM5 6h6M5 8.3h4';
const HOME = 'M2 7.3 8 2.3l6 5M3.7 6v7.5h8.6V6M6.7 13.5v-4h2.6v4';

export const CHANNELS = {
  web: 'M8 1.7a6.3 6.3 0 1 0 0 12.6a6.3 6.3 0 0 0 0-12.6M1.7 8h12.6M8 1.7c-3.7 3.5-3.7 9.1 0 12.6c3.7-3.5 3.7-9.1 0-12.6',
  phone:
    'M3 2h2.6l1.3 3.2-1.7 1.2a8.6 8.6 0 0 0 4.4 4.4l1.2-1.7 3.2 1.3V13c0 .6-.5 1-1 1C7.5 13.7 2.3 8.5 2 3c0-.6.4-1 1-1',
  email: 'M1.8 3.5h12.4v9H1.8zM2 4l6 4.8L14 4',
  app: 'M4.9 1.5h6.2q1 0 1 1v11q0 1-1 1H4.9q-1 0-1-1v-11q0-1 1-1M7 12.3h2',
  system:
    'M8 5.4a2.6 2.6 0 1 0 0 5.2a2.6 2.6 0 0 0 0-5.2M8 1.4v2M8 12.6v2M1.4 8h2M12.6 8h2M3.3 3.3l1.5 1.5M11.2 11.2l1.5 1.5M12.7 3.3l-1.5 1.5M4.8 11.2l-1.5 1.5',
  letter: 'M1.8 4h12.4v8.5H1.8zM9.8 6.2h2.3v2.2H9.8zM4 7h3M4 9.3h3',
  social:
    'M4.2 6a2 2 0 1 0 0 4a2 2 0 0 0 0-4M11.8 1.8a2 2 0 1 0 0 4a2 2 0 0 0 0-4M11.8 10.2a2 2 0 1 0 0 4a2 2 0 0 0 0-4M6 7.1l4-2.3M6 8.9l4 2.3',
  person: 'M8 2a2.7 2.7 0 1 0 0 5.4A2.7 2.7 0 0 0 8 2M2.8 14c.3-3.3 2.3-4.8 5.2-4.8s4.9 1.5 5.2 4.8',
  search: 'M7 2a5 5 0 1 0 0 10A5 5 0 0 0 7 2M10.7 10.7 14.2 14.2',
  video: 'M1.8 4h8.4v8H1.8zM10.2 7l4-2.2v6.4l-4-2.2',
  home: HOME,
  locker: HOME,
  branch: SHOP,
  store: SHOP,
  shop: SHOP,
  club: SHOP,
  till: SHOP,
  visit: SHOP,
  chat: SPEECH,
  sms: SPEECH,
  other: 'M8 5.2a2.8 2.8 0 1 0 0 5.6a2.8 2.8 0 0 0 0-5.6',
};

export const TOOLS = {
  zoom_in: 'M8 3v10M3 8h10',
  zoom_out: 'M3 8h10',
  fit: 'M2 6V2h4M10 2h4v4M14 10v4h-4M6 14H2v-4',
  enlarge: 'M9.5 2H14v4.5M14 2 9.3 6.7M6.5 14H2V9.5M2 14l4.7-4.7',
  shrink: 'M13.8 6.7H9.3V2.2M9.3 6.7 14 2M2.2 9.3h4.5v4.5M6.7 9.3 2 14',
  play: 'M5 3l8 5-8 5z',
  pause: 'M5 3v10M11 3v10',
  download: 'M8 2v8M4.5 7 8 10.5 11.5 7M3 13.5h10',
};

export const GLYPHS = {
  skip: 'M.8 7.2C1.5 2.3 7 1.6 8.3 5.9M8.6 2.8 8.5 6.3 5.3 5.5',
  out_of_order: 'M9.2 7.2C8.5 2.3 3 1.6 1.7 5.9M1.4 2.8 1.5 6.3 4.7 5.5',
  repeat: 'M8.7 5A3.7 3.7 0 1 1 7.3 2.1M7.5.3V2.5H5.2',
  unplanned: 'M5 1.5v7M1.5 5h7',
  accepted: 'M1.2 5.4 3.9 8 8.8 2.2',
  more: 'M5 8.8V1.5M2 4.3 5 1.3 8 4.3',
  less: 'M5 1.2v7.3M2 5.7 5 8.7 8 5.7',
  questions: 'M2.9 3.4C3 .7 7.2.7 7.2 3.3C7.2 5.2 5 5 5 6.8M5 8.9v.2',
  unmeasured: 'M1 5c2.5-3.7 5.5-3.7 8 0C6.5 8.7 3.5 8.7 1 5M1.5 9l7-8',
  milestone: 'M2.5 9.5v-9M2.5 1h5.5L6.6 3.2 8 5.4H2.5',
  failed: 'M2 2l6 6M8 2 2 8',
  late: 'M5 1a4 4 0 1 0 0 8a4 4 0 0 0 0-8M5 2.8V5.2L6.6 6.3',
  wrong_channel: 'M1 3h7.5M6.5 1 8.5 3 6.5 5M9 7H1.5M3.5 5 1.5 7l2 2',
  wrong_persona: 'M5 1a1.9 1.9 0 1 0 0 3.8A1.9 1.9 0 0 0 5 1M1.5 9.3C1.7 5.3 8.3 5.3 8.5 9.3',
  extra: 'M5 1a4 4 0 1 0 0 8a4 4 0 0 0 0-8M5 3v4M3 5h4',
  silent: 'M1 5h1.5M4.3 5h1.4M7.5 5H9',
};

/** Glyphs of badges: those of links under their longer names, and dots where several are put together. */
export const MARKS = { ...GLYPHS, skipped: GLYPHS.skip, repeated: GLYPHS.repeat, more: 'M1.5 5h.1M5 5h.1M8.5 5h.1' };

/** A face whose mouth says how a step should feel, from -1 to 1; its middle is at 0, 0. */
export const face = (score) =>
  `M-6 0a6 6 0 1 0 12 0a6 6 0 1 0-12 0M-2.2-1.8v.2M2.2-1.8v.2M-3 ${2.2 - score}Q0 ${2.2 + score * 2.2} 3 ${2.2 - score}`;
