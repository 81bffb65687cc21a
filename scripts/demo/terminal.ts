import type { WriteStream } from 'node:tty';
import { stripVTControlCharacters, styleText } from 'node:util';

type Style = Parameters<typeof styleText>[0];

/** The demo's output: marks, times, indented details; a live line and colours where a person watches. */
export interface Terminal {
  heading(text: string): void;
  /** A line of plain text; dim for what is beside the point. */
  text(line: string, options?: { dim?: boolean }): void;
  /** Shows a step while it works, then its mark, time and one-line result. `progress` changes the live line. */
  step<T>(
    name: string,
    work: (progress: (line: string) => void) => Promise<{ value: T; result: string }>,
  ): Promise<T>;
  /** One check: its mark, what was done, what came back. */
  check(good: boolean, name: string, result: string): void;
  details(lines: readonly string[]): void;
  bold(text: string): string;
}

const indent = '    ';

export function createTerminal(stream: WriteStream): Terminal {
  const style = (styles: Style, text: string) => styleText(styles, text, { stream });
  const line = (text = '') => stream.write(`${text}\n`);
  const width = () => stream.columns || 120;
  const row = (mark: string, name: string, time: string, result: string) =>
    line(
      shorten(
        `  ${mark} ${name.padEnd(28)} ${style('dim', time.padStart(8))}  ${result}`,
        stream.isTTY ? width() : 1000,
      ),
    );

  return {
    heading: (text) => line(`\n${style('bold', text)}`),
    text: (text, { dim = false } = {}) => line(dim ? style('dim', text) : text),
    bold: (text) => style('bold', text),
    check: (good, name, result) => row(mark(good), name, '', result),
    details: (lines) => {
      for (const text of lines)
        line(style('dim', shorten(`${indent}${text}`, stream.isTTY ? width() : 1000)));
    },
    async step(name, work) {
      const started = performance.now();
      const elapsed = () => `${((performance.now() - started) / 1000).toFixed(1)} s`;
      const live = liveLine(
        stream,
        () => `  ${style('cyan', '●')} ${name.padEnd(28)} ${style('dim', elapsed().padStart(8))}`,
      );
      try {
        const { value, result } = await work(live.show);
        live.end();
        row(mark(true), name, elapsed(), result);
        return value;
      } catch (error) {
        live.end();
        row(mark(false), name, elapsed(), style('red', 'failed'));
        throw error;
      }
    },
  };

  function mark(good: boolean): string {
    return good ? style('green', '✓') : style('red', '✗');
  }
}

/** On a terminal, one line rewritten until it ends; elsewhere, each progress line once, so that a log shows life. */
function liveLine(stream: WriteStream, head: () => string): { show(line: string): void; end(): void } {
  let latest = '';
  if (!stream.isTTY) return { show: (line) => stream.write(`    ${line}\n`), end: () => {} };
  const draw = () =>
    stream.write(
      `\r\x1b[K${shorten(`${head()}  ${styleText('dim', latest, { stream })}`, stream.columns || 120)}`,
    );
  const timer = setInterval(draw, 100);
  return {
    show(line) {
      latest = line;
      draw();
    },
    end() {
      clearInterval(timer);
      stream.write('\r\x1b[K');
    },
  };
}

/** Cuts a line to the width of the terminal, counting what is seen and keeping styles whole. */
function shorten(text: string, width: number): string {
  const plain = stripVTControlCharacters(text);
  if (plain.length <= width) return text;
  return text === plain ? `${plain.slice(0, width - 1)}…` : cutStyled(text, width - 1);
}

function cutStyled(text: string, width: number): string {
  let seen = 0;
  let cut = '';
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '\x1b') {
      const end = text.indexOf('m', at);
      cut += text.slice(at, end + 1);
      at = end;
    } else if (seen < width) {
      cut += text[at];
      seen++;
    }
  }
  return `${cut}…`;
}
