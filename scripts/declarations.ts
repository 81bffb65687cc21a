import { readFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import ts from 'typescript';

/**
 * The type declarations of a module and of what its declarations mention, by path below the folder that holds them all. No type is
 * inferred for it: exports have to name theirs.
 *
 * @param entry path of the module
 * @param root folder that all of them lie in
 * @throws Error that names the module whose exports lack a type, or that mentions a package's types
 */
export async function declarations(entry: string, root: string): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  const waiting = [entry];
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    const path = relative(root, file).replace(/\.ts$/, '.d.ts');
    if (files.has(path)) continue;
    const { outputText, diagnostics = [] } = ts.transpileDeclaration(await readFile(file, 'utf8'), {
      fileName: file,
      compilerOptions: {
        target: ts.ScriptTarget.ES2024,
        module: ts.ModuleKind.ESNext,
        isolatedDeclarations: true,
      },
    });
    const [problem] = diagnostics;
    if (problem) throw new Error(`${file}: ${ts.flattenDiagnosticMessageText(problem.messageText, '\n')}`);
    const folder = dirname(file);
    const text = outputText.replace(/(\bfrom |\bimport\()'([^']+)'/g, (_, before: string, name: string) => {
      if (!name.startsWith('.'))
        throw new Error(`${file} declares its exports by types of the package "${name}"`);
      waiting.push(join(folder, name));
      return `${before}'${name.replace(/\.ts$/, '.js')}'`;
    });
    files.set(path, text);
  }
  return files;
}
