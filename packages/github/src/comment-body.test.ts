import { code, fence, md } from '@gangway/markdown';
import { describe, expect, it } from 'vitest';
import { bodyOf, isTrusted, markOf, threadOf } from './comment-body.ts';

describe('a comment', () => {
  it('begins with its mark, which nothing in its subject ends', () => {
    expect(markOf('fly-deploy', 'app-7')).toBe('<!-- gangway fly-deploy app-7 -->');
    expect(markOf('x', 'a --> @octocat\n<!--')).toBe('<!-- gangway x a --_ @octocat__!-- -->');
    expect(bodyOf('<!-- m -->', md`${'<!-- n -->'} ${code('y')}`)).toBe('<!-- m -->\n&#60;!-- n --&#62; `y`');
  });

  it('is no longer than GitHub takes', () => {
    const body = bodyOf('<!-- m -->', fence('line\n'.repeat(20_000)));
    expect(body.length).toBeLessThan(65_536);
    expect(body).toMatch(/line\n```\n\n_The rest is left out: GitHub limits the length of comments\._\n$/);
  });

  it('that several share has a section of each, in the order they came', () => {
    const [mark, a, b] = [markOf('thread', 'preview'), markOf('run', 'hello'), markOf('gateway', 'hello')];
    const one = threadOf(mark, undefined, a, md`### One`);
    expect(one).toBe(`${mark}\n${a}\n### One\n`);
    const two = threadOf(mark, one, b, md`### Two ${'<!-- gangway run hello -->'}`);
    expect(two).toBe(`${mark}\n${a}\n### One\n\n${b}\n### Two &#60;!-- gangway run hello --&#62;\n`);
    expect(threadOf(mark, two, b, md`### Two ${'<!-- gangway run hello -->'}`)).toBe(two);
    expect(threadOf(mark, two, a, md`gone`)).toBe(two.replace('### One', 'gone'));
    expect(threadOf(mark, two, a, fence('line\n'.repeat(20_000))).length).toBeLessThan(65_536);
  });

  it.each([
    [{ user: { type: 'Bot' }, author_association: 'NONE' }, true],
    [{ user: { type: 'User' }, author_association: 'OWNER' }, true],
    [{ user: { type: 'User' }, author_association: 'COLLABORATOR' }, true],
    [{ user: { type: 'User' }, author_association: 'CONTRIBUTOR' }, false],
    [{ user: { type: 'User' }, author_association: 'NONE' }, false],
    [{ user: null }, true],
  ])('of %j is ours if it has the mark: %s', (author, trusted) => expect(isTrusted(author)).toBe(trusted));
});
