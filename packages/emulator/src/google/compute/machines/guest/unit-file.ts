/** A unit as its files say, by section and key, with every value in its order (https://www.freedesktop.org/software/systemd/man/latest/systemd.syntax.html). */
export interface UnitFile {
  readonly name: string;
  /** The values of a key, such as `Service` and `ExecStartPre`; none after an empty one. */
  all(section: string, key: string): readonly string[];
  /** The last value of a key. */
  last(section: string, key: string): string | undefined;
  /** Lines that can't be read, with their numbers. */
  readonly problems: readonly string[];
}

/** @param texts of the file, and of those in its `.d` folder */
export function readUnitFile(name: string, texts: readonly string[]): UnitFile {
  const values = new Map<string, string[]>();
  const problems: string[] = [];
  for (const text of texts) {
    let section = '';
    for (const [number, line] of logicalLines(text)) {
      const header = /^\[(.+)\]$/.exec(line);
      if (header) {
        section = header[1] ?? '';
        continue;
      }
      const [, key = '', value = ''] = /^([A-Za-z][\w-]*)\s*=\s*(.*)$/s.exec(line) ?? [];
      if (!key || !section) {
        problems.push(
          `${name}:${number}: ${key ? 'Assignment outside of section' : "Missing '='"}, ignoring line.`,
        );
        continue;
      }
      const at = `${section}.${key}`;
      // Nothing assigned takes back what was.
      if (value === '') values.set(at, []);
      else values.set(at, [...(values.get(at) ?? []), value]);
    }
  }
  return {
    name,
    problems,
    all: (section, key) => values.get(`${section}.${key}`) ?? [],
    last: (section, key) => values.get(`${section}.${key}`)?.at(-1),
  };
}

/** Lines with those that they go on in, without comments. */
function* logicalLines(text: string): Generator<readonly [number: number, line: string]> {
  let [begun, joined] = [0, ''];
  for (const [index, raw] of text.split('\n').entries()) {
    const line = raw.trim();
    if (/^[#;]/.test(line)) continue;
    if (joined === '') begun = index + 1;
    joined += joined === '' ? line : ` ${line}`;
    if (joined.endsWith('\\')) {
      joined = joined.slice(0, -1).trimEnd();
      continue;
    }
    if (joined !== '') yield [begun, joined];
    joined = '';
  }
  if (joined !== '') yield [begun, joined];
}
