import { type Content, fitted, type Markdown, md } from '@gangway/markdown';

/** Bytes; GitHub takes 65,536 characters. */
const LONGEST = 65_000;
/** Of a section, where others take up nearly all. */
const SHORTEST = 1000;
const TOO_LONG: Content = md`_The rest is left out: GitHub limits the length of comments._`;

/** What GitHub tells of a comment and its author. */
export interface Authored {
  readonly user?: { readonly type?: string } | null;
  readonly author_association?: string;
}

/** A line, which nobody sees, by which a comment is found again. */
export function markOf(action: string, subject: string): string {
  return `<!-- gangway ${action} ${subject.replace(/[<>\r\n]/g, '_')} -->`;
}

/** The whole text of a comment, no longer than GitHub takes. */
export function bodyOf(mark: string, markdown: Markdown): string {
  return `${mark}\n${fitted(markdown, LONGEST, TOO_LONG)}`;
}

/**
 * The whole text of a comment that several steps share: the sections of others stay, one's own is put in its place.
 *
 * @param mark of the thread
 * @param before its text so far
 * @param own mark of the section
 */
export function threadOf(mark: string, before: string | undefined, own: string, markdown: Markdown): string {
  const sections = new Map<string, string>();
  for (const part of (before ?? '').slice(mark.length).split(/^(?=<!-- gangway .* -->$)/m)) {
    const [, section, text = ''] = /^(<!-- gangway .* -->)\n([\s\S]*)$/.exec(part) ?? [];
    if (section) sections.set(section, text.trimEnd());
  }
  const others = [...sections].filter(([section]) => section !== own);
  const left = LONGEST - others.reduce((sum, [section, text]) => sum + section.length + text.length + 4, 0);
  sections.set(own, `${fitted(markdown, Math.max(left, SHORTEST), TOO_LONG)}`.trimEnd());
  return [mark, ...[...sections].map(([section, text]) => `${section}\n${text}\n`)].join('\n');
}

/** Whether a comment may be one of ours: a person from outside could write the mark of one, and change it later on. */
export function isTrusted({ user, author_association: association = '' }: Authored): boolean {
  return user?.type !== 'User' || !OUTSIDE.has(association);
}

/** @see https://docs.github.com/en/graphql/reference/enums#commentauthorassociation */
const OUTSIDE: ReadonlySet<string> = new Set([
  'CONTRIBUTOR',
  'FIRST_TIMER',
  'FIRST_TIME_CONTRIBUTOR',
  'MANNEQUIN',
  'NONE',
]);
