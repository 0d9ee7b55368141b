// Journeys as tokens that move along the links. They are painted on a sheet of their own above the map: 500 of them
// are a few hundred dots for a canvas, and would be thousands of changes of elements for the page.

import { at, onTheWay, wind } from './clockwork.js';
import { fill, html, icon } from './dom.js';
import { along, flatten } from './geometry.js';
import { TOOLS } from './icons.js';
import { queue, waiting } from './queue.js';

const LASTS_S = 30; // a replay at normal speed
const SPEEDS = [0.5, 1, 2, 4];
const RADIUS = 4.5;
const WAITING = 3.5; // a token that waits is smaller
const NOTCHES = 1000;
const STEP_MS = 700; // how long a picture stands where the reader wants no motion

export class Replay {
  constructor(map) {
    this.map = map;
    this.paper = html('canvas', { class: 'tokens', 'aria-hidden': 'true' }, map.sheet);
    this.bar = map.footer.player;
    this.now = 0;
    this.speed = 1;
    this.byOutcome = false;
  }

  show(scene, layout) {
    this.pause();
    this.bar.replaceChildren();
    this.clock = null;
    this.bar.hidden = !scene.replay?.tokens.length;
    if (!this.bar.hidden) {
      this.scene = scene;
      this.lines = new Map([...layout.edges].map(([id, { points }]) => [id, flatten(points)]));
      this.places = layout.nodes;
      this.sources = new Map(scene.edges.map((e) => [e.id, e.source]));
      this.clock = wind(scene.replay, new Set(layout.edges.keys()));
      this.now = Math.min(this.now, this.clock.end);
      this.counter = new Intl.NumberFormat(scene.language);
      this.controls(scene.words, scene.replay);
    }
    this.resize();
  }

  controls(words, replay) {
    this.bar.setAttribute('aria-label', words.replay);
    this.timing(words);
    this.outcomes = null;
    if (replay.outcomes.length) this.colouring(words);
    this.said = html('span', { class: 'said' }, this.bar);
    const { note } = replay;
    html('span', { class: 'note', title: note.tip?.join('\n') }, this.bar, note.text);
    this.key();
    this.face();
  }

  timing(words) {
    this.button = html('button', { type: 'button', class: 'play' }, this.bar);
    this.button.addEventListener('click', () => (this.playing ? this.pause() : this.play()));
    const time = { type: 'range', min: 0, max: NOTCHES, value: 0, 'aria-label': words.time };
    this.slider = html('input', time, this.bar);
    this.slider.addEventListener('input', () => this.seek((this.clock.end * this.slider.value) / NOTCHES));
    const speeds = html('select', { 'aria-label': words.speed, title: words.speed }, this.bar);
    for (const speed of SPEEDS) html('option', { value: speed }, speeds, `${this.counter.format(speed)}×`);
    speeds.value = this.speed;
    speeds.addEventListener('change', () => {
      this.speed = Number(speeds.value);
    });
  }

  colouring(words) {
    const choice = html('label', { class: 'by' }, this.bar);
    const box = html('input', { type: 'checkbox' }, choice);
    box.checked = this.byOutcome;
    box.addEventListener('change', () => {
      this.byOutcome = box.checked;
      this.key();
      this.paint();
    });
    html('span', {}, choice, words.by_outcome);
    this.outcomes = html('span', { class: 'outcomes' }, this.bar);
  }

  /** Name the colours of the outcomes while they are on. */
  key() {
    this.outcomes?.replaceChildren();
    if (!this.byOutcome || !this.outcomes) return;
    for (const { text, tone } of this.scene.replay.outcomes)
      html('span', { class: `dot ${tone}` }, this.outcomes, text);
  }

  face() {
    const { words } = this.scene;
    const label = this.playing ? words.pause : words.play;
    this.button.replaceChildren(icon(this.playing ? TOOLS.pause : TOOLS.play));
    this.button.setAttribute('aria-label', label);
    this.button.title = label;
  }

  play() {
    this.playing = true;
    this.face();
    if (this.now >= this.clock.end) this.now = 0;
    if (this.map.still()) this.steps();
    else this.run(performance.now());
  }

