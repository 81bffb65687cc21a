import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import ts from 'typescript';

/** One file asking for another, or for a package. */
export interface Import {
  /** Path from the root of the repository. */
  readonly file: string;
  readonly line: number;
  /** As the file writes it. */
  readonly specifier: string;
  /** The file of this repository that is meant, from its root; a package of others as it is written. */
  readonly target: string;
}

/** The packages and actions of this repository, by their names. */
export type Workspaces = ReadonlyMap<string, Workspace>;

interface Workspace {
  /** From the root of the repository. */
  readonly folder: string;
  /** Files that it gives out, by what others write after its name: `.`, `./testing`. */
  readonly exports: Readonly<Record<string, string>>;
}

/** Every import of a source: of values, of types, exports from elsewhere, `import()` as a call and as a type. */
export function importsOf(file: string, source: string, workspaces: Workspaces): Import[] {
  const parsed = ts.createSourceFile(file, source, ts.ScriptTarget.Latest);
  const found: Import[] = [];
  const visit = (node: ts.Node): void => {
    const named = specifierOf(node);
    if (named) {
      const line = parsed.getLineAndCharacterOfPosition(named.getStart(parsed)).line + 1;
      const specifier = named.text;
      found.push({ file, line, specifier, target: targetOf(file, specifier, workspaces) });
    }
    ts.forEachChild(node, visit);
  };
  visit(parsed);
  return found;
}

function specifierOf(node: ts.Node): ts.StringLiteralLike | undefined {
  let named: ts.Node | undefined;
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) named = node.moduleSpecifier;
  else if (ts.isImportTypeNode(node))
    named = ts.isLiteralTypeNode(node.argument) ? node.argument.literal : undefined;
  else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword)
    [named] = node.arguments;
  return named && ts.isStringLiteralLike(named) ? named : undefined;
}

function targetOf(file: string, specifier: string, workspaces: Workspaces): string {
  if (specifier.startsWith('.')) return posix.join(posix.dirname(file), specifier);
  const [name = ''] = /^(@[^/]+\/)?[^/]+/.exec(specifier) ?? [];
  const workspace = workspaces.get(name);
  if (!workspace) return specifier;
  const path = `.${specifier.slice(name.length)}`;
  return posix.join(workspace.folder, workspace.exports[path] ?? path);
}

/** Every import in the sources and tests of a checkout. */
export function importsIn(root: string): Import[] {
  const workspaces = workspacesIn(root);
  return ['actions', 'packages', 'scripts', 'test'].flatMap((folder) =>
    filesIn(root, folder).flatMap((file) =>
      importsOf(file, readFileSync(join(root, file), 'utf8'), workspaces),
    ),
  );
}

function filesIn(root: string, folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return entry.name === 'node_modules' ? [] : filesIn(root, path);
    return /\.[cm]?[jt]s$/.test(entry.name) ? [path] : [];
  });
}

function workspacesIn(root: string): Workspaces {
  const folders = ['packages', 'actions'].flatMap((kind) =>
    readdirSync(join(root, kind)).map((name) => `${kind}/${name}`),
  );
  return new Map(
    folders.map((folder) => {
      const text = readFileSync(join(root, folder, 'package.json'), 'utf8');
      const { name, exports = {} } = JSON.parse(text) as { name: string } & Partial<Workspace>;
      return [name, { folder, exports: typeof exports === 'string' ? { '.': exports } : exports }];
    }),
  );
}
