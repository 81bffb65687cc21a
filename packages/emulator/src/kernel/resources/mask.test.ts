import { describe, expect, it } from 'vitest';
import { fieldsToChange, putField, topOf } from './mask.ts';

const MUTABLE = ['labels', 'title'] as const;

describe('a patch changes', () => {
  it.each([
    ['what the mask names, also what the request does not have', 'title,labels', {}, ['title', 'labels']],
    ['a part of it', ' labels.team ', { title: 't' }, ['labels.team']],
    ['everything that may be, with *', '*', {}, ['labels', 'title']],
    ['what the request has, without a mask', null, { title: 't', name: 'n' }, ['title']],
    ['the same with an empty one', '', { title: 't' }, ['title']],
  ])('%s', (_, mask, given, fields) => {
    expect(fieldsToChange(mask, given, MUTABLE)).toEqual(fields);
  });

  it('nothing else: that is said, and not passed over', () => {
    expect(() => fieldsToChange('title,name.first', {}, MUTABLE)).toThrow(
      'update_mask path "name.first" names no field that can be updated; labels, title can.',
    );
  });
});

it('a field is put where it belongs, or cleared', () => {
  const to = { labels: { a: '1', b: '2' }, title: 't' };
  putField({ labels: { a: '3', b: '4' } }, to, 'labels.a');
  expect(to).toEqual({ labels: { a: '3', b: '2' }, title: 't' });
  putField({}, to, 'labels.b');
  putField({}, to, 'title');
  expect(to).toEqual({ labels: { a: '3' } });
  putField({ scaling: { most: { count: 1 } } }, to, 'scaling.most.count');
  expect(to).toEqual({ labels: { a: '3' }, scaling: { most: { count: 1 } } });
  expect(topOf<'scaling'>('scaling.most.count')).toBe('scaling');
});
