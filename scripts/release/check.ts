import { readFileSync } from 'node:fs';
import { changelogSection } from './changelog.ts';
import { checksums, sha256 } from './checksums.ts';
import type { ReleaseContext } from './context.ts';
import { fetchHistory, git, isAncestor, remoteRefs } from './git.ts';
import { listReleases, newestPushRun, type Release } from './github.ts';
import { planMajorTag } from './major-tag.ts';
import { compareVersions, highest, isStable, parseTag, type Version } from './version.ts';

/** A release that is not made, with every reason. */
export class Refusal extends Error {
  readonly reasons: readonly string[];

  constructor(tag: string, reasons: readonly string[]) {
    super(`${tag} is not released:\n${reasons.join('\n')}`);
    this.name = 'Refusal';
    this.reasons = reasons;
  }
}

/** A tag that may become a release. */
export interface Checked {
  readonly version: Version;
  /** What the changelog says of it. */
  readonly notes: string;
  readonly checksums: string;
  /** Whether it is the newest stable version of all. */
  readonly latest: boolean;
}

/** The workflows that have to be green for the very commit. */
const REQUIRED_WORKFLOWS = ['ci.yml', 'check-dist.yml'];

/**
 * Says whether a tag may become a release, or why not. Asks the remote and GitHub each time.
 * @throws Refusal with all reasons at once
 */
export function check({ tag, commit, repository }: ReleaseContext): Checked {
  const version = parseTag(tag);
  if (!version) throw new Refusal(tag, [`${tag} is not a version: tags are vX.Y.Z or vX.Y.Z-PRERELEASE.`]);
  fetchHistory();
  const refs = remoteRefs();
  const releases = listReleases(repository);
  const released = versionsOf(releases);
  const sums = checksums(commit);
  const changelog = changelogSection(readFileSync('CHANGELOG.md', 'utf8'), tag.slice(1));
  const reasons = [
    ...problemsOfTag(tag, commit, refs),
    ...problemsOfSources(tag, changelog),
    ...problemsOfOrder(version, releases, sums),
    ...REQUIRED_WORKFLOWS.flatMap((workflow) => problemsOfRun(repository, workflow, commit)),
  ];
  if (refs.tags.get(tag)?.commit === commit) {
    const plan = planMajorTag(version, commit, refs, released);
    if (plan.move && plan.contains && !isAncestor(plan.contains, commit))
      reasons.push(
        `${tag} does not contain ${plan.contains}, on which ${plan.name} stands: whoever uses ${plan.name} would lose what was fixed there. Merge it first.`,
      );
  }
  if (reasons.length > 0 || changelog === undefined) throw new Refusal(tag, reasons);
  const newest = highest(released.filter(isStable));
  const latest = isStable(version) && (!newest || compareVersions(version, newest) >= 0);
  return { version, notes: changelog, checksums: sums, latest };
}

/** Versions that are released; drafts are not. */
export function versionsOf(releases: readonly Release[]): Version[] {
  return releases
    .filter(({ draft }) => !draft)
    .map(({ tag_name }) => parseTag(tag_name))
    .filter((version) => version !== undefined);
}

function problemsOfTag(
  tag: string,
  commit: string,
  { tags, branches }: ReturnType<typeof remoteRefs>,
): string[] {
  const reasons: string[] = [];
  const there = tags.get(tag);
  if (!there) return [`The tag ${tag} is gone. Push it again.`];
  if (there.commit !== commit)
    reasons.push(
      `The tag ${tag} names ${there.commit} now, not ${commit}. Let the newer run make the release.`,
    );
  if (!there.annotated)
    reasons.push(
      `The tag ${tag} is not annotated. Delete it and make it again with "git tag --annotate ${tag}".`,
    );
  if (!isAncestor(commit, 'refs/remotes/origin/main'))
    reasons.push(`The commit ${commit} is not on main. Merge it there, then tag it.`);
  for (const name of [tag, tag.replace(/\..*/, '')])
    if (branches.has(name))
      reasons.push(
        `There is a branch called ${name} too, so "@${name}" has two meanings. Rename the branch.`,
      );
  return reasons;
}

function problemsOfSources(tag: string, changelog: string | undefined): string[] {
  const reasons: string[] = [];
  const dirty = git('status', '--porcelain').trim();
  if (dirty) reasons.push(`The checkout has changes of its own: ${dirty.replaceAll('\n', ', ')}.`);
  for (const file of ['package.json', 'package-lock.json']) {
    const { version } = JSON.parse(readFileSync(file, 'utf8')) as { version?: string };
    if (`v${version}` !== tag) reasons.push(`${file} says version ${version}, and the tag says ${tag}.`);
  }
  if (changelog === undefined)
    reasons.push(
      `CHANGELOG.md says nothing under the heading "## ${tag.slice(1)} - YYYY-MM-DD". Write down what changed.`,
    );
  return reasons;
}

/** A release that exists is only good when it is this one: a run before that got as far as publishing it. */
function problemsOfOrder(version: Version, releases: readonly Release[], sums: string): string[] {
  const existing = releases.find(({ tag_name, draft }) => tag_name === version.tag && !draft);
  if (existing) {
    const asset = existing.assets.find(({ name }) => name === 'SHA256SUMS');
    if (asset?.digest === `sha256:${sha256(sums)}`) return [];
    return [`${version.tag} is released already, with other files. Choose the next version.`];
  }
  const newer = highest(
    versionsOf(releases).filter((other) => other.major === version.major && other.minor === version.minor),
  );
  if (!newer || compareVersions(newer, version) < 0) return [];
  return [`${version.tag} comes before ${newer.tag}, which is released. Choose a version after it.`];
}

function problemsOfRun(repository: string, workflow: string, commit: string): string[] {
  const run = newestPushRun(repository, workflow, commit);
  if (!run)
    return [
      `${workflow} never ran for a push of ${commit}. Push it on main or on a branch release/X.Y, and wait.`,
    ];
  if (run.status !== 'completed')
    return [`${workflow} is not done with ${commit}: ${run.html_url}. Run this again when it is.`];
  if (run.conclusion !== 'success')
    return [`${workflow} ended with "${run.conclusion}" for ${commit}: ${run.html_url}.`];
  return [];
}
