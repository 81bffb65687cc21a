import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningCloud, startCloud } from '../../cloud.ts';
import { GITHUB_ISSUER } from '../../github/id-token.ts';
import { manualClock } from '../../kernel/clock.ts';

const EMAIL = 'gateway@demo-project.iam.gserviceaccount.com';
const clock = manualClock();
let cloud: RunningCloud;
beforeAll(async () => {
  cloud = await startCloud({ clock });
});
afterAll(() => cloud.close());

describe('verifyIdToken', () => {
  it('knows the account by one of several audiences', async () => {
    const token = await cloud.contracts.idTokens.sign(EMAIL, 'https://a');
    expect(await cloud.contracts.idTokens.verify(token, ['https://b', 'https://a'])).toEqual({
      email: EMAIL,
    });
  });

  it('refuses another audience, a changed token and nonsense', async () => {
    const token = await cloud.contracts.idTokens.sign(EMAIL, 'https://a');
    expect(await cloud.contracts.idTokens.verify(token, 'https://b')).toBeUndefined();
    expect(await cloud.contracts.idTokens.verify(`${token.slice(0, -6)}AAAAAA`, 'https://a')).toBeUndefined();
    expect(await cloud.contracts.idTokens.verify('nonsense', 'https://a')).toBeUndefined();
  });

  it("refuses GitHub's token, even one that names an e-mail", async () => {
    const exp = Math.floor(clock.now() / 1000) + 300;
    const token = await cloud.keys.sign({ iss: GITHUB_ISSUER, aud: 'https://a', email: EMAIL, exp });
    expect(await cloud.contracts.idTokens.verify(token, 'https://a')).toBeUndefined();
  });

  it('refuses an expired one, and one that it has taken before, once it is', async () => {
    const token = await cloud.contracts.idTokens.sign(EMAIL, 'https://a');
    const taken = await cloud.contracts.idTokens.sign(EMAIL, 'https://a', true);
    for (const _ of [1, 2])
      expect(await cloud.contracts.idTokens.verify(taken, 'https://a')).toEqual({ email: EMAIL });
    expect(await cloud.contracts.idTokens.verify(taken, 'https://b')).toBeUndefined();
    expect(await cloud.contracts.idTokens.verify(`${taken.slice(0, -6)}AAAAAA`, 'https://a')).toBeUndefined();
    clock.advance(3599_000);
    expect(await cloud.contracts.idTokens.verify(taken, 'https://a')).toEqual({ email: EMAIL });
    clock.advance(1000);
    expect(await cloud.contracts.idTokens.verify(taken, 'https://a')).toBeUndefined();
    expect(await cloud.contracts.idTokens.verify(token, 'https://a')).toBeUndefined();
  });
});
