import { expect, it } from 'vitest';
import { withOneStop } from './full-stop.ts';

it.each([
  ['Refused: it is gone..', 'Refused: it is gone.'],
  ['It said "no"..\nTo fix it: ask?.', 'It said "no".\nTo fix it: ask?'],
  ['It said (no)..  And more.', 'It said (no).  And more.'],
  ['Waiting for it....', 'Waiting for it...'],
  ['Waiting for it...', 'Waiting for it...'],
  ['The path ../.. is outside of a/..', 'The path ../.. is outside of a/..'],
  ['Ranges 1..3 stay.', 'Ranges 1..3 stay.'],
])('%j becomes %j', (text, expected) => expect(withOneStop(text)).toBe(expected));
