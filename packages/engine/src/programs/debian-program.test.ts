import { expect, it } from 'vitest';
import { upstream } from './debian-program.ts';

it.each([
  ['0.29.1+ds1-4', '0.29.1'],
  ['3.5.16-4', '3.5.16'],
  ['3.5.16-4+deb13u1', '3.5.16'],
  ['1.7.24~ds1-6+deb13u1', '1.7.24'],
  ['1:2.0.2-2+b11', '2.0.2'],
])('the version of a package %s is one of the program %s', (version, program) => {
  expect(upstream(version)).toBe(program);
});