  run(last) {
    this.frame = requestAnimationFrame((time) => {
      this.advance((Math.max(0, time - last) / 1000) * this.speed * (this.clock.end / LASTS_S));
      if (this.playing) this.run(time);
    });
  }

  // Pictures one after the other instead of motion.
  steps() {
    this.timer = setInterval(() => this.advance(this.scene.replay.unit_s * this.speed), STEP_MS);
  }

  advance(seconds) {
    this.seek(Math.min(this.clock.end, this.now + seconds));
    if (this.now >= this.clock.end) this.pause();
  }

  pause() {
    const played = this.playing;
    this.playing = false;
    cancelAnimationFrame(this.frame);
    clearInterval(this.timer);
    if (played && this.button) this.face();
  }

  seek(now) {
    this.now = now;
    this.paint();
  }

  resize() {
    const { width, height } = this.map.room();
    const dots = globalThis.devicePixelRatio || 1;
    Object.assign(this.paper, { width: Math.round(width * dots), height: Math.round(height * dots) });
    this.paint();
  }

  paint() {
    const context = this.paper.getContext('2d');
    if (this.painted) {
      context.setTransform(1, 0, 0, 1, 0, 0);
      context.clearRect(0, 0, this.paper.width, this.paper.height);
    }
    this.painted = false;
    if (!this.clock || !this.map.transform) return;
    const tokens = this.now > 0 ? at(this.clock, this.now) : [];
    this.painted = tokens.length > 0;
    this.dots(context, tokens);
    this.tell(tokens.length);
  }

  dots(context, tokens) {
    const ratio = globalThis.devicePixelRatio || 1;
    const style = getComputedStyle(this.map.root);
    const colour = (name) => style.getPropertyValue(name).trim();
    const inks = { good: colour('--good'), bad: colour('--drop'), open: colour('--ok') };
    const tones = new Map(this.scene.replay.outcomes.map((o) => [o.id, inks[o.tone]]));
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.lineWidth = 1.5;
    context.strokeStyle = style.backgroundColor;
    const dot = (token, [x, y], radius) => {
      context.beginPath();
      context.arc(x, y, radius, 0, 2 * Math.PI);
      context.fillStyle = (this.byOutcome && tones.get(token.outcome)) || style.color;
      context.fill();
      context.stroke();
    };
    for (const [token, place] of this.moving(tokens)) dot(token, place, RADIUS);
    for (const [step, crowd] of waiting(tokens, this.sources)) {
      const { places, count } = queue(crowd.length, this.places.get(step), this.map.transform);
      places.forEach((place, i) => dot(crowd[i], place, WAITING));
      if (count) this.count(context, crowd.length, count, style);
    }
  }

  /** Those on their way, with their places on the screen. */
  moving(tokens) {
    const { x, y, k } = this.map.transform;
    const place = ({ edge, share }) => along(this.lines.get(edge), share).map((at, i) => at * k + (i ? y : x));
    return tokens.filter((t) => t.share).map((token) => [token, place(token)]);
  }

  count(context, n, [x, y], style) {
    context.font = `600 11px ${style.fontFamily}`;
    context.fillStyle = style.color;
    context.lineWidth = 3.5;
    context.strokeText(this.counter.format(n), x, y);
    context.fillText(this.counter.format(n), x, y);
    context.lineWidth = 1.5;
  }

  tell(shown) {
    const { words, replay } = this.scene;
    const day = this.counter.format(Math.floor(this.now / replay.unit_s));
    const way = this.counter.format(this.now > 0 ? onTheWay(this.clock, this.now) : 0);
    this.said.textContent = `${fill(words.clock, { n: day })} · ${fill(words.on_the_way, { n: way })}`;
    this.slider.value = Math.round((NOTCHES * this.now) / this.clock.end);
    this.slider.style.setProperty('--played', `${(100 * this.now) / this.clock.end}%`);
    this.slider.setAttribute('aria-valuetext', this.said.textContent);
    this.map.root.dataset.tokens = shown;
  }

  end() {
    this.pause();
  }
}
