import { type BuildEvent, onDefaultBranch, refName } from './build-event.ts';
import { checkTemplate, eventVariables, render, variablesIn } from './template.ts';
import { parsePep440, parseSemver, type Version, versionVariables } from './version.ts';

/** What a rule says of an event. */
export interface Candidate {
  /** The tag before prefix, suffix and sanitising. */
  readonly value: string;
  /** Whether `latest` goes with it where the flavor is `latest=auto`. */
  readonly latest: boolean;
}

/** How tags come about; undefined where a rule has nothing to say of an event. */
export type Make = (event: BuildEvent) => Candidate | undefined;

/** One tag that was asked for. */
export interface TagRule {
  /** As it was written. */
  readonly text: string;
  /** Decides which tag is the image's version: the one of the highest priority. */
  readonly priority: number;
  /** A template that comes out as `true` or `false`. */
  readonly enable: string;
  /** Templates; undefined takes the flavor's. */
  readonly prefix: string | undefined;
  readonly suffix: string | undefined;
  readonly make: Make;
}

/** docker/metadata-action's priorities, and the least for `latest`, which is nobody's version. */
export const PRIORITY = {
  schedule: 1000,
  semver: 900,
  pep440: 900,
  match: 800,
  edge: 700,
  ref: 600,
  raw: 200,
  sha: 100,
  latest: 0,
} as const;

/**
 * The kinds of tags, each a function of the event. Making one throws a TemplateError where it could never work.
 */
export const kinds = {
  sha:
    (format: 'long' | 'short'): Make =>
    ({ sha, shortSha }) =>
      plain(format === 'long' ? sha : shortSha),
  ref:
    (kind: 'heads' | 'tags' | 'pull'): Make =>
    ({ ref }) =>
      plain(refName(ref, kind), kind === 'tags'),
  edge:
    (branch: string): Make =>
    (event) => {
      const on = branch
        ? refName(event.ref, 'heads') === branch
        : onDefaultBranch(event) && refName(event.ref, 'heads');
      return on ? plain('edge') : undefined;
    },
  schedule: (pattern: string): Make => {
    checkTemplate(pattern);
    return (event) =>
      event.name === 'schedule' ? plain(render(pattern, eventVariables(event)).text) : undefined;
  },
  /** A value as docker/metadata-action takes it: what an event has not is left out of it. */
  raw: (value: string): Make => {
    checkTemplate(value);
    return (event) => ({ value: render(value, eventVariables(event)).text, latest: false });
  },
  /** A Git tag as it is; of a pre-release it leaves `latest` where it is. */
  tag: (): Make => (event) => {
    const name = refName(event.ref, 'tags') ?? '';
    // A tag of one component among several has its name in front: app/v1.2.3, app-v1.2.3.
    const text = /(?:^|[/@-])(v?\d+\.\d.*)$/.exec(name)?.[1] ?? name;
    const semver = parseSemver(text);
    const python = semver ? undefined : parsePep440(text);
    const isPostRelease = /\.post\d+(?:\+|$)/.test(python?.version ?? '');
    const isPrerelease = semver?.unstable ?? (python?.unstable === true && !isPostRelease);
    return plain(name, !isPrerelease);
  },
  latest: (): Make => (event) => (onDefaultBranch(event) === false ? undefined : plain('latest')),
  template,
  version,
  match,
} as const;

function plain(value: string | undefined, latest = false): Candidate | undefined {
  return value ? { value, latest } : undefined;
}

/** A template with no `type=` about it: a tag only where the event has all that it names. */
function template(text: string): Make {
  const named = variablesIn(text);
  const ofVersion = named.filter((name) => Object.hasOwn(versionVariables(undefined), name));
  checkTemplate(text, versionVariables(undefined));
  const exact = ofVersion.some((name) => ['version', 'raw', 'prerelease'].includes(name));
  return (event) => {
    const parsed = parseSemver(refName(event.ref, 'tags')?.split('/').at(-1) ?? '');
    const { text: value, complete } = render(text, { ...eventVariables(event), ...versionVariables(parsed) });
    // A pre-release must not move the tags that stand for releases.
    if (!complete || (ofVersion.length > 0 && parsed?.unstable && !exact)) return undefined;
    return plain(value, ofVersion.length > 0 && parsed?.unstable === false);
  };
}

interface VersionOptions {
  readonly scheme: 'semver' | 'pep440';
  readonly pattern: string;
  /** A template to read the version from in place of the Git tag. */
  readonly value: string;
  /** A regular expression whose first group is the version. */
  readonly match: RegExp | undefined;
}

function version({ scheme, pattern, value, match: expression }: VersionOptions): Make {
  render(pattern, versionVariables(undefined));
  checkTemplate(value);
  return (event) => {
    const source = value ? render(value, eventVariables(event)).text : refName(event.ref, 'tags');
    if (!source) return undefined;
    const found = (expression?.exec(source)?.[1] ?? source).replaceAll('/', '-');
    const parsed = scheme === 'semver' ? parseSemver(found) : parsePep440(found);
    if (!parsed) return undefined;
    return plain(render(patternFor(pattern, parsed), versionVariables(parsed)).text, !parsed.unstable);
  };
}

/** Only a release has the tags `1.2` and `1`; anything else has its own version alone. */
function patternFor(pattern: string, { unstable }: Version): string {
  return unstable && !/^\{\{\{?\s*raw\s*\}?\}\}$/.test(pattern) ? '{{version}}' : pattern;
}

function match(pattern: RegExp, group: number, value: string): Make {
  checkTemplate(value);
  return (event) => {
    const source = value ? render(value, eventVariables(event)).text : refName(event.ref, 'tags');
    return source ? plain(pattern.exec(source)?.[group], true) : undefined;
  };
}
