/** A text with what `%` stands for (https://www.freedesktop.org/software/systemd/man/latest/systemd.unit.html, "Specifiers"). @param name of the unit */
export function filled(text: string, name: string, hostname: string): string {
  const [, prefix = '', instance = ''] = /^(.*?)(?:@(.*))?\.\w+$/.exec(name) ?? [];
  const known: Readonly<Record<string, string>> = {
    ...{
      '%': '%',
      n: name,
      N: name.replace(/\.\w+$/, ''),
      p: prefix,
      i: instance,
      I: instance.replaceAll('-', '/'),
    },
    ...{ H: hostname, l: hostname, h: '/root', u: 'root', U: '0', t: '/run' },
    ...{ S: '/var/lib', C: '/var/cache', L: '/var/log', T: '/tmp' },
  };
  return text.replace(/%(.)/g, (whole, letter: string) => known[letter] ?? whole);
}
