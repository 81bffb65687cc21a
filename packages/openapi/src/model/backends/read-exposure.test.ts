import { expect, it } from 'vitest';
import { readExposure } from './read-exposure.ts';

it('reads paths and tags, of what is offered and of what is left out', () => {
  expect(readExposure(['/a/**', '/b/*', 'tag:Public', '!/admin', '!tag:For staff'])).toEqual({
    include: ['/a/**', '/b/*', 'tag:Public'],
    exclude: ['/admin', 'tag:For staff'],
  });
});

it.each([
  'a',
  '!a',
  '! /a',
  '!!/a',
  '-/a',
  '!GET /a',
  'get /a',
  '/a /b',
  'tag:',
  '!tag: ',
  '! tag:x',
  '',
  '!',
  'TAG:x',
])('%j is no pattern', (pattern) => {
  expect(readExposure(['/ok', pattern])).toMatchObject({
    pattern,
    problem: expect.stringMatching(/^(write a path|a pattern is)/),
  });
});
