import { describe, expect, it } from 'vitest';
import { parseDockerfile } from './parse.ts';

const parse = (...lines: string[]) => parseDockerfile(lines.join('\n'));
const texts = (...lines: string[]) =>
  parse(...lines).instructions.map(({ keyword, text }) => `${keyword} ${text}`.trim());

describe('parseDockerfile', () => {
  it('joins continued lines, over comments and blank lines', () => {
    expect(texts('FROM scratch', 'RUN a && \\', '  # not this', '', '    b \\  ', '\tc')).toEqual([
      'FROM scratch',
      'RUN a &&     b \tc',
    ]);
  });

  it('keeps an escaped backslash at the end of a line', () => {
    expect(texts('FROM scratch', 'RUN echo \\\\', 'USER a')).toEqual([
      'FROM scratch',
      'RUN echo \\\\',
      'USER a',
    ]);
  });

  it('takes the escape character from its directive', () => {
    const { instructions, escaper } = parse('# escape=`', 'FROM scratch', 'COPY a `', ' c:\\');
    expect(escaper).toBe('`');
    expect(instructions[1]?.text).toBe('a  c:\\');
  });

  it('reads directives only before anything else', () => {
    expect(parse('#syntax = docker/dockerfile:1 cmdline', '# Check=skip=all', 'FROM scratch').syntax).toBe(
      'docker/dockerfile:1',
    );
    expect(parse('# a comment', '# syntax=docker/dockerfile:1', 'FROM scratch').syntax).toBeUndefined();
    expect(() => parse('# escape=`', '# escape=\\', 'FROM scratch')).toThrow(
      'only one escape parser directive',
    );
    expect(() => parse('# escape=x', 'FROM scratch')).toThrow('the escape character must be');
  });

  it('counts lines from 1', () => {
    const lines = parse(
      '\uFEFF# c',
      'FROM a',
      '',
      'RUN x \\',
      ' y',
      'RUN <<E',
      'z',
      'E',
      'USER b',
    ).instructions;
    expect(lines.map(({ line, lastLine }) => [line, lastLine])).toEqual([
      [2, 2],
      [4, 5],
      [6, 8],
      [9, 9],
    ]);
  });

  it('takes here-documents, and nothing in them for an instruction', () => {
    const { instructions } = parse(
      'FROM a',
      "RUN <<EOF cat <<-'two  words'",
      'FROM b',
      '# kept',
      'EOF',
      '\ttext',
      '\ttwo  words',
      'COPY <<"x" <<y /to/',
      '1',
      'x',
      '2',
      'y',
    );
    expect(instructions.map(({ keyword }) => keyword)).toEqual(['FROM', 'RUN', 'COPY']);
    expect(instructions[1]?.heredocs[0]).toEqual({ name: 'EOF', chomp: false, content: 'FROM b\n# kept\n' });
    expect(instructions[2]?.heredocs.map(({ name, content }) => [name, content])).toEqual([
      ['x', '1\n'],
      ['y', '2\n'],
    ]);
    expect(() => parse('FROM a', 'RUN <<EOF', 'x')).toThrow('here-document EOF is not ended');
  });

  it('takes no here-document where there is none', () => {
    for (const text of ['echo $((1<<2))', '["cat", "<<EOF"]', 'cat <<<word', 'echo "a << b"', 'a < b']) {
      expect(texts('FROM a', `RUN ${text}`, 'USER b')).toEqual(['FROM a', `RUN ${text}`, 'USER b']);
    }
  });

  it('parts flags from what follows', () => {
    const [, copy, run] = parse(
      'FROM a',
      'copy --from="b c" --chown=1:2 ["x y", "z"]',
      'RUN --mount=type=cache,target=/x -- --not-a-flag',
    ).instructions;
    expect(copy).toMatchObject({ keyword: 'COPY', flags: ['--from=b c', '--chown=1:2'], list: ['x y', 'z'] });
    expect(run).toMatchObject({ flags: ['--mount=type=cache,target=/x'], text: '--not-a-flag' });
  });

  it('reads what ONBUILD holds', () => {
    const [, onbuild] = parse('FROM a', 'ONBUILD COPY --from=b <<X /c', 'text', 'X').instructions;
    expect(onbuild?.trigger).toMatchObject({ keyword: 'COPY', flags: ['--from=b'] });
    expect(onbuild?.trigger?.heredocs).toHaveLength(1);
    expect(() => parse('FROM a', 'ONBUILD FROM b')).toThrow("FROM isn't allowed as an ONBUILD trigger");
  });

  it('refuses a file with nothing in it', () => {
    expect(() => parse('', '# only this')).toThrow('file with no instructions');
  });
});
