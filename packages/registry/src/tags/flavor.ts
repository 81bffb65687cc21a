import { MetadataLineError, splitFields } from './metadata-line.ts';

/** What goes for all tags. */
export interface Flavor {
  /** Whether the tag `latest` goes with the others; `auto` where one of them is a release. */
  readonly latest: 'auto' | 'true' | 'false';
  readonly prefix: string;
  readonly suffix: string;
  /** Whether prefix and suffix are on `latest` too. */
  readonly prefixLatest: boolean;
  readonly suffixLatest: boolean;
}

/**
 * Reads the lines of docker/metadata-action's input `flavor`.
 *
 * @throws MetadataLineError with what to write
 * @see https://github.com/docker/metadata-action#flavor-input
 */
export function readFlavor(lines: readonly string[]): Flavor {
  const flavor = {
    latest: 'auto' as Flavor['latest'],
    prefix: '',
    suffix: '',
    prefixLatest: false,
    suffixLatest: false,
  };
  for (const line of lines) {
    let last: 'prefix' | 'suffix' | undefined;
    for (const field of splitFields(line)) {
      const [, name = '', value = ''] = /^(\w+)\s*=\s*(.*)$/.exec(field) ?? [];
      if (name === 'prefix' || name === 'suffix') {
        flavor[name] = value;
        last = name;
      } else if (name === 'latest' && /^(auto|true|false)$/.test(value))
        flavor.latest = value as Flavor['latest'];
      else if (name === 'onlatest' && last && /^(true|false)$/.test(value))
        flavor[`${last}Latest`] = value === 'true';
      else
        throw new MetadataLineError(
          'write latest=auto, true or false, prefix=TEXT or suffix=TEXT, the last two with ,onlatest=true',
        );
    }
  }
  return flavor;
}
