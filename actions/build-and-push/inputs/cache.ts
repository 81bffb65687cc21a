import { createHash } from 'node:crypto';
import { input, invalid, readEvent } from '@gangway/action';
import { parseReference } from '@gangway/registry';

/** Where a build finds what earlier ones did, and leaves what it did. */
export interface CacheInputs {
  /** Image that the caches are tags of, without a tag; default is `cache` below the image. */
  readonly image: string | undefined;
  /** What to read, the first that is there; the branch's own goes before those it may fall back to. */
  readonly read: readonly string[];
  /** What to write, if anything. */
  readonly write: string | undefined;
}

/** @returns undefined where no cache is wanted */
export function readCache(): CacheInputs | undefined {
  const text = input.optional('cache') ?? 'auto';
  if (text === 'off') return undefined;
  const image = text === 'auto' ? undefined : text;
  const reference = image === undefined ? undefined : parseReference(image);
  if (image !== undefined && (!reference || reference.digest || image.endsWith(`:${reference.tag}`)))
    throw invalid(
      'cache',
      text,
      'write auto, off, or the name of an image without a tag to keep the caches under',
    );
  const { branch, fallbacks } = branches();
  const read = [...new Set([...(branch ? [branch] : []), ...fallbacks])].map((name) => cacheTag(name));
  return { image, read, write: branch && cacheTag(branch) };
}

/** A tag that stands for a branch, and a stage of it: readable, and another for each. */
export function cacheTag(...names: readonly string[]): string {
  const plain = names.map((name) => name.replaceAll(/[^\w.-]/g, '-').replace(/^[.-]/, '_')).join('.');
  const text = names.join('.');
  if (plain === text && plain.length <= 100) return plain;
  return `${plain.slice(0, 100)}-${createHash('sha256').update(text).digest('hex').slice(0, 8)}`;
}

/** The branch that is built, of a pull request its own, and those that it came from. A tag has no branch to write to. */
function branches(): { branch: string | undefined; fallbacks: string[] } {
  const {
    GITHUB_HEAD_REF: head,
    GITHUB_BASE_REF: base,
    GITHUB_REF_NAME: name,
    GITHUB_REF_TYPE: type,
  } = process.env;
  const branch = head || (type === 'tag' ? undefined : name) || undefined;
  const main = defaultBranch();
  return {
    branch: branch ?? (type === 'tag' ? undefined : 'main'),
    fallbacks: [base, main].filter((ref) => !!ref) as string[],
  };
}

function defaultBranch(): string | undefined {
  const { default_branch: branch } = Object(readEvent()?.repository) as { default_branch?: unknown };
  return typeof branch === 'string' ? branch : undefined;
}
