import { createHash } from 'node:crypto';
import type { BuildEvent } from './build-event.ts';
import type { Flavor } from './flavor.ts';
import { isMetadataLine, MetadataLineError, readMetadataLine } from './metadata-line.ts';
import type { TagRule } from './tag-rule.ts';
import { readTagWord, TAG_WORDS } from './tag-words.ts';
import { checkTemplate, eventVariables, render, TemplateError } from './template.ts';

/** A tag that can't be read, or comes out as none. */
export class TagError extends Error {
  /** What was written. */
  readonly text: string;

  constructor(text: string, hint: string) {
    super(hint);
    this.text = text;
  }
}

export interface ImageTags {
  readonly tags: readonly string[];
  /** The tag of the highest priority, which `org.opencontainers.image.version` says. */
  readonly version: string | undefined;
  /** What was asked for and does not apply to this event, as it was written. */
  readonly left: readonly string[];
}

/** Characters a tag may have (https://github.com/distribution/reference, `tag`). */
const LONGEST = 128;

/**
 * Reads what tags were asked for: docker/metadata-action's lines, such as those that begin with `type=`, or words, templates,
 * tags as they are, and the image itself with a tag, as docker/metadata-action puts it out; these on lines of their own or
 * separated by commas.
 *
 * @param image its name without a tag
 * @throws TagError
 */
export function readTagRules(lines: readonly string[], image: string): TagRule[] {
  return lines.flatMap((line) => {
    if (isMetadataLine(line)) return [guarded(line, () => checked(readMetadataLine(line)))];
    return splitItems(line).flatMap((written) => {
      const item = written.startsWith(`${image}:`) ? written.slice(image.length + 1) : written;
      if (isReference(item))
        throw new TagError(
          item,
          `this step pushes to ${image} alone, so write its tags; give another image a step of its own, which can take it by from_image`,
        );
      const rules = guarded(item, () => readTagWord(item));
      if (rules) return rules;
      throw new TagError(
        item,
        `write a tag of letters, digits, dots, dashes and underscores, 128 at most, that starts with none of the dots and dashes; one of the words ${TAG_WORDS.join(', ')}; a template such as v{{major}}.{{minor}}; or a type=… line of docker/metadata-action`,
      );
    });
  });
}

/**
 * The tags of an image that is built for an event, each one that a registry takes.
 *
 * @throws TagError
 */
export function makeTags(rules: readonly TagRule[], flavor: Flavor, event: BuildEvent): ImageTags {
  const made: { tag: string; priority: number; latest: boolean }[] = [];
  const applied = new Set<string>();
  for (const rule of rules) {
    const candidate = guarded(rule.text, () => (isEnabled(rule, event) ? rule.make(event) : undefined));
    const tag = candidate && finished(rule, candidate.value, flavor, event);
    if (!tag) continue;
    applied.add(rule.text);
    made.push({ tag, priority: rule.priority, latest: candidate.latest });
  }
  const [main] = [...made].sort((one, other) => other.priority - one.priority);
  const withLatest = main && (flavor.latest === 'auto' ? main.latest : flavor.latest === 'true');
  const latest = withLatest ? [latestTag(flavor, event)] : [];
  return {
    tags: [...new Set([...made.map(({ tag }) => tag), ...latest])],
    version: main?.tag,
    left: [...new Set(rules.map(({ text }) => text))].filter((text) => !applied.has(text)),
  };
}

/**
 * Fills a template in for an event, such as a label `branch={{branch}}`: what the event has not is left out.
 *
 * @throws TagError
 */
export function fillTemplate(text: string, event: BuildEvent): string {
  return text.includes('{{') ? guarded(text, () => filled(text, event)) : text;
}

/**
 * Makes a tag of any text: what a tag can't hold becomes a dash, and what is too long is cut and told apart by a hash.
 * @returns undefined when nothing is left
 */
export function sanitiseTag(text: string): string | undefined {
  const tag = text.replace(/[^\w.-]+/g, '-').replace(/^[.-]+/, '');
  if (tag.length <= LONGEST) return tag || undefined;
  const hash = createHash('sha256').update(text).digest('hex').slice(0, 8);
  return `${tag.slice(0, LONGEST - 9)}-${hash}`;
}

/** Whether it is an image with a tag: its host has a dot or a port, or is localhost. */
function isReference(item: string): boolean {
  return /^([\w-]+\.[\w.-]+(:\d+)?|[\w-]+:\d+|localhost)(\/[\w.-]+)+(:[\w.-]+)?(@sha256:[0-9a-f]+)?$/.test(
    item,
  );
}

function checked(rule: TagRule): TagRule {
  checkTemplate(rule.enable);
  return rule;
}

/** Parts a line at its commas, but not within `{{…}}`. */
function splitItems(line: string): string[] {
  return (line.match(/(?:\{\{[\s\S]*?\}\}|[^,])+/g) ?? [])
    .map((item) => item.trim())
    .filter((item) => item !== '');
}

function isEnabled(rule: TagRule, event: BuildEvent): boolean {
  const enabled = render(rule.enable, eventVariables(event)).text;
  if (enabled !== 'true' && enabled !== 'false') {
    throw new TagError(
      rule.text,
      `write enable= with true, false or {{is_default_branch}}, not "${enabled}"`,
    );
  }
  return enabled === 'true';
}

/** @returns undefined where nothing comes out: an empty value makes no tag */
function finished(rule: TagRule, value: string, flavor: Flavor, event: BuildEvent): string | undefined {
  const { prefix = flavor.prefix, suffix = flavor.suffix } = rule;
  const text = guarded(rule.text, () => filled(prefix, event) + value + filled(suffix, event));
  if (text === '') return undefined;
  const tag = sanitiseTag(text);
  if (!tag) throw new TagError(rule.text, `it comes out as "${text}", which is not a valid tag`);
  return tag;
}

function latestTag({ prefix, suffix, prefixLatest, suffixLatest }: Flavor, event: BuildEvent): string {
  const text = `${prefixLatest ? filled(prefix, event) : ''}latest${suffixLatest ? filled(suffix, event) : ''}`;
  return sanitiseTag(text) ?? 'latest';
}

function filled(text: string, event: BuildEvent): string {
  return render(text, eventVariables(event)).text;
}

function guarded<T>(text: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof TemplateError || error instanceof MetadataLineError)
      throw new TagError(text, error.message);
    throw error;
  }
}
