// The door to Streamlit: called again whenever data or theme change; one map or table for each place on the page, and
// one that names what Streamlit draws itself.

import { JourneyMap } from './map.js';
import { Spoken } from './spoken.js';
import { Table } from './table.js';

const shown = new WeakMap();
const KINDS = { table: Table, page: Spoken };

export default function canvas({ data: [scene, height, closed, row], parentElement, setStateValue }) {
  if (!parentElement.isConnected) return undefined; // the page was left before this script was there
  const Picture = KINDS[scene.kind] ?? JourneyMap;
  if (!shown.has(parentElement)) shown.set(parentElement, new Picture(parentElement));
  const picture = shown.get(parentElement);
  if (picture instanceof Spoken) picture.update(scene);
  else if (picture instanceof Table) {
    picture.onChoose = (chosen) => setStateValue('chosen', chosen);
    picture.update(scene);
  } else {
    picture.onSelect = (selection) => setStateValue('selection', selection);
    picture.update({ scene, height, closed, row }).catch((problem) => picture.fail(problem, scene.words));
  }
  return () => {
    picture.end();
    shown.delete(parentElement);
  };
}
