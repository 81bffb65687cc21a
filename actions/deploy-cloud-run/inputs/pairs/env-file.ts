import { ActionError, input, readTextFile } from '@gangway/action';
import { LIMITS } from '@gangway/files';
import { inWorkspace, type Pairs } from '@gangway/settings';
import { isMap, isScalar, parseDocument } from 'yaml';

const INPUT = 'env_vars_file';

/**
 * The variables of the file that `env_vars_file` names: NAME=VALUE as in `env_vars`, or an object of strings in JSON or
 * YAML, as gcloud's `--env-vars-file` takes it. Values that YAML reads as something else than a text are refused:
 * `1e3`, `no` and `010` would change. Spaces around values of YAML don't count, as in google-github-actions.
 *
 * @returns undefined where there is no file or nothing in it, and no variables for `{}`
 * @throws ActionError
 */
export function readEnvFile(): Pairs {
  const file = input.optional('env_vars_file');
  if (file === undefined) return undefined;
  const text = readTextFile(
    inWorkspace(file),
    { input: INPUT, value: file },
    { limit: LIMITS.settings },
  ).replace(/^\uFEFF/, '');
  const [first = ''] = text.split(/\r?\n/).filter((line) => line.trim() !== '' && !/^\s*#/.test(line));
  if (first === '') return undefined;
  const yaml =
    /\.(ya?ml|json)$/i.test(file) || /^\s*[{[]|^---/.test(first) || !/^[^\s:=]+\s*(=|<<)/.test(first);
  return yaml ? readObject(file, text) : input.pairsOf(INPUT, text);
}

function readObject(file: string, text: string): Pairs {
  const isJson = /^\s*\{/.test(text);
  const document = parseDocument(text);
  const [error] = document.errors;
  if (error)
    throw wrong(file, `line ${error.linePos?.[0].line ?? 1} is no YAML, JSON or NAME=VALUE`, 'fix the file');
  if (document.contents === null) return undefined;
  if (!isMap(document.contents))
    throw wrong(file, 'it holds no object', 'write NAME: "VALUE", or NAME=VALUE, one per line');
  const pairs = new Map<string, string>();
  for (const { key, value } of document.contents.items) {
    const name = isScalar(key) ? String(key.value) : '';
    if (!name || !isScalar(value) || typeof value.value !== 'string')
      throw wrong(file, `the value of "${name}" is no text`, `put it in quotes: ${name || 'NAME'}: "VALUE"`);
    pairs.set(name, isJson ? value.value : value.value.trim());
  }
  return Object.fromEntries(pairs);
}

function wrong(file: string, what: string, hint: string): ActionError {
  return new ActionError(`Input "${INPUT}" is not valid: in "${file}", ${what}.`, {
    code: 'input-invalid',
    hint,
  });
}
