import type { Layer } from '@gangway/registry';
import type { Tagged } from '../push/tag-pushed.ts';
import { layerChanges, readableInstruction } from './layer-changes.ts';

/** Digest of another image that an earlier build of this commit gave, if a tag names the commit and told of one. */
export function earlierBuild({ digest, before }: Tagged): string | undefined {
  const commit = process.env.GITHUB_SHA ?? '';
  for (const [tag, held] of before) {
    if (namesCommit(tag, commit) && held !== undefined && held !== digest) return held;
  }
  return undefined;
}

/** Why two builds of one commit differ, as far as their layers tell. */
export function differenceOf(layers: readonly Layer[], earlier: readonly Layer[]): string {
  const changed = layerChanges(layers, earlier).filter(({ change }) => change !== 'same');
  if (changed.length === 0 && layers.length === earlier.length)
    return 'all layers are the same, but labels, timestamps or attestations differ';
  // What comes after it may differ only because it builds on it.
  const [first] = changed;
  return first
    ? `the first layer that differs is ${readableInstruction(first) || first.digest}`
    : 'it has fewer layers';
}

/** A tag with the commit's SHA in it, or with 7 characters of it at least. */
function namesCommit(tag: string, commit: string): boolean {
  return commit !== '' && (tag.match(/[0-9a-f]{7,40}/g) ?? []).some((part) => commit.startsWith(part));
}
