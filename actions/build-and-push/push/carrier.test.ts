import { expect, it } from 'vitest';
import { chooseCarrier } from './carrier.ts';

const choice = {
  own: 'gangway-run-1',
  tags: ['latest', 'sha-0123456', 'main'],
  key: 'abc',
  sha: '0123456789abcdef0123456789abcdef01234567',
  immutableTags: false,
  deletesTags: true,
};

it.each<[string, Partial<typeof choice>, string]>([
  ['its own tag where it can be removed', {}, 'gangway-run-1'],
  ['the tag of the key where it can not', { deletesTags: false }, 'gangway-abc'],
  ['the tag of the commit where there is no key', { deletesTags: false, key: '' }, 'sha-0123456'],
  ['the tag of the commit where tags are immutable', { immutableTags: true }, 'sha-0123456'],
  ['the last tag where none names the commit', { immutableTags: true, sha: '' }, 'main'],
])('takes %s', (_, given, tag) => {
  expect(chooseCarrier({ ...choice, ...given })).toEqual({ tag, own: tag === choice.own });
});
