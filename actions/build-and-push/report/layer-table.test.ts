import { describe, expect, it } from 'vitest';
import { formatBytes, readableInstruction } from '../compare/layer-changes.ts';
import { layerTable } from './layer-table.ts';

const layer = (digest: string, size: number, instruction = `COPY ${digest} /`) => ({
  digest,
  size,
  instruction,
});

describe('the table of layers', () => {
  it('holds each against the one of the same instruction before', () => {
    const before = [layer('base', 30_000_000), layer('a', 2_000_000, 'RUN a | b'), layer('gone', 5000)];
    const now = [layer('base', 30_000_000), layer('b', 1_500_000, 'RUN a | b'), layer('c', 900)];
    expect(String(layerTable(now, before))).toBe(`| Layer | Size | Against the image before |
|---|--:|--:|
| \`COPY base /\` | 30 MB | same |
| \`RUN a \\| b\` | 1.5 MB | changed, −500 kB |
| \`COPY c /\` | 900 B | new |
| **3 layers** | **32 MB** | **−504 kB** |`);
  });

  it('has sizes alone where there was none before, and is cut where there are too many', () => {
    const layers = [...Array(40).keys()].map((n) => layer(`l${n}`, 10));
    const many = String(layerTable(layers, undefined));
    expect(many).toContain('| 10 more | 100 B |\n| **40 layers** | **400 B** |');
    expect(many).not.toContain('before');
    expect(layerTable([], undefined)).toBe('');
  });
});

it.each([
  ['RUN /bin/sh -c npm ci # buildkit', 'RUN npm ci'],
  ['RUN |1 GREETING=a b /bin/sh -c echo $GREETING # buildkit', 'RUN echo $GREETING'],
  ['/bin/sh -c #(nop) COPY file:ab in / ', 'COPY file:ab in /'],
  ['/bin/sh -c npm ci', 'RUN npm ci'],
  ['|1 A=b /bin/sh -c npm ci', 'RUN npm ci'],
  ['COPY a /\tb # buildkit', 'COPY a / b'],
  ['', ''],
])('%j is read as %j', (instruction, text) =>
  expect(readableInstruction({ digest: '', size: 0, instruction })).toBe(text),
);

it.each([
  [0, '0 B'],
  [999, '999 B'],
  [640_400, '640 kB'],
  [1_249_000, '1.2 MB'],
  [64_000_000, '64 MB'],
])('%i bytes are %s', (bytes, text) => expect(formatBytes(bytes)).toBe(text));
