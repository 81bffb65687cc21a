import { expect, it } from 'vitest';
import { FAULT_SEED } from '../helpers/fault-runs.ts';
import { API_ROWS } from './api-rows.ts';
import { ENGINE_ROWS } from './engine-rows.ts';
import { faultMatrix, turnOf, usual } from './matrix.ts';
import { FAULTS } from './proxy.ts';
import { cellCount, sample } from './sample.ts';

// needs: base-image, busybox
// some tests need: flyctl
// takes minutes

const rows = [...API_ROWS, ...ENGINE_ROWS];

faultMatrix(rows);

it('takes each request, and all kinds of faults over the rows that need no tool', () => {
  const places = [...Array(12).keys()];
  const taken = API_ROWS.filter(({ title }) => title !== 'fly-deploy').map((row) =>
    sample(places, usual(row, places), FAULT_SEED, turnOf(rows, row)),
  );
  for (const cells of taken.filter(({ length }) => length >= places.length))
    expect(new Set(cells.map(({ at }) => at)).size).toBe(places.length);
  expect(new Set(taken.flat().map(({ kind }) => kind)).size).toBe(Object.keys(FAULTS).length);
  const all = sample(places, Number.POSITIVE_INFINITY, FAULT_SEED, 0);
  expect(new Set(all.map((cell) => JSON.stringify(cell))).size).toBe(cellCount(places));
});
