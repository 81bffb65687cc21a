import { isTag } from '../names/image.ts';
import { kinds, type Make, PRIORITY, type TagRule } from './tag-rule.ts';

/** The words that stand for tags, each with the rules it means. */
const WORDS: Readonly<Record<string, readonly Omit<TagRule, 'text' | 'enable' | 'suffix'>[]>> = {
  sha: [rule(PRIORITY.sha, kinds.sha('long'))],
  'short-sha': [rule(PRIORITY.sha, kinds.sha('short'))],
  branch: [rule(PRIORITY.ref, kinds.ref('heads'))],
  tag: [rule(PRIORITY.ref, kinds.tag())],
  pr: [rule(PRIORITY.ref, kinds.ref('pull'), 'pr-')],
  semver: ['{{version}}', '{{major}}.{{minor}}', '{{major}}'].map((pattern) =>
    rule(PRIORITY.semver, semver(pattern)),
  ),
  schedule: [rule(PRIORITY.schedule, kinds.schedule('nightly'))],
  edge: [rule(PRIORITY.edge, kinds.edge(''))],
  latest: [rule(PRIORITY.latest, kinds.latest())],
};

/** The words, for messages. */
export const TAG_WORDS: readonly string[] = Object.keys(WORDS);

/**
 * The rules of an item that is a word, a template or a tag as it is.
 * @returns undefined when it is none of these
 */
export function readTagWord(text: string): TagRule[] | undefined {
  const word = Object.hasOwn(WORDS, text) ? WORDS[text] : undefined;
  const complete = (found: Omit<TagRule, 'text' | 'enable' | 'suffix'>) => ({
    text,
    enable: 'true',
    suffix: undefined,
    ...found,
  });
  if (word) return word.map(complete);
  if (text.includes('{{')) return [complete(rule(PRIORITY.raw, kinds.template(text)))];
  return isTag(text) ? [complete(rule(PRIORITY.raw, kinds.raw(text)))] : undefined;
}

function rule(priority: number, make: Make, prefix?: string): Omit<TagRule, 'text' | 'enable' | 'suffix'> {
  return { priority, make, prefix };
}

/** The tag `0` says nothing: before 1.0.0 anything may change (https://semver.org, 4). */
function semver(pattern: string): Make {
  const make = kinds.version({ scheme: 'semver', pattern, value: '', match: undefined });
  return (event) => {
    const made = make(event);
    return made?.value === '0' ? undefined : made;
  };
}
