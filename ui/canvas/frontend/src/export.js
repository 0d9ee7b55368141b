// The picture as a file: styles resolved into attributes, letters embedded, the whole sheet whatever is on the screen.

import { html, svg } from './dom.js';

const PAD = 24;
const MOST_PIXELS = 8000; // on one side
const KEPT = [
  'fill',
  'fill-opacity',
  'stroke',
  'stroke-width',
  'stroke-opacity',
  'stroke-dasharray',
  'stroke-linecap',
  'stroke-linejoin',
  'font-size',
  'font-weight',
  'font-style',
  'text-anchor',
  'dominant-baseline',
  'paint-order',
  'opacity',
];
const DROPPED = [
  'class',
  'style',
  'tabindex',
  'aria-pressed',
  'data-type',
  'data-id',
  'data-of',
  'data-tip',
  'data-key',
];
const LEGEND_PX = 12;
const ROW = 22;

export async function saveAs(map, kind) {
  const picture = await asSvg(map);
  const blob = kind === 'svg' ? new Blob([picture], { type: 'image/svg+xml' }) : await asPng(picture);
  const link = html('a', { href: URL.createObjectURL(blob), download: `${fileName(map.scene.title)}.${kind}` });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 5000);
}

const fileName = (title) =>
  title
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-|-$/g, '')
    .slice(0, 80) || 'map';

/** The picture as the text of an SVG file that needs nothing beside itself. */
export async function asSvg(map) {
  const { width, height } = map.layout;
  const style = getComputedStyle(map.root);
  const legend = legendOf(map, width);
  const area = { x: -PAD, y: -PAD, width: width + 2 * PAD, height: height + 2 * PAD + legend.height };
  const file = svg('svg', {
    width: area.width,
    height: area.height,
    viewBox: Object.values(area).join(' '),
    role: 'img',
  });
  svg('title', {}, file, map.scene.title);
  svg('style', {}, file, await fontFace(map));
  svg('rect', { ...area, fill: style.backgroundColor }, file);
  const body = svg('g', { 'font-family': style.fontFamily }, file);
  legend.group.setAttribute('transform', `translate(0,${height + PAD})`);
  body.append(pictureOf(map), legend.group);
  return new XMLSerializer().serializeToString(file);
}

/** The whole sheet: all labels whatever the zoom, nothing chosen or lifted out. */
function pictureOf(map) {
  const { selected } = map.pointing;
  map.svg.classList.add('whole');
  map.pointing.mark(null);
  const copy = map.view.cloneNode(true);
  freeze(map.view, copy);
  map.pointing.mark(selected);
  map.svg.classList.remove('whole');
  copy.removeAttribute('transform');
  return copy;
}

/** The legend of the foot, in rows as wide as the picture. */
function legendOf(map, width) {
  const group = svg('g');
  let [x, y] = [0, ROW / 2];
  for (const item of map.footer.legend.children) {
    const [drawn, told] = [item.querySelector('svg'), item.querySelector('span') ?? item];
    const sample = drawn ? drawn.getBoundingClientRect().width + 6 : 0;
    const textLength = map.measure(told.textContent, LEGEND_PX, 400).toFixed(1);
    const needed = sample + Number(textLength) + 18;
    if (x + needed > width && x > 0) [x, y] = [0, y + ROW];
    if (drawn) group.append(sampleAt(drawn, x, y));
    const fill = getComputedStyle(told).color;
    const letters = {
      textLength,
      lengthAdjust: 'spacingAndGlyphs',
      'font-size': LEGEND_PX,
      'dominant-baseline': 'central',
    };
    svg('text', { x: x + sample, y, fill, ...letters }, group, told.textContent);
    x += needed;
  }
  return { group, height: y + ROW / 2 };
}

function sampleAt(drawn, x, y) {
  const copy = drawn.cloneNode(true);
  freeze(drawn, copy);
  copy.removeAttribute('class');
  const { width, height } = drawn.getBoundingClientRect();
  for (const [name, value] of Object.entries({ x, y: y - height / 2, width, height })) copy.setAttribute(name, value);
  return copy;
}

// Other viewers know neither our style sheet nor, always, our letters: a text also says how long it is.
function freeze(drawn, copy) {
  const copies = copy.querySelectorAll('*');
  const gone = [];
  drawn.querySelectorAll('*').forEach((element, i) => {
    const style = getComputedStyle(element);
    const frozen = copies[i];
    if (style.display === 'none' || element.matches('.hit,.halo,.names')) gone.push(frozen);
    for (const name of KEPT) {
      const value = style.getPropertyValue(name);
      if (value && (value !== 'none' || name === 'fill' || name === 'stroke')) frozen.setAttribute(name, value);
    }
    if (element.localName === 'text' && element.textContent) {
      frozen.setAttribute('textLength', element.getComputedTextLength().toFixed(1));
      frozen.setAttribute('lengthAdjust', 'spacingAndGlyphs');
    }
    DROPPED.forEach((name) => frozen.removeAttribute(name));
  });
  gone.forEach((element) => element.remove());
}

/** The letters of the page as a rule that carries them along; empty where the page uses those of the system. */
async function fontFace(map) {
  const family = getComputedStyle(map.root).fontFamily.split(',')[0].replace(/["']/g, '').trim();
  const rules = [...document.styleSheets]
    .flatMap((sheet) => readable(sheet))
    .filter((rule) => rule instanceof CSSFontFaceRule);
  const own = rules.filter((r) => r.style.getPropertyValue('font-family').replace(/["']/g, '').trim() === family);
  const upright = own.find((r) => r.style.getPropertyValue('font-style') !== 'italic');
  const address = upright?.style.getPropertyValue('src').match(/url\(["']?([^"')]+)["']?\)/)?.[1];
  if (!address) return '';
  const answer = await fetch(new URL(address, upright.parentStyleSheet.href ?? document.baseURI));
  const data = await asData(await answer.blob());
  const weight = upright.style.getPropertyValue('font-weight') || '200 900';
  return `@font-face{font-family:"${family}";font-weight:${weight};src:url(${data}) format("woff2")}`;
}

function readable(sheet) {
  try {
    return [...sheet.cssRules];
  } catch (foreign) {
    return []; // a sheet of another site keeps its rules to itself
  }
}

const asData = (blob) =>
  new Promise((resolve) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result);
    reader.readAsDataURL(blob);
  });

async function asPng(picture) {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(picture)}`;
  await image.decode();
  const scale = Math.min(2, MOST_PIXELS / Math.max(image.width, image.height));
  const paper = html('canvas', { width: Math.round(image.width * scale), height: Math.round(image.height * scale) });
  paper.getContext('2d').drawImage(image, 0, 0, paper.width, paper.height);
  return new Promise((resolve) => {
    paper.toBlob(resolve, 'image/png');
  });
}
