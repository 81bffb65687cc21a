import { expect, it } from 'vitest';
import { labelsWith, servedBefore } from './history.ts';

const named = (id: string, api = 'hello') => `projects/p/locations/global/apis/${api}/configs/${id}`;

it('remembers the last three, and forgets what came after one that it goes back to', () => {
  let gateway = { apiConfig: named('a'), labels: { team: 'x', ...labelsWith(undefined, named('a')) } };
  const move = (id: string) => {
    gateway = { apiConfig: named(id), labels: labelsWith(gateway, named(id)) as typeof gateway.labels };
    return servedBefore(gateway).map((name) => name.split('/').at(-1));
  };
  expect(servedBefore(gateway)).toEqual([]);
  expect(move('b')).toEqual(['a']);
  expect(move('c')).toEqual(['b', 'a']);
  expect(move('d')).toEqual(['c', 'b', 'a']);
  expect(move('e')).toEqual(['d', 'c', 'b']);
  expect(move('d')).toEqual(['c', 'b']);
  expect(move('c')).toEqual(['b']);
  expect(gateway.labels).toEqual({ team: 'x', 'gangway-config': 'c', 'gangway-previous': 'b' });
});

it('knows what Gangway moved it to where somebody else has moved it since', () => {
  const labels = { 'gangway-config': 'b', 'gangway-previous': 'a' };
  expect(servedBefore({ apiConfig: named('by-hand'), labels })).toEqual([named('b'), named('a')]);
  expect(labelsWith({ apiConfig: named('by-hand'), labels }, named('c'))).toEqual({
    'gangway-config': 'c',
    'gangway-previous': 'by-hand',
    'gangway-previous-2': 'b',
    'gangway-previous-3': 'a',
  });
});

it('forgets configs of another API', () => {
  const gateway = { apiConfig: named('a', 'other'), labels: { 'gangway-config': 'a' } };
  expect(labelsWith(gateway, named('b'))).toEqual({ 'gangway-config': 'b' });
});
