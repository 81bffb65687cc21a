import { expect, it } from 'vitest';
import { readDiagram } from './diagram.ts';
import { svgOf, THEMES } from './svg.ts';

const TEXT = `
title: Two & one
description: A leads to B.
boxes:
  a: { at: [0, 0], title: A, text: [first] }
  b: { at: [1, 0], title: B, text: [] }
  c: { at: [1, 1], title: C, text: [], plain: true }
arrows:
  - { from: a, to: b, label: deploy-cloud-run }
  - { from: c, to: b, label: '', refused: true }
`;

it('is a picture with its words, a long label in two lines, and a cross where the way is closed', () => {
  const svg = svgOf(readDiagram(TEXT), THEMES.light);
  expect(svg).toContain('<title id="title">Two &amp; one</title>');
  for (const words of ['A', 'first', 'deploy-', 'cloud-run']) expect(svg).toContain(`>${words}</text>`);
  expect(svg.match(/<rect /g)).toHaveLength(3);
  expect(svg.split(THEMES.light.refused)).toHaveLength(4);
});

it.each([
  ['leads to no box', 'to: b, label: d', 'to: d, label: d'],
  ['are no neighbours', 'c: { at: [1, 1]', 'c: { at: [3, 1]'],
])('refuses an arrow between boxes that %s', (reason, from, to) => {
  expect(() => readDiagram(TEXT.replace(from, to))).toThrow(reason);
});
