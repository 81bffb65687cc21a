import { describe, expect, it } from 'vitest';
import { CleanupPolicyError, readCleanupPolicies } from './cleanup-policy.ts';

const one = (policy: object) => readCleanupPolicies(JSON.stringify([policy]));

describe('a policy file', () => {
  // The examples of Google's own page on cleanup policies.
  it('is read as gcloud reads it', () => {
    const text = `[
      { "name": "delete-prerelease", "action": {"type": "Delete"},
        "condition": { "tagState": "tagged", "tagPrefixes": ["alpha", "v0"], "olderThan": "30d" } },
      { "name": "keep-tagged-release", "action": {"type": "Keep"},
        "condition": { "tagState": "tagged", "tagPrefixes": ["release"], "packageNamePrefixes": ["webapp", "mobile"] } },
      { "name": "keep-minimum-versions", "action": {"type": "Keep"},
        "mostRecentVersions": { "packageNamePrefixes": ["webapp"], "keepCount": 5 } }
    ]`;
    expect(readCleanupPolicies(text)).toEqual({
      'delete-prerelease': {
        id: 'delete-prerelease',
        action: 'DELETE',
        condition: { tagState: 'TAGGED', tagPrefixes: ['alpha', 'v0'], olderThan: '2592000s' },
      },
      'keep-tagged-release': {
        id: 'keep-tagged-release',
        action: 'KEEP',
        condition: {
          tagState: 'TAGGED',
          tagPrefixes: ['release'],
          packageNamePrefixes: ['webapp', 'mobile'],
        },
      },
      'keep-minimum-versions': {
        id: 'keep-minimum-versions',
        action: 'KEEP',
        mostRecentVersions: { packageNamePrefixes: ['webapp'], keepCount: 5 },
      },
    });
    expect(readCleanupPolicies('[]')).toEqual({});
  });

  it.each([
    ['30d', '2592000s'],
    ['1d12h', '129600s'],
    ['90m', '5400s'],
    ['2w', '1209600s'],
    ['2592000s', '2592000s'],
    ['0.5s', '0.5s'],
    ['P30D', '2592000s'],
    ['P1DT12H', '129600s'],
  ])('%s is %s', (olderThan, seconds) =>
    expect(one({ name: 'x', action: { type: 'Delete' }, condition: { olderThan } }).x?.condition).toEqual({
      olderThan: seconds,
    }),
  );

  it.each([
    ['{', 'it is not JSON'],
    ['{}', 'write a list of policies'],
    ['[1]', 'write policy 1 as an object'],
    ['[{"name":"x"}]', 'write "action" of policy "x" as an object'],
    [
      '[{"name":"x","action":{"type":"Burn"},"condition":{}}]',
      'write "action": {"type": "Delete"} or {"type": "Keep"}',
    ],
    ['[{"action":{"type":"Keep"},"condition":{}}]', 'give policy 1 a "name"'],
    ['[{"name":"x","action":{"type":"Keep"}}]', 'give policy "x" either'],
    [
      '[{"name":"x","action":{"type":"Delete"},"mostRecentVersions":{"keepCount":1}}]',
      'goes with "action": {"type": "Keep"}',
    ],
    ['[{"name":"x","action":{"type":"Keep"},"mostRecentVersions":{"keepCount":0}}]', 'a whole number from 1'],
    ['[{"name":"x","action":{"type":"Keep"},"condition":{"tagState":"some"}}]', 'tagged, untagged or any'],
    ['[{"name":"x","action":{"type":"Keep"},"condition":{"olderThan":"soon"}}]', 'a time such as 30d'],
    ['[{"name":"x","action":{"type":"Keep"},"condition":{"tagPrefixes":"v"}}]', 'as a list of texts'],
    ['[{"name":"x","action":{"type":"Keep"},"condition":{"age":"1d"}}]', 'not "age"'],
    [
      '[{"name":"x","action":{"type":"Keep"},"condition":{}},{"name":"x","action":{"type":"Keep"},"condition":{}}]',
      'two policies are called "x"',
    ],
    [
      JSON.stringify(
        Array.from({ length: 11 }, (_, index) => ({
          name: `p${index}`,
          action: { type: 'Keep' },
          condition: {},
        })),
      ),
      'keep to 10',
    ],
  ])('%s is refused', (text, message) => {
    expect(() => readCleanupPolicies(text)).toThrow(CleanupPolicyError);
    expect(() => readCleanupPolicies(text)).toThrow(message);
  });
});
