import { type Command, forEachChild, parse, type Statement, type SyntaxNode } from 'unbash';

/** A part of a script: what stands between two line ends, `;` or `&&`. */
export interface Part {
  /** As it is written, with GitHub's expressions. */
  readonly text: string;
  /** The commands: one, or those of a pipeline. Empty for what is no list of simple commands, such as `if`. */
  readonly commands: readonly Command[];
  /** Whether it may fail without ending the step: `command || true`. */
  readonly mayFail: boolean;
  /** Where it begins in the script. */
  readonly at: number;
}

export interface Script {
  readonly parts: readonly Part[];
  /** Puts GitHub's expressions back into a text of the parser's. */
  readonly restored: (text: string) => string;
}

/** Stand in for an expression while the shell is read: one character that says which, and as many of the other as fill its room. */
const FIRST = 0xe100;
const FILL = '\ue000';
const STANDS = /[\ue100-\uf8ff]\ue000*/g;

/**
 * Reads a script of a step as bash reads it. GitHub puts expressions in before, so each is read as a word or a part of one.
 *
 * @returns undefined where it does not parse
 */
export function readScript(text: string): Script | undefined {
  const expressions: string[] = [];
  const source = text.replace(/\$\{\{[\s\S]*?\}\}/g, (whole) => {
    expressions.push(whole);
    return String.fromCharCode(FIRST + expressions.length - 1) + FILL.repeat(whole.length - 1);
  });
  const script = parse(source);
  if (script.errors && script.errors.length > 0) return undefined;
  const restored = (piece: string): string =>
    piece.replace(STANDS, (stand) => expressions[stand.charCodeAt(0) - FIRST] ?? stand);
  const parts: Part[] = [];
  for (const [at, statement] of script.commands.entries()) {
    const end = endOf(statement);
    // What stands behind a here-document on its line would be read twice.
    if ((script.commands[at + 1]?.pos ?? text.length) < end) return undefined;
    parts.push(...partsOf(statement, text, end));
  }
  return { parts, restored };
}

/** Where a statement ends, with its here-documents. */
function endOf(statement: Statement): number {
  let { end } = statement;
  const visit = (node: SyntaxNode): void => {
    if (node.type === 'HereDoc') end = Math.max(end, node.closing?.end ?? node.body.end);
    forEachChild(node, visit);
  };
  visit(statement);
  return end;
}

function partsOf(statement: Statement, text: string, end: number): Part[] {
  const { command, pos } = statement;
  const whole = { text: text.slice(pos, end), at: pos };
  const other = [{ ...whole, commands: [], mayFail: false }];
  if (statement.background || (end > statement.end && command.type === 'AndOr')) return other;
  if (command.type === 'AndOr') {
    const [first, second] = command.commands;
    if (command.operators.every((operator) => operator === '&&')) {
      const listed = command.commands.map((one) => ({
        text: text.slice(one.pos, one.end),
        at: one.pos,
        commands: commandsOf(one),
        mayFail: false,
      }));
      return listed.some(({ commands }) => commands.length === 0) ? other : listed;
    }
    if (first && second && command.commands.length === 2 && isHarmless(text.slice(second.pos, second.end)))
      return [{ ...whole, commands: commandsOf(first), mayFail: true }];
    return other;
  }
  return [{ ...whole, commands: commandsOf(command), mayFail: false }];
}

function isHarmless(text: string): boolean {
  return /^(true|:|echo\b[^;&|>]*)$/.test(text.trim());
}

function commandsOf(node: Statement['command']): readonly Command[] {
  if (node.type === 'Command') return [node];
  if (node.type !== 'Pipeline' || node.prefixes.length > 0) return [];
  const commands = node.commands.filter((one): one is Command => one.type === 'Command');
  return commands.length === node.commands.length && node.operators.every((operator) => operator === '|')
    ? commands
    : [];
}
