import { flagValues, type Instruction } from './instruction.ts';

/** What a `RUN --mount` takes its files from. */
export interface Mount {
  readonly type: string;
  /** A stage, an image or a named context; empty for the build context. */
  readonly from: string;
  readonly source: string;
}

/** @see https://docs.docker.com/reference/dockerfile/#run---mount */
export function mountsOf({ flags }: Instruction): Mount[] {
  return flagValues(flags, 'mount').map((text) => {
    const options = new Map(
      fields(text).map((field): [string, string] => {
        const [key = '', ...value] = field.split('=');
        return [key.toLowerCase(), value.join('=')];
      }),
    );
    return {
      type: options.get('type')?.toLowerCase() ?? 'bind',
      from: options.get('from') ?? '',
      source: options.get('source') ?? options.get('src') ?? '',
    };
  });
}

/** The fields of a line of CSV. */
function fields(text: string): string[] {
  const parts = text.match(/(?:^|,)("(?:[^"]|"")*"|[^,]*)/g) ?? [];
  return parts
    .map((part) => part.replace(/^,/, ''))
    .map((part) => (part.startsWith('"') ? part.slice(1, -1).replaceAll('""', '"') : part));
}
