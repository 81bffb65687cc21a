import { counted } from '@gangway/action';
import { formatImageName, isDigest, parseImageName } from '@gangway/registry';
import type { FoundImage, Version } from '../look/images.ts';
import type { Reference } from '../look/references.ts';
import { idOf, withoutProject } from './names.ts';
import type { Home, Kept, Part, Resource, Step } from './part.ts';

/**
 * The versions that build-and-push built and that nothing names anymore. What is in an index that stays, stays with it.
 *
 * @param going paths of the services, jobs and worker pools that go before
 * @param needs titles of the steps that take them down
 */
export function planImages(
  {
    images,
    references,
  }: { readonly images: readonly FoundImage[]; readonly references: readonly Reference[] },
  going: readonly string[],
  needs: readonly string[],
  { projectId }: Home,
): Part {
  const gone = new Set(going.map(withoutProject));
  const living = references.filter(({ by }) => !gone.has(withoutProject(by)));
  const steps: Step[] = [];
  const kept: Kept[] = [];
  const missing: string[] = [];
  for (const found of images) {
    const { image, path, versions } = found;
    if (versions.length === 0) {
      missing.push(`image ${image}`);
      continue;
    }
    const used = usersOf(found, living);
    const staying = withChildren(
      versions,
      versions.filter(({ digest, isBuilt }) => !isBuilt || used.has(digest)),
    );
    const deleted = versions.filter(({ digest }) => !staying.has(digest));
    if (deleted.length > 0)
      steps.push({
        title: `${counted(deleted.length, 'version')} of the image ${image}${tagsOf(deleted)}`,
        resources: levelsOf(deleted).map((level) => level.map(({ digest }) => resourceOf(path, digest))),
        needs,
      });
    for (const version of versions.filter(({ digest }) => used.has(digest)))
      kept.push({
        title: `image ${image}@${version.digest}${tagsOf([version])}`,
        reason: `is named by ${used.get(version.digest)}`,
      });
    const foreign = versions.filter(({ digest, isBuilt }) => !isBuilt && !used.has(digest));
    if (foreign.length > 0)
      kept.push({
        title: `${counted(foreign.length, 'version')} of the image ${image}${tagsOf(foreign)}`,
        reason: `${foreign.length === 1 ? 'has' : 'have'} no label of build-and-push`,
        cure: `gcloud artifacts docker images delete ${image}@${foreign[0]?.digest} --delete-tags --project=${projectId}`,
      });
  }
  return { steps, kept, missing };
}

function resourceOf(path: string, digest: string): Resource {
  return { service: 'artifactregistry', path: `v1/${path}/versions/${digest}`, query: { force: 'true' } };
}

/** Who names a version, by its digest or by one of its tags. */
function usersOf({ image, versions }: FoundImage, references: readonly Reference[]): Map<string, string> {
  const users = new Map<string, string>();
  for (const { image: written, by } of references) {
    const [, name = '', tag = 'latest', digest] =
      /^(.+?)(?::([\w][\w.-]{0,127}))?(?:@(sha256:[0-9a-f]{64}))?$/.exec(written) ?? [];
    const parsed = parseImageName(name);
    if (!parsed || formatImageName(parsed) !== image) continue;
    const version =
      digest !== undefined && isDigest(digest)
        ? versions.find((one) => one.digest === digest)
        : versions.find(({ tags }) => tags.includes(tag));
    if (version && !users.has(version.digest)) users.set(version.digest, describe(by));
  }
  return users;
}

function describe(name: string): string {
  const [, , , region, kind] = name.split('/');
  const title = { jobs: 'job', workerPools: 'worker pool' }[kind ?? ''] ?? 'service';
  return `the ${title} ${idOf(name)} in ${region}`;
}

/** Those versions, and what is in them. */
function withChildren(versions: readonly Version[], some: readonly Version[]): Set<string> {
  const digests = new Set<string>();
  const add = ({ digest, children }: Version) => {
    if (digests.has(digest)) return;
    digests.add(digest);
    for (const child of versions.filter((one) => children.includes(one.digest))) add(child);
  };
  for (const version of some) add(version);
  return digests;
}

/** Indexes before what is in them: Artifact Registry refuses to delete what an index names. */
function levelsOf(versions: readonly Version[]): Version[][] {
  const levels: Version[][] = [];
  let left = [...versions];
  while (left.length > 0) {
    const inner = new Set(left.flatMap(({ children }) => children));
    const level = left.filter(({ digest }) => !inner.has(digest));
    // None is in itself, as digests are what they are; were it so, the rest is one level.
    levels.push(level.length > 0 ? level : left);
    left = level.length > 0 ? left.filter(({ digest }) => inner.has(digest)) : [];
  }
  return levels;
}

const MOST_TAGS = 5;

function tagsOf(versions: readonly Version[]): string {
  const tags = versions.flatMap((version) => version.tags).filter((tag) => !tag.startsWith('gangway-'));
  if (tags.length === 0) return '';
  const shown = tags.toSorted().slice(0, MOST_TAGS).join(', ');
  return ` (${shown}${tags.length > MOST_TAGS ? ` and ${tags.length - MOST_TAGS} more tags` : ''})`;
}
