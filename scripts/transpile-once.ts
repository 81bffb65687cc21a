import { createRequire } from 'node:module';
import type typescript from 'typescript';

/**
 * Makes ncc transpile a source once even if several bundles contain it. ncc has no setting for this, so it gets a TypeScript whose
 * `transpileModule` remembers its results. Call it before the first bundle.
 */
export function transpileOnce(): void {
  const load = createRequire(import.meta.url);
  const real: typeof typescript = load('typescript');
  const loaded = load.cache[load.resolve('typescript')];
  if (!loaded) throw new Error('TypeScript is not where Node keeps what it has loaded.');
  const done = new Map<string, typescript.TranspileOutput>();
  const transpileModule: typeof real.transpileModule = (input, options) => {
    const key = JSON.stringify([options.fileName, options.compilerOptions, input]);
    const output = done.get(key) ?? real.transpileModule(input, options);
    done.set(key, output);
    return output;
  };
  // TypeScript's exports are read-only.
  loaded.exports = { ...real, transpileModule };
}
