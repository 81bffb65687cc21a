import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isNeed, NEED_NAMES, type NeedName } from './needs.ts';

/** What a test file declares of the tools that it uses. */
export interface Declaration {
  /** Without them it has little to test: `// needs: engine, busybox`. */
  readonly needs: ReadonlySet<NeedName>;
  /** Without them it still has: `// some tests need: flyctl`. */
  readonly some: ReadonlySet<NeedName>;
  /** It runs a minute and more, whatever tools are there: `// takes minutes`. */
  readonly takesMinutes: boolean;
}

/**
 * Reads what a test file declares, and what the files declare that it imports by a relative path: helpers speak for all who use
 * them. Nothing is run for it.
 *
 * @throws Error with the file and the name when a declaration names what is not in the table of needs
 */
export function declarationOf(file: string): Declaration {
  const { takesMinutes } = sourceOf(file);
  const found = { needs: new Set<NeedName>(), some: new Set<NeedName>(), takesMinutes };
  const seen = new Set<string>();
  const visit = (path: string) => {
    if (seen.has(path)) return;
    seen.add(path);
    const { needs, some, imports } = sourceOf(path);
    for (const name of needs) found.needs.add(name);
    for (const name of some) found.some.add(name);
    for (const imported of imports) visit(imported);
  };
  visit(file);
  for (const name of found.needs) found.some.delete(name);
  return found;
}

/** Paths of the files that a file imports by a relative path. */
export function importsOf(file: string): readonly string[] {
  return sourceOf(file).imports;
}

interface Source extends Declaration {
  readonly imports: readonly string[];
}

const sources = new Map<string, Source>();

function sourceOf(path: string): Source {
  const known = sources.get(path);
  if (known) return known;
  const text = read(path);
  const source = {
    needs: named(text, 'needs', path),
    some: named(text, 'some tests need', path),
    takesMinutes: /^\/\/ takes minutes$/m.test(text),
    imports: [...text.matchAll(/\b(?:from|import)\s*\(?\s*'(\.[^']*\.ts)'/g)].map(([, specifier = '']) =>
      join(dirname(path), specifier),
    ),
  };
  sources.set(path, source);
  return source;
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    // Whoever imports a file that is not there is told so when it runs.
    return '';
  }
}

function named(text: string, label: string, path: string): Set<NeedName> {
  const names = [...text.matchAll(new RegExp(`^// ${label}: (.*)$`, 'gm'))]
    .flatMap(([, list = '']) => list.split(','))
    .map((name) => name.trim());
  const unknown = names.find((name) => !isNeed(name));
  if (unknown !== undefined)
    throw new Error(
      `${path}: "// ${label}: ${unknown}" is none of ${NEED_NAMES.join(', ')} (scripts/test/needs.ts)`,
    );
  return new Set(names.filter(isNeed));
}
