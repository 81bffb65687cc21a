import { expect, it } from 'vitest';
import { readValue } from './json.ts';
import { either, fields, flag, list, map, number, type Reader, text, token } from './readers.ts';

interface Part {
  readonly name: string;
  readonly size?: number;
  readonly done?: boolean;
  readonly tags?: readonly string[];
  readonly labels?: Readonly<Record<string, string>>;
  readonly parts?: readonly Part[];
  readonly stop?: string | boolean;
}

const PART: Reader<Part> = fields<Part>(
  {
    name: text,
    size: number,
    done: flag,
    tags: list(text),
    labels: map(text),
    parts: list((value, at) => PART(value, at)),
    stop: either(text, flag),
  },
  'name',
);
const read = (value: unknown) => readValue(value, 'GET h/p', PART);

it('gives what fits: fields that are null as if they were not there, others that are not known as they came', () => {
  expect(read({ name: 'a', size: '12', tags: null, other: { b: 1 }, stop: true })).toEqual({
    name: 'a',
    size: 12,
    other: { b: 1 },
    stop: true,
  });
});

it.each<[unknown, string]>([
  [null, 'it is null, not an object'],
  [[], 'it is a list, not an object'],
  [{}, 'name is missing'],
  [{ name: 5 }, 'name is a number, not a text'],
  [{ name: 'a', done: 'yes' }, 'done is a text, not true or false'],
  [{ name: 'a', size: 'big' }, 'size is a text, not a number'],
  [{ name: 'a', tags: ['b', {}] }, 'tags[1] is an object, not a text'],
  [{ name: 'a', labels: { b: 1 } }, 'labels.b is a number, not a text'],
  [{ name: 'a', parts: [{ name: 'b', parts: {} }] }, 'parts[0].parts is an object, not a list'],
])('names the request, the place and the form of what does not: %o', (value, said) => {
  expect(() => read(value)).toThrow(
    expect.objectContaining({
      code: 'answer-unexpected',
      message: `GET h/p got an unexpected answer: ${said}.`,
    }),
  );
});

it.each<[unknown, string]>([
  [undefined, 'it is missing'],
  ['', 'it is empty'],
  ['ey\nJ', 'it holds characters that no token has'],
  ['ey J', 'it holds characters that no token has'],
  [5, 'it is a number, not a text'],
])('says of a token that is none what is wrong with it, not what it is: %j', (value, said) => {
  expect(() => readValue(value, 'GET h/p', token)).toThrow(`GET h/p got an unexpected answer: ${said}.`);
});
