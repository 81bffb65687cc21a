/** An instruction of a Dockerfile and where it begins. */
export interface Instruction {
  /** From 1. */
  readonly line: number;
  /** In capitals. */
  readonly keyword: string;
  /** Number of the stage, from 0; -1 before the first FROM. */
  readonly stage: number;
  /** Name of the stage in lower case, `stage-N` where it has none. */
  readonly stageName: string;
}

/**
 * Finds the instructions of a Dockerfile: lines go on after a `\` (or what `# escape=` names) over comments and empty
 * lines, and here-documents belong to the instruction that opens them.
 *
 * @see https://docs.docker.com/reference/dockerfile/#format
 */
export function instructionsOf(text: string): Instruction[] {
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/);
  const mark = /^(?:#.*\r?\n)*?#\s*escape\s*=\s*([\\`])/i.exec(text)?.[1] ?? '\\';
  const found: Instruction[] = [];
  let stage = -1;
  let stageName = '';
  for (let at = 0; at < lines.length; at++) {
    if (isIgnored(lines[at])) continue;
    const begin = at;
    let whole = lines[at] ?? '';
    while (whole.trimEnd().endsWith(mark) && at + 1 < lines.length) {
      const next = lines[++at];
      whole = isIgnored(next) ? whole : `${whole.trimEnd().slice(0, -1)}${next}`;
    }
    for (const end of hereDocuments(whole)) {
      const length = lines.slice(at + 1).findIndex((line) => end.test(line));
      at = length === -1 ? lines.length : at + 1 + length;
    }
    const keyword = /^\s*(\w+)/.exec(whole)?.[1]?.toUpperCase() ?? '';
    if (keyword === 'FROM') {
      stage++;
      stageName = /\sAS\s+(\S+)\s*$/i.exec(whole)?.[1]?.toLowerCase() ?? `stage-${stage}`;
    }
    found.push({ line: begin + 1, keyword, stage, stageName });
  }
  return found;
}

function isIgnored(line = ''): boolean {
  return /^\s*(#|$)/.test(line);
}

/** The lines that end the here-documents which an instruction opens, in their order. */
function hereDocuments(instruction: string): RegExp[] {
  if (!/^\s*(RUN|COPY|ADD)\s/i.test(instruction)) return [];
  return [...instruction.matchAll(/<<(-?)(["']?)([A-Za-z_]\w*)\2/g)].map(
    ([, dash, , word = '']) => new RegExp(`^${dash ? '\\t*' : ''}${word}$`),
  );
}
