import { createHash } from 'node:crypto';
import { BlockList, isIP } from 'node:net';
import { textsIn, valuesAt } from './comparison.ts';

/** Whether an entry, as it is shown, fits. */
export type Test = (entry: Readonly<Record<string, unknown>>) => boolean;

interface Argument {
  readonly text: string;
  readonly isText: boolean;
}

/**
 * A function of the query language (https://cloud.google.com/logging/docs/view/logging-query-language#functions).
 *
 * @throws SyntaxError for one that there is not, and for arguments that it does not take
 */
export function functionNamed(
  name: string,
  args: readonly Argument[],
  pathOf: (field: string) => string[],
): Test {
  const make = FUNCTIONS[name.toLowerCase()];
  if (!make) throw new SyntaxError(`unknown function "${name}"`);
  const test = make(args, pathOf);
  if (!test) throw new SyntaxError(`wrong arguments of the function "${name}"`);
  return test;
}

type Maker = (args: readonly Argument[], pathOf: (field: string) => string[]) => Test | undefined;

const FUNCTIONS: Readonly<Record<string, Maker>> = {
  log_id: ([id, ...more]) => {
    if (!id?.isText || more.length > 0) return undefined;
    const ending = `/logs/${encodeURIComponent(decodeURIComponent(id.text))}`.toLowerCase();
    return ({ logName }) => String(logName).toLowerCase().endsWith(ending);
  },
  search: (args, pathOf) => {
    const [first, second, ...more] = args;
    if (!first || more.length > 0) return undefined;
    const words = ((second ?? first).text.match(/"[^"]*"|`[^`]*`|\S+/g) ?? []).map((word) =>
      word.replace(/^["`]|["`]$/g, '').toLowerCase(),
    );
    const path = second ? pathOf(first.text) : [];
    return (entry) => {
      const texts = textsIn(valuesAt(entry, path)).map((text) => text.toLowerCase());
      return words.every((word) => texts.some((text) => text.includes(word)));
    };
  },
  ip_in_net: ([field, net, ...more], pathOf) => {
    const [address = '', prefix = ''] = net?.text.split('/') ?? [];
    const family = isIP(address);
    if (!field || family === 0 || more.length > 0) return undefined;
    const list = new BlockList();
    const bits = prefix === '' ? (family === 4 ? 32 : 128) : Number(prefix);
    list.addSubnet(address, bits, family === 4 ? 'ipv4' : 'ipv6');
    return (entry) =>
      valuesAt(entry, pathOf(field.text)).some((value) => {
        const of = isIP(String(value));
        return of !== 0 && list.check(String(value), of === 4 ? 'ipv4' : 'ipv6');
      });
  },
  sample: ([field, fraction, ...more], pathOf) => {
    const share = Number(fraction?.text);
    if (!field || !(share >= 0 && share <= 1) || more.length > 0) return undefined;
    return (entry) => {
      const digest = createHash('sha256')
        .update(textsIn(valuesAt(entry, pathOf(field.text))).join())
        .digest();
      return digest.readUInt32BE(0) / 2 ** 32 < share;
    };
  },
  // Every entry here is of the project itself.
  source: ([resource, ...more]) =>
    resource && more.length === 0
      ? ({ logName }) => String(logName).startsWith(`${resource.text}/`)
      : undefined,
};
