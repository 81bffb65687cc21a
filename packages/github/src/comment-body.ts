import { type Content, fitted, type Markdown, md } from '@gangway/markdown';

/** Bytes; GitHub takes 65,536 characters. */
const LONGEST = 65_000;
const TOO_LONG: Content = md`_The rest is left out: GitHub takes no longer comments._`;

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
