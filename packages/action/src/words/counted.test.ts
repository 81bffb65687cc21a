import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { counted } from './counted.ts';

it.each([
  [0, '0 changes'],
  [1, '1 change'],
  [2, '2 changes'],
  [1234, '1,234 changes'],
])('%i is %s', (number, text) => expect(counted(number, 'change')).toBe(text));

it('is how every message counts', () => {
  const root = fileURLToPath(new URL('../../../..', import.meta.url));
  // These never count one.
  const plural =
    /MOST|surplus|limit|LIMITS|[a-z]+\.length\} (configs, and Google allows|variables|characters|branches)/i;
  const found = ['actions', 'packages'].flatMap((room) =>
    readdirSync(join(root, room), { encoding: 'utf8', recursive: true })
      .filter(
        (file) =>
          /(?<!\.test)\.ts$/.test(file) &&
          !/node_modules|^emulator|^engine|^cluster|^runner|\/test\//.test(file),
      )
      .flatMap((file) =>
        readFileSync(join(root, room, file), 'utf8')
          .split('\n')
          .filter((line) =>
            /\$\{[\w.?]*(?:length|\bcount|[a-z]Count|\bsize)\} (?!is|becomes|times)[a-z]+s\b/.test(line),
          )
          .filter((line) => !plural.test(line) && !line.includes('=== 1 ?'))
          .map((line) => `${room}/${file}: ${line.trim()}`),
      ),
  );
  expect(found).toEqual([]);
});
