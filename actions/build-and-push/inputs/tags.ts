import { input, invalid, log, readEvent } from '@gangway/action';
import {
  type BuildEvent,
  type Flavor,
  fillTemplate,
  type ImageTags,
  imageMetadata,
  MetadataLineError,
  makeTags,
  readBuildEvent,
  readFlavor,
  readTagRules,
  TagError,
  type TagRule,
} from '@gangway/registry';
import { secondsOf } from './commit-time.ts';

export interface TagInputs {
  readonly tags: readonly string[];
  /** The tag that tells most, such as `1.2.3` of a release: what the image is called by as a version. */
  readonly version: string;
  /** The OCI annotations that the event fills in, for labels and annotations. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** Fills the templates in an input of NAME=VALUE in, such as `{{branch}}`. */
type Fill = (name: string, pairs: Readonly<Record<string, string>>) => Record<string, string>;

/**
 * The tags that the inputs ask for at this event, checked, and what is known of the image's origin.
 *
 * @param image its name without a tag
 * @param immutable whether the repository's tags are to be, so that none of the usual ones may be one that moves
 * @throws ActionError for a tag that can't be read, or when none applies
 */
export function readTagInputs(image: string, immutable: boolean): { inputs: TagInputs; fill: Fill } {
  const lines = input.lines('tags');
  const flavor = flavorOf(input.lines('flavor'));
  const event = readBuildEvent(process.env, readEvent(), new Date(), madeAt);
  const onBranch = event.defaultBranch !== undefined && event.ref === `refs/heads/${event.defaultBranch}`;
  const moving = onBranch && !immutable;
  const usual = [...(event.sha ? ['sha'] : []), ...(moving || !event.sha ? ['latest'] : [])];
  const rules = rulesOf(lines.length > 0 ? lines : usual, image);
  const { tags, version, left } = tagsOf(rules, flavor, event);
  const where = event.ref ? `${event.name} of ${event.ref}` : 'no event';
  if (tags.length === 0) {
    throw invalid(
      'tags',
      lines.join(', '),
      `none of them applies to ${where}; add sha, which every commit has`,
    );
  }
  if (left.length > 0) log.info(`Skipped tags, because they don't apply to ${where}: ${left.join(', ')}.`);
  return {
    inputs: { tags, version: version ?? '', metadata: imageMetadata(event, version) },
    fill: (name, pairs) => filled(name, pairs, event),
  };
}

function rulesOf(lines: readonly string[], image: string): TagRule[] {
  return named('tags', () => readTagRules(lines, image));
}

function tagsOf(rules: readonly TagRule[], flavor: Flavor, event: BuildEvent): ImageTags {
  return named('tags', () => makeTags(rules, flavor, event));
}

/** Names are templates too, as docker/metadata-action fills in the whole line. */
function filled(
  name: string,
  pairs: Readonly<Record<string, string>>,
  event: BuildEvent,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(pairs).map((pair) =>
      named(name, () => pair.map((text) => fillTemplate(text, event)) as [string, string]),
    ),
  );
}

function named<T>(name: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof TagError) throw invalid(name, error.text, error.message);
    throw error;
  }
}

function flavorOf(lines: readonly string[]): Flavor {
  try {
    return readFlavor(lines);
  } catch (error) {
    if (error instanceof MetadataLineError) throw invalid('flavor', lines.join(', '), error.message);
    throw error;
  }
}

/** When the checkout says that a commit was made; undefined where there is no checkout of it. */
function madeAt(sha: string): Date | undefined {
  const seconds = /^[0-9a-f]{40,64}$/.test(sha) ? secondsOf('.', sha) : undefined;
  return seconds === undefined ? undefined : new Date(seconds * 1000);
}
