import { DockerfileError } from '../error.ts';

/**
 * A shell pattern of a substitution, `?` and `*` but no brackets, as an expression.
 *
 * @param greedy whether `*` takes as much as it can
 * @throws DockerfileError where something else than `*`, `?`, `}`, `/` and a backslash is escaped
 */
export function wildcard(pattern: string, greedy: boolean, flags = 'su', anchor = ''): RegExp {
  const source = pattern.replace(/\\(.?)|[*?]|[[\]{}.+()|^$/]/gsu, (token, escaped: string | undefined) => {
    if (escaped !== undefined) {
      if (!/^[*?\\}/]$/.test(escaped))
        throw new DockerfileError(`invalid escape "${token}" in a substitution`);
      return `\\${escaped}`;
    }
    if (token === '*') return greedy ? '.*' : '.*?';
    return token === '?' ? '.' : `\\${token}`;
  });
  return new RegExp(`${anchor}${source}`, flags);
}

/**
 * What `${name#pattern}` and its kin leave of a value.
 *
 * @param word the pattern, with the second operator before it where the longest match is wanted
 * @param operator `#` cuts the start, `%` the end
 */
export function trimMatch(value: string, word: string, operator: '#' | '%'): string {
  const greedy = word.startsWith(operator);
  const pattern = greedy ? word.slice(1) : word;
  if (operator === '#') return value.replace(wildcard(pattern, greedy, 'su', '^'), '');
  // The shortest match at the end starts last, the longest first.
  const whole = new RegExp(`^(?:${wildcard(pattern, true).source})$`, 'su');
  const starts = Array.from({ length: value.length + 1 }, (_, index) => index);
  const order = greedy ? starts : starts.reverse();
  const start = order.find((index) => whole.test(value.slice(index)));
  return start === undefined ? value : value.slice(0, start);
}
