import assert from 'node:assert/strict';
import { test } from 'node:test';
import { csv, ranked, tracks } from '../src/columns.js';

const n = { label: 'n', kind: 'number', texts: ['10', null, '9'], values: [10, null, 9] };
const name = { label: 'name', kind: 'text', texts: ['row 10', 'row 9', null] };
const path = { label: 'path', kind: 'chips', chips: [['b', 'c'], ['a'], []] };

test('rows are sorted by value, names by their numbers, and what is not known stands at the end', () => {
  assert.deepEqual(ranked(3, null), [0, 1, 2]);
  assert.deepEqual(ranked(3, n, false, 'en'), [2, 0, 1]);
  assert.deepEqual(ranked(3, n, true, 'en'), [0, 2, 1]);
  assert.deepEqual(ranked(3, name, false, 'en'), [1, 0, 2]);
  assert.deepEqual(ranked(3, name, true, 'en'), [0, 1, 2]);
  assert.deepEqual(ranked(3, path, false, 'en'), [2, 1, 0]);
});

test('a width that is given holds, and the columns without one take the rest', () => {
  assert.equal(tracks([{ ...n, width: 80 }])[0], 'minmax(80px,80fr)');
  const [given, free] = tracks([{ ...n, width: 80 }, { ...name, texts: ['x'.repeat(500)] }]);
  assert.equal(given, '80px');
  assert.equal(free, 'minmax(260px,420fr)');
  const [named] = tracks([{ ...name, texts: ['x'.repeat(30)], width: 100 }, n]);
  assert.equal(named, 'minmax(100px,197px)');
  assert.equal(tracks([{ ...name, label: '95%', texts: ['99.8% – 100.0%'], width: 88 }])[0], 'minmax(103px,103fr)');
  assert.equal(tracks([{ ...n, label: 'Out of incomprehensible', width: 50 }])[0], 'minmax(114px,114fr)'); // 16 letters
  const [later] = tracks([{ ...n, texts: ['muộn hơn 4,5 ngày'], width: 85 }]);
  assert.equal(later, 'minmax(120px,120fr)');
  const [range] = tracks([{ ...name, texts: [null, '−4,1 ngày – 12 ngày'], width: 100 }]);
  assert.equal(range, 'minmax(132px,132fr)');
  assert.equal(tracks([{ ...name, texts: ['a name of any length'], width: 80 }])[0], 'minmax(60px,80fr)'); // it can be cut
});

test('a file has the values, and nothing that a spreadsheet would take for a formula', () => {
  const nasty = { label: '=n', kind: 'text', texts: ['=1+1', 'a "b", c', '-x'] };
  const said = csv([nasty, n, path], [0, 1, 2]);
  assert.equal(said, `'=n,n,path\n'=1+1,10,b → c\n"a ""b"", c",,a\n'-x,9,\n`);
});
