import { describe, expect, it } from 'vitest';
import { readMacaroon } from './macaroon.ts';
import { checkToken, explainRefusal, tokenFacts } from './token.ts';

/*
 * Made by github.com/superfly/macaroon v0.3.0 with keys that nobody has: organization 4242, app 777777, from
 * 2026-01-02T03:04:05Z on.
 */
const ORGANIZATION_20_YEARS =
  'FlyV1 fm2_lJPEA2tpZMQQBqwI+RhXX2bhWj4CLAgzesK1aHR0cHM6Ly9hcGkuZmx5LmlvL3YxlACSzRCSHwSSzmlXNaXOju87pcQgiqO7O/1crqlDdJY3ZGoxZRZ+vRAiF6dPvSRBmPlotDQ=';
const DEPLOY_1_HOUR =
  'FlyV1 fm2_lJPEA2tpZMQQfYIAyAPtJIS2vQuM94TrM8K1aHR0cHM6Ly9hcGkuZmx5LmlvL3YxmACSzRCSHwSSzmlXNaXOju87pQ2SkgORgc4AC94xHwEEks5pVzWlzmlXQ7XEIN4Rm3frJghn8PIhASVYEe3yY9VL9xdj5af/YHlIx7er';
const TWO_APPS_AND_DISCHARGE =
  'FlyV1 fm2_lJPEA2tpZMQQIh3giT9SZw0NSXnDX2K6x8K1aHR0cHM6Ly9hcGkuZmx5LmlvL3YxlgCSzRCSHwORgs4AC94xH88AAADO9egOOB8Lk7NodHRwczovL2F1dGguZmx5LmlvxDzA8+G+K1DBg8/kqt5C4eKwG1SIyLiHhXQqnGPECJob0F/hV/QSbxBLN3JGwPPN5W/d6fxvWEhjhTSeEujEQLje/pn7Z0cs7dWojmqrrGadnhTHYhrDWAuevsavOmdcybqb7u6E5NZ4Nm2f46wdFHIgp2PNAH0GEs6FIVGmLe/EIAfgXtrSH0iBzlktniLvJZjTBj1G3HT+s+Km/fwc+zS5,fm2_lJPEA2tpZMQQzT4RFtqFNkm6cbOryd6g/MKzaHR0cHM6Ly9hdXRoLmZseS5pb5IEks5pVzWlzmlXNeHEIIGaI6o0uiOZm/IAo01QnnOZ6Wmfj8qlBrHZFaWfOuJ3';
const READ_ONLY =
  'fm2_lJPEA2tpZMQQx3Fqw03hNLTu+Zq18gAqScK1aHR0cHM6Ly9hcGkuZmx5LmlvL3YxlgCSzRCSAQSSzmlXNaXOazhpJRoBxCCAaYtsgNBqhap/lG19wx+rB+vY0nSo7S1HIB3rGesTKg==';
const START = Date.parse('2026-01-02T03:04:05Z');
const HOUR = 3_600_000;

describe('what a token says of itself', () => {
  it('is read of an organization token', () => {
    expect(tokenFacts(ORGANIZATION_20_YEARS)).toEqual({
      kind: 'organization',
      apps: [],
      organizations: [4242],
      expires: Date.parse('2045-12-28T03:04:05Z'),
      readOnly: false,
    });
  });

  it('is read of a deploy token, whose app stands in a condition and whose time is the shortest of two', () => {
    expect(tokenFacts(DEPLOY_1_HOUR)).toEqual({
      kind: 'deploy',
      apps: [777777],
      organizations: [4242],
      expires: START + HOUR,
      readOnly: false,
    });
  });

  it('does not take the end of a discharge, which is renewed, for the end of the token', () => {
    expect(tokenFacts(TWO_APPS_AND_DISCHARGE)).toMatchObject({
      kind: 'deploy',
      apps: [777777, 888888888888],
      expires: undefined,
    });
  });

  it.each([
    ['fo1_personal', 'personal'],
    ['test', 'unknown'],
    ['fm2_notbase64!', 'unknown'],
    [`fm2_${Buffer.from([0x94, 0x93]).toString('base64')}`, 'unknown'],
    [ORGANIZATION_20_YEARS.slice(6, 90), 'unknown'],
  ])('is nothing of %s', (token, kind) => expect(tokenFacts(token).kind).toBe(kind));

  it('is nothing of what is nested without end', () => {
    expect(readMacaroon(`fm2_${Buffer.alloc(5000, 0x91).toString('base64')}`)).toBeUndefined();
  });
});

describe('a token is checked before anything is sent', () => {
  it('and refused when it has expired', () => {
    expect(() => checkToken(DEPLOY_1_HOUR, START + HOUR, false)).toThrow('expired at 2026-01-02T04:04:05Z');
    expect(checkToken(DEPLOY_1_HOUR, START + HOUR - 1, false)).toBeUndefined();
  });

  it('and refused when it may only read', () => {
    expect(() => checkToken(READ_ONLY, START, false)).toThrow('may only read');
  });

  it('and refused when it is of one app and apps have to be made', () => {
    expect(() => checkToken(DEPLOY_1_HOUR, START, true)).toThrow('neither create nor destroy');
    expect(checkToken('test', START, true)).toBeUndefined();
  });

  it('and warned of when it lives for 20 years', () => {
    expect(checkToken(ORGANIZATION_20_YEARS, START, false)).toMatch(/good for 20 more years.*--org ORG/);
  });
});

describe('a refusal is explained', () => {
  const app = { name: 'hello', id: 1, organization: { slug: 'mine', id: 7 } };

  it('by the other organization', () => {
    expect(explainRefusal(ORGANIZATION_20_YEARS, 'hello', app)).toMatchObject({
      code: 'token-other-organization',
      message: 'The Fly token is of another organization (4242): the app hello belongs to mine (7).',
    });
  });

  it('by the other app', () => {
    const same = { ...app, organization: { slug: 'mine', id: 4242 } };
    expect(explainRefusal(DEPLOY_1_HOUR, 'hello', same)).toMatchObject({
      code: 'token-other-app',
      message: 'The Fly token is a deploy token of another app (777777) than hello (1).',
    });
  });

  it('by what there is to tell when Fly says nothing of the app', () => {
    expect(explainRefusal(DEPLOY_1_HOUR, 'hello').message).toMatch(
      /deploy token of the app with the id 777777/,
    );
    expect(explainRefusal('fo1_x', 'hello').message).toMatch(/person's token/);
  });
});
