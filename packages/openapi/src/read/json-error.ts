import type { Position } from './positions.ts';

const TOKEN =
  /[{}[\]:,]|"(?:[ !#-[\]-\uffff]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.])|true(?!\w)|false(?!\w)|null(?!\w)/y;
const SPACE = /[ \t\r\n]*/y;

/** Where a text that JSON.parse refuses stops being JSON (RFC 8259), and what would have to stand there. */
export function jsonError(text: string): { readonly message: string; readonly position: Position } {
  const open: string[] = [];
  let wanted = 'a value';
  let at = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  for (;;) {
    SPACE.lastIndex = at;
    at += SPACE.exec(text)?.[0].length ?? 0;
    TOKEN.lastIndex = at;
    const token = TOKEN.exec(text)?.[0];
    const next = token === undefined ? undefined : expectedAfter(token, wanted, open);
    if (token === undefined || next === undefined) break;
    wanted = next;
    at += token.length;
  }
  const found = at >= text.length ? 'the end of the file' : JSON.stringify(text.charAt(at));
  const before = text.slice(0, at);
  const line = before.split('\n').length;
  const position = { line, column: at - before.lastIndexOf('\n') };
  return { message: `This is not JSON: ${wanted} should stand here, not ${found}.`, position };
}

/** What has to follow a token; undefined when the token itself may not stand where it does. */
function expectedAfter(token: string, wanted: string, open: string[]): string | undefined {
  const value = wanted.includes('a value');
  const inner = open.at(-1);
  if (value && token === '{') {
    open.push('{');
    return 'a name in quotes or }';
  }
  if (value && token === '[') {
    open.push('[');
    return 'a value or ]';
  }
  if (token === '}' || token === ']') {
    if (!wanted.endsWith(token)) return undefined;
    open.pop();
    return afterValue(open);
  }
  if (token === ',')
    return wanted.startsWith(',') ? (inner === '{' ? 'a name in quotes' : 'a value') : undefined;
  if (token === ':') return wanted === ':' ? 'a value' : undefined;
  if (value) return '{['.includes(token) ? undefined : afterValue(open);
  return wanted.startsWith('a name') && token.startsWith('"') ? ':' : undefined;
}

function afterValue(open: readonly string[]): string {
  const inner = open.at(-1);
  if (inner === undefined) return 'the end of the file';
  return inner === '{' ? ', or }' : ', or ]';
}
