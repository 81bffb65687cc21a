import { log, run, setOutputs, stopwatch, writeSummary } from '@gangway/action';
import { signIn } from '@gangway/auth';
import { code, joined } from '@gangway/markdown';
import { createToken } from './create.ts';
import { readInputs } from './inputs.ts';

await run(async () => {
  const { google, request } = readInputs();
  const { credentials } = await signIn(google);
  const watch = stopwatch();
  const { token, expires } = await watch.time('token', () => createToken(credentials.client, request));
  const expiresAt = new Date(expires).toISOString();
  setOutputs({ token, type: request.type, expires_at: expiresAt });
  const what = request.type === 'id_token' ? 'ID token' : 'access token';
  log.info(`Created an ${what} that expires at ${expiresAt}.`);
  await writeSummary({
    title: request.type === 'id_token' ? 'Google ID token' : 'Google access token',
    lead: `Created for later steps of this job; expires at ${expiresAt}.`,
    facts: [
      ['Of', credentials.source],
      request.type === 'id_token'
        ? ['For', code(request.audience)]
        : ['For', joined(request.scopes.map(code), '\n')],
    ],
    parts: watch.parts,
  });
});
