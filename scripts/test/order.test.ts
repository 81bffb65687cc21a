import { expect, it } from 'vitest';
import type { NeedName } from './needs.ts';
import { inOrder } from './order.ts';

const selected = (file: string, ...needs: NeedName[]) => ({
  file,
  needs: new Set(needs),
  without: new Set<NeedName>(),
});
const FILES = [
  selected('cluster', 'engine', 'kubernetes'),
  selected('unit'),
  selected('image', 'engine'),
  selected('plain'),
  selected('unit of an engine', 'engine'),
  selected('every fault'),
  selected('fly', 'flyctl'),
];
const declared = new Map([['every fault', { takesMinutes: true }]]);
const isUnit = (file: string) => file.startsWith('unit');

it('begins with what runs long, and ends with what waits for a program that is built', () => {
  expect(inOrder(FILES, declared, isUnit, new Set())).toEqual([
    'every fault',
    'plain',
    'image',
    'unit',
    'unit of an engine',
    'fly',
    'cluster',
  ]);
});

it('fills up with unit tests where every program is there', () => {
  const all = new Set<NeedName>(['engine', 'kubernetes', 'flyctl']);
  expect(inOrder(FILES, declared, isUnit, all)).toEqual([
    'every fault',
    'cluster',
    'image',
    'plain',
    'fly',
    'unit',
    'unit of an engine',
  ]);
});
