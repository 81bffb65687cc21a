import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { declaredInputs, expressionOf, type PassedInput, signInInputs } from './action-inputs.ts';
import { MIGRATION, REACH, type Reach, SIGN_IN_SECRET } from './reach.ts';

/** The workflow whose shared regions the others have word for word. */
const SOURCE = 'deploy-cloud-run.yml';

/**
 * A workflow with its generated regions rewritten. A region stands between comments of its own indentation:
 *
 * - `# <inputs ACTION>`: the inputs of an action.yml, or of `sign-in`, as inputs of the workflow
 * - `# <with ACTION>`: passes them on to the action; `# <with ACTION for a migration>` those that a migration needs
 * - `# <shared NAME>`: what stands in the region of the same name of deploy-cloud-run.yml
 *
 * @throws Error when a region has no end, or two actions declare the same input
 */
export function withRegions(root: string, workflow: string): string {
  const text = read(root, workflow);
  refuseTwins(root, workflow);
  const marks = text.match(/^ *# <\w[^>\n]*>$/gm) ?? [];
  const ends = text.match(/^ *# <\/\w+>$/gm) ?? [];
  if (marks.length !== ends.length)
    throw new Error(`${workflow}: ${marks.length} regions begin and ${ends.length} end.`);
  const shared = replaceRegions(text, 'shared', (name) =>
    workflow === SOURCE ? undefined : sharedRegion(root, name).join('\n'),
  );
  const declared = replaceRegions(shared, 'inputs', (action, indent) =>
    indented(definitions(inputsOf(root, workflow, action)), indent),
  );
  return replaceRegions(declared, 'with', (what, indent) => indented(passing(root, workflow, what), indent));
}

/** Rewrites the regions of one kind; undefined leaves a region as it is. */
function replaceRegions(
  text: string,
  kind: string,
  write: (what: string, indent: string) => string | undefined,
): string {
  const region = new RegExp(`^( *)# <${kind} ([^>\\n]+)>\\n([\\s\\S]*?)^\\1# </${kind}>$`, 'gm');
  return text.replace(region, (whole, indent: string, what: string) => {
    const body = write(what, indent);
    return body === undefined ? whole : `${indent}# <${kind} ${what}>\n${body}\n${indent}# </${kind}>`;
  });
}

function indented(lines: readonly string[], indent: string): string {
  return lines.map((line) => `${indent}${line}`).join('\n');
}

function inputsOf(root: string, workflow: string, action: string): PassedInput[] {
  return action === 'sign-in'
    ? signInInputs(root, 'build-and-push')
    : declaredInputs(root, action, reachOf(workflow, action));
}

/** @param what the action, and perhaps `for a migration` */
function passing(root: string, workflow: string, what: string): string[] {
  const [action = ''] = what.split(' ');
  const reach = reachOf(workflow, action);
  const migration = what.endsWith(' for a migration');
  const passed = declaredInputs(root, action, reach).filter(
    ({ name }) => !reach.byHand?.includes(name) && (!migration || MIGRATION.includes(name)),
  );
  return [
    ...[...passed, ...signInInputs(root, action)].map((input) => `${input.name}: ${expressionOf(input)}`),
    `${SIGN_IN_SECRET}: \${{ secrets.${SIGN_IN_SECRET} }}`,
  ];
}

function reachOf(workflow: string, action: string): Reach {
  const reach = REACH[workflow]?.[action];
  if (reach) return reach;
  throw new Error(`${workflow} has a region of ${action}, of which scripts/workflows/reach.ts says nothing.`);
}

function sharedRegion(root: string, name: string): string[] {
  const region = new RegExp(`^( *)# <shared ${name}>\\n([\\s\\S]*?)^\\1# </shared>$`, 'm');
  const [, , body] = region.exec(read(root, SOURCE)) ?? [];
  if (body === undefined) throw new Error(`${SOURCE} has no region "shared ${name}".`);
  return body.split('\n').slice(0, -1);
}

function definitions(inputs: readonly PassedInput[]): string[] {
  return inputs.flatMap(({ called, description, type, required, default: value }) => {
    const text = stringify(
      {
        [called]: {
          description,
          type,
          ...(required ? { required } : { default: type === 'boolean' ? value === 'true' : value }),
        },
      },
      { lineWidth: 0, singleQuote: true },
    );
    return text.trimEnd().split('\n');
  });
}

/** Of two inputs of one name the caller could set neither alone. */
function refuseTwins(root: string, workflow: string): void {
  const seen = new Map<string, string>();
  for (const [action, reach] of Object.entries(REACH[workflow] ?? {}))
    for (const { called } of declaredInputs(root, action, reach)) {
      const other = seen.get(called);
      if (other)
        throw new Error(
          `${workflow}: ${other} and ${action} both have an input ${called}. Rename one of them in scripts/workflows/reach.ts.`,
        );
      seen.set(called, action);
    }
}

function read(root: string, workflow: string): string {
  return readFileSync(join(root, '.github/workflows', workflow), 'utf8');
}
