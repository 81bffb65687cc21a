import { createRequire } from 'node:module';
import type typescript from 'typescript';

/**
 * Has a source that several bundles share transpiled once: the bundler transpiles it for each of them, and has no setting
 * for this. It asks for TypeScript when it bundles, and then gets the one that remembers.
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
  // What TypeScript exports can't be set one by one.
  loaded.exports = { ...real, transpileModule };
}
