import { expect, it } from 'vitest';
import { manualClock } from '../../../kernel/clock.ts';
import { BackendTokens } from './backend-tokens.ts';

const account = { email: 'gateway@p.iam.gserviceaccount.com', uniqueId: '1' };

function signing() {
  let count = 0;
  const clock = manualClock();
  const idTokens = {
    sign: async (email: string, audience: string) => {
      count += 1;
      if (audience === 'broken') throw new Error('no key');
      return `${email} ${audience} ${count}`;
    },
    verify: async () => undefined,
  };
  return { clock, tokens: new BackendTokens({ clock, idTokens }), count: () => count };
}

it('uses a token for half an hour, for one account and one audience', async () => {
  const { clock, tokens, count } = signing();
  const first = await tokens.token(account, 'a');
  clock.advance(29 * 60_000);
  expect(await tokens.token(account, 'a')).toBe(first);
  expect(await tokens.token(account, 'b')).not.toBe(first);
  expect(await tokens.token({ ...account, uniqueId: '2' }, 'a')).not.toBe(first);
  clock.advance(2 * 60_000);
  expect(await tokens.token(account, 'a')).not.toBe(first);
  expect(count()).toBe(4);
});

it('signs again after a failure', async () => {
  const { tokens, count } = signing();
  await expect(tokens.token(account, 'broken')).rejects.toThrow('no key');
  await expect(tokens.token(account, 'broken')).rejects.toThrow('no key');
  expect(count()).toBe(2);
});
