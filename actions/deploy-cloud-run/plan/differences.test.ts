import { diffLines } from '@gangway/action';
import { expect, it } from 'vitest';
import { differences } from './differences.ts';
import { normal } from './normal.ts';

it('says what is new, what goes and what changes, lists by name, and no value of a variable', () => {
  const before = {
    template: {
      timeout: '300s',
      containers: [
        {
          env: [
            { name: 'A', value: 'hunter2' },
            { name: 'B', valueSource: { secretKeyRef: { secret: 's', version: '1' } } },
          ],
          args: ['x'],
        },
      ],
    },
  };
  const after = {
    description: 'd',
    template: {
      containers: [
        {
          env: [
            { name: 'A', value: 'hunter3' },
            { name: 'B', valueSource: { secretKeyRef: { secret: 's', version: '2' } } },
            { name: 'C', value: 'hunter4' },
          ],
          args: ['x', 'y'],
        },
        { name: 'side', image: 'i' },
      ],
    },
  };
  const lines = diffLines(differences(normal(before), normal(after)));
  expect(lines.sort()).toEqual([
    '+ description: d',
    '+ template.containers[0].env[C]: (a value)',
    '+ template.containers[side].image: i',
    '+ template.containers[side].name: side',
    '- template.timeout: 300s',
    '~ template.containers[0].args: ["x"] → ["x","y"]',
    '~ template.containers[0].env[A]: another value',
    '~ template.containers[0].env[B]: secret s:1 → secret s:2',
  ]);
  expect(differences(normal(after), normal(after))).toEqual([]);
});
