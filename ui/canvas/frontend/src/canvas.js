// The door to Streamlit: called again whenever data or theme change; one map for each place on the page.

import { JourneyMap } from './map.js';

const maps = new WeakMap();

export default function canvas({ data: [scene, height, closed, row], parentElement, setStateValue }) {
  if (!maps.has(parentElement)) maps.set(parentElement, new JourneyMap(parentElement));
  const map = maps.get(parentElement);
  map.onSelect = (selection) => setStateValue('selection', selection);
  map.update({ scene, height, closed, row }).catch((problem) => map.fail(problem, scene.words));
  return () => {
    map.end();
    maps.delete(parentElement);
  };
}
