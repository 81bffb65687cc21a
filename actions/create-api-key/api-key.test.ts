import { describe, expect, it } from 'vitest';
import { differences, wantedKey } from './api-key.ts';
import type { Inputs } from './inputs.ts';

const INPUTS: Inputs = {
  google: {
    projectId: 'p',
    workloadIdentityProvider: undefined,
    serviceAccount: undefined,
    delegates: [],
    credentialsJson: undefined,
  },
  keyId: 'key',
  displayName: 'Key',
  targets: [{ service: 'a.example.com' }, { service: 'b.example.com', methods: ['Get', 'List'] }],
  allowedIps: [],
  allowedReferrers: [],
  secret: undefined,
  timeout: 1000,
};
const wanted = wantedKey(INPUTS);
const keyOf = (inputs: Partial<Inputs>) => ({ name: 'k', ...wantedKey({ ...INPUTS, ...inputs }) });

describe('wantedKey', () => {
  it('is restricted to its services, and to no callers unless some are named', () => {
    expect(wanted).toEqual({ displayName: 'Key', restrictions: { apiTargets: INPUTS.targets } });
  });

  it('is restricted to addresses or to pages', () => {
    expect(wantedKey({ ...INPUTS, allowedIps: ['10.0.0.1'] }).restrictions).toEqual({
      apiTargets: INPUTS.targets,
      serverKeyRestrictions: { allowedIps: ['10.0.0.1'] },
    });
    expect(wantedKey({ ...INPUTS, allowedReferrers: ['x.com/*'] }).restrictions).toEqual({
      apiTargets: INPUTS.targets,
      browserKeyRestrictions: { allowedReferrers: ['x.com/*'] },
    });
  });
});

describe('differences', () => {
  it('are none for a key as requested, in whatever order Google lists', () => {
    expect(differences(keyOf({}), wanted)).toEqual([]);
    const targets = [{ service: 'b.example.com', methods: ['List', 'Get'] }, { service: 'a.example.com' }];
    expect(differences(keyOf({ targets }), wanted)).toEqual([]);
    const ips = (...allowedIps: string[]) => keyOf({ allowedIps });
    expect(differences(ips('1.1.1.1', '2.2.2.2'), ips('2.2.2.2', '1.1.1.1'))).toEqual([]);
  });

  it('are the fields that differ', () => {
    expect(differences(keyOf({ displayName: 'Other' }), wanted)).toEqual(['displayName']);
    expect(differences(keyOf({ allowedIps: ['1.1.1.1'] }), wanted)).toEqual(['restrictions']);
    expect(differences({ name: 'k' }, wanted)).toEqual(['displayName', 'restrictions']);
  });

  it.each([
    [[{ service: 'a.example.com' }]],
    [[...INPUTS.targets, { service: 'c.example.com' }]],
    [[{ service: 'a.example.com' }, { service: 'b.example.com', methods: ['Get'] }]],
    [[{ service: 'a.example.com' }, { service: 'b.example.com' }]],
  ])('see a key that may call %j', (targets) =>
    expect(differences(keyOf({ targets }), wanted)).toEqual(['restrictions']),
  );

  it('see a restriction of a kind that we do not set', () => {
    const restrictions = { ...wanted.restrictions, androidKeyRestrictions: { allowedApplications: [] } };
    expect(differences({ name: 'k', displayName: 'Key', restrictions }, wanted)).toEqual(['restrictions']);
  });
});
