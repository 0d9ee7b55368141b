// Lays out the scenes on standard input with the built canvas, and says where their steps stand.

import { readFileSync } from 'node:fs';
import { layered } from '../../ui/canvas/assets/layered.js';
import { layout } from '../../ui/canvas/frontend/src/layout.js';

const measure = (text, px) => [...text].length * px * 0.55;
const scenes = JSON.parse(readFileSync(0, 'utf-8'));
const places = [];
for (const scene of scenes) {
  const { nodes } = await layout(scene, { measure, layered, open: new Set() });
  places.push(Object.fromEntries([...nodes].map(([id, { x, y }]) => [id, [x, y]])));
}
process.stdout.write(JSON.stringify(places));
