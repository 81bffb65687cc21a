import { parse } from '@bufbuild/cel';
import { EXTENSIONS } from './evaluate.ts';

type Expr = ReturnType<typeof parse>['expr'];

/** Functions of the standard library that are written as calls; operators have names that no identifier can have. */
const STANDARD = new Set(
  [
    'bool bytes contains double duration dyn endsWith int matches size startsWith string timestamp type uint',
    'getDate getDayOfMonth getDayOfWeek getDayOfYear getFullYear getHours getMilliseconds getMinutes getMonth getSeconds',
  ].flatMap((names) => names.split(' ')),
);
/** Names of types, which stand for themselves. */
const TYPES = new Set([
  'bool',
  'bytes',
  'double',
  'int',
  'list',
  'map',
  'null_type',
  'string',
  'type',
  'uint',
]);

/**
 * What is wrong with a CEL expression: its syntax, a name that there is not, or a function that Google does not have.
 *
 * @param names what the expression may refer to, e.g. `assertion`
 * @param functions what it may call besides CEL's own
 * @returns in the words of CEL's compiler; undefined for one that compiles
 */
export function problemIn(
  expression: string,
  names: readonly string[],
  functions: readonly string[] = [],
): string | undefined {
  let expr: Expr;
  try {
    ({ expr } = parse(expression));
  } catch (error) {
    return `Syntax error: ${(error instanceof Error ? error.message : String(error)).split('\n')[0]}`;
  }
  const undeclared = strangerIn(expr, new Set([...names, ...TYPES]), new Set(functions));
  return undeclared && `undeclared reference to '${undeclared}' (in container '')`;
}

/** The first name or function in an expression that is not known. */
function strangerIn(
  { exprKind: { case: kind, value } }: Expr,
  names: ReadonlySet<string>,
  functions: ReadonlySet<string>,
): string | undefined {
  const inAny = (all: readonly (Expr | undefined)[], also: readonly string[] = []) => {
    const known = also.length > 0 ? new Set([...names, ...also]) : names;
    for (const each of all) {
      const found = each && strangerIn(each, known, functions);
      if (found) return found;
    }
    return undefined;
  };
  switch (kind) {
    case 'identExpr':
      return names.has(value.name) ? undefined : value.name;
    case 'selectExpr':
      return inAny([value.operand]);
    case 'callExpr': {
      const { function: name } = value;
      const isWord = /^[A-Za-z]\w*$/.test(name);
      const known = !isWord || STANDARD.has(name) || EXTENSIONS.has(name) || functions.has(name);
      return known ? inAny([value.target, ...value.args]) : name;
    }
    case 'listExpr':
      return inAny(value.elements);
    case 'structExpr':
      return inAny(
        value.entries.flatMap((entry) => [
          entry.keyKind.case === 'mapKey' ? entry.keyKind.value : undefined,
          entry.value,
        ]),
      );
    case 'comprehensionExpr': {
      const own = [value.iterVar, value.iterVar2, value.accuVar].filter(Boolean);
      const body = [value.loopCondition, value.loopStep, value.result];
      return inAny([value.iterRange, value.accuInit]) ?? inAny(body, own);
    }
    default:
      return undefined;
  }
}
