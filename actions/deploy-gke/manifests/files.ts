import { existsSync, readdirSync, statSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { ActionError, input, invalid, missingFileHint, readTextFile } from '@gangway/action';
import { LIMITS } from '@gangway/files';
import { groupOf, type Manifest, nameOf, readManifests } from '@gangway/kubernetes';
import { buildKustomization } from './kustomize.ts';
import { maskSecret } from './mask-secret.ts';

const KUSTOMIZATIONS = ['kustomization.yaml', 'kustomization.yml', 'Kustomization'];
const ENDS = /\.(ya?ml|json)$/i;

/**
 * Reads the objects of all files and folders that the input `manifests` names. Values of Secrets are masked.
 *
 * @throws ActionError for what can't be read, is no object, or is there twice
 */
export async function loadManifests(paths: readonly string[]): Promise<readonly Manifest[]> {
  const manifests: Manifest[] = [];
  for (const path of paths) manifests.push(...(await readPath(path)));
  if (manifests.length === 0)
    throw invalid(
      'manifests',
      paths.join(', '),
      'there are no Kubernetes objects in it: name files that have some',
    );
  for (const { object } of manifests) maskSecret(object);
  refuseTwice(manifests);
  return manifests;
}

async function readPath(path: string): Promise<Manifest[]> {
  const full = isAbsolute(path) ? path : join(process.env.GITHUB_WORKSPACE ?? process.cwd(), path);
  if (!existsSync(full))
    throw new ActionError(`Input "manifests" is not valid: there is no file or folder "${path}".`, {
      code: 'input-invalid',
      hint: missingFileHint('check the path, which is relative to the workspace'),
    });
  if (!statSync(full).isDirectory()) return readFile(path, full);
  if (KUSTOMIZATIONS.some((name) => existsSync(join(full, name))))
    return readManifests(path, await buildKustomization(path, full));
  const names = readdirSync(full)
    .filter((name) => ENDS.test(name))
    .sort();
  if (names.length === 0)
    throw invalid(
      'manifests',
      path,
      'the folder has no .yaml, .yml or .json file directly in it; name each subfolder on its own line',
    );
  return names.flatMap((name) => readFile(join(path, name), join(full, name)));
}

function readFile(path: string, full: string): Manifest[] {
  const hint = 'write the path of a file or folder below the workspace';
  const text = readTextFile(full, { input: 'manifests', value: path }, { limit: LIMITS.settings, hint });
  return readManifests(path, text);
}

function refuseTwice(manifests: readonly Manifest[]): void {
  const seen = new Map<string, Manifest>();
  const namespace = input.optional('namespace') ?? '';
  for (const one of manifests) {
    const key = `${groupOf(one.object.apiVersion)} ${one.object.kind} ${one.object.metadata.namespace ?? namespace} ${one.object.metadata.name}`;
    const first = seen.get(key);
    if (first)
      throw new ActionError(`${one.where}: ${nameOf(one.object)} is in ${first.where}, too.`, {
        code: 'manifest-invalid',
        hint: 'keep one of the two',
        place: { file: one.file, line: one.line },
      });
    seen.set(key, one);
  }
}
