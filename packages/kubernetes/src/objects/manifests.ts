import { ActionError } from '@gangway/action/error';
import { LineCounter, parseAllDocuments, type Tags } from 'yaml';
import type { KubernetesObject } from './object.ts';

/** An object that a file asks for, and where. */
export interface Manifest {
  readonly object: KubernetesObject;
  /** For messages: `k8s/web.yaml:12`. */
  readonly where: string;
  readonly file: string;
  readonly line: number;
}

/** Aliases that a document may have in all: more of them only serve to fill the memory. */
const MOST_ALIASES = 100;

/**
 * Reads the objects of a YAML or JSON text as kubectl does: documents after `---`, YAML 1.1 without its times and dates, lists of
 * kind `List` taken apart, empty documents left out.
 *
 * @param file its path, for messages
 * @throws ActionError `manifest-invalid` that says where it is no object of Kubernetes
 */
export function readManifests(file: string, text: string): Manifest[] {
  const lineCounter = new LineCounter();
  const documents = parseAllDocuments(text, {
    lineCounter,
    version: '1.1',
    customTags: (tags: Tags) => tags.filter((tag) => !isTime(tag)),
  });
  return [...documents].flatMap((document) => {
    const lineOf = (offset = 0) => lineCounter.linePos(offset).line;
    const line = lineOf(document.contents?.range[0]);
    const [error] = document.errors;
    if (error)
      throw invalid(file, lineOf(error.pos[0]), error.message.split('\n')[0] ?? '', 'correct the YAML');
    let value: unknown;
    try {
      value = document.toJS({ maxAliasCount: MOST_ALIASES });
    } catch (cause) {
      throw invalid(file, line, cause instanceof Error ? cause.message : String(cause), 'correct the YAML');
    }
    if (value === null || value === undefined) return [];
    return flattened(value).map((object) => {
      checkObject(object, file, line);
      return { object, file, line, where: `${file}:${line}` };
    });
  });
}

/** What go-yaml, which kubectl reads with, takes for a text. */
function isTime(tag: Tags[number]): boolean {
  if (typeof tag === 'string') return tag === 'timestamp' || tag === 'intTime' || tag === 'floatTime';
  return tag.tag === 'tag:yaml.org,2002:timestamp' || ('format' in tag && tag.format === 'TIME');
}

function flattened(value: unknown): unknown[] {
  const { kind, items } = Object(value) as { kind?: unknown; items?: unknown };
  return kind === 'List' && Array.isArray(items) ? items.flatMap(flattened) : [value];
}

function checkObject(value: unknown, file: string, line: number): asserts value is KubernetesObject {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw invalid(
      file,
      line,
      'this is not a Kubernetes object',
      'write apiVersion, kind and metadata, or leave the file out',
    );
  const { apiVersion, kind, metadata } = value as Record<string, unknown>;
  for (const [name, found] of Object.entries({ apiVersion, kind }))
    if (typeof found !== 'string' || found === '')
      throw invalid(file, line, `the object has no ${name}`, `write its ${name}, or leave the file out`);
  const { name, generateName, namespace } = Object(metadata) as Record<string, unknown>;
  if (typeof name !== 'string' || name === '')
    throw invalid(
      file,
      line,
      generateName === undefined
        ? `the ${kind} has no metadata.name`
        : `the ${kind} has metadata.generateName and no name, so that every run would make another`,
      'write metadata.name; in quotes where it looks like a number',
    );
  if (namespace !== undefined && typeof namespace !== 'string')
    throw invalid(file, line, `metadata.namespace of the ${kind} is not text`, 'write it in quotes');
  for (const field of ['labels', 'annotations'] as const)
    for (const [key, found] of Object.entries(Object(Object(metadata)[field])))
      if (typeof found !== 'string')
        throw invalid(
          file,
          line,
          `metadata.${field}.${key} of the ${kind} ${name} is ${JSON.stringify(found)}, which is not text`,
          `write it in quotes: ${key}: "${found}"`,
        );
}

function invalid(file: string, line: number, what: string, hint: string): ActionError {
  return new ActionError(`${file}:${line}: ${what}.`, {
    code: 'manifest-invalid',
    hint,
    place: { file, line },
  });
}
