import { describe, expect, it } from 'vitest';
import { mapAttributes, requireCondition } from './attribute-condition.ts';

const CLAIMS = {
  sub: 'repo:example/app:ref:refs/heads/main',
  repository: 'example/app',
  repository_owner: 'example',
  ref: 'refs/heads/main',
  labels: ['a', 'b'],
};

describe('mapAttributes', () => {
  it('evaluates CEL with the string extensions', () => {
    const mapping = {
      'google.subject': "assertion.sub.split(':')[1]",
      'attribute.owner': 'assertion.repository_owner.upperAscii()',
      'attribute.label': 'assertion.labels[1]',
    };
    expect(mapAttributes(mapping, CLAIMS)).toEqual({
      subject: 'example/app',
      groups: [],
      custom: { owner: 'EXAMPLE', label: 'b' },
    });
  });

  it('maps groups, which are texts', () => {
    const mapping = { 'google.subject': 'assertion.sub', 'google.groups': 'assertion.labels' };
    expect(mapAttributes(mapping, CLAIMS).groups).toEqual(['a', 'b']);
    expect(() => mapAttributes({ ...mapping, 'google.groups': '[1]' }, CLAIMS)).toThrow('LIST of STRING');
  });

  it('leaves out an attribute whose claim is absent', () => {
    const mapping = { 'google.subject': 'assertion.sub', 'attribute.environment': 'assertion.environment' };
    expect(mapAttributes(mapping, CLAIMS).custom).toEqual({});
  });

  it('needs a subject', () => {
    expect(() => mapAttributes({ 'google.subject': 'assertion.nothing' }, CLAIMS)).toThrow(
      'Could not obtain a value for google.subject from the given credential.',
    );
  });

  it('needs strings', () => {
    expect(() => mapAttributes({ 'google.subject': 'assertion.labels.size()' }, CLAIMS)).toThrow(
      'must be of type STRING',
    );
  });

  it('counts the subject in bytes', () => {
    const mapping = { 'google.subject': 'assertion.sub' };
    expect(mapAttributes(mapping, { sub: 'é'.repeat(63) }).subject).toHaveLength(63);
    expect(() => mapAttributes(mapping, { sub: 'é'.repeat(64) })).toThrow('exceeds the 127 bytes limit');
  });
});

describe('requireCondition', () => {
  const attributes = mapAttributes(
    { 'google.subject': 'assertion.sub', 'attribute.ref': 'assertion.ref' },
    CLAIMS,
  );

  it.each([
    "assertion.repository_owner == 'example'",
    "assertion.repository in ['example/app', 'example/other'] && attribute.ref == 'refs/heads/main'",
    "google.subject.startsWith('repo:example/')",
    "assertion.repository.matches('^example/[a-z]+$')",
  ])('accepts when %s', (condition) => {
    expect(() => requireCondition(condition, CLAIMS, attributes)).not.toThrow();
  });

  it.each([
    "assertion.repository_owner == 'stranger'",
    'assertion.repository_owner',
    "assertion.nothing == 'x'",
    'this is not CEL',
  ])('rejects when %s', (condition) => {
    expect(() => requireCondition(condition, CLAIMS, attributes)).toThrow(
      'The given credential is rejected by the attribute condition.',
    );
  });
});
