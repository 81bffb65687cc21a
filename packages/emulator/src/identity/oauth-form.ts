import type { Call, Reply } from '../handler.ts';

/** The fields of a token request: a form, as RFC 6749 has it, or JSON with camelCase names, as Google's REST clients send it. */
export function oauthFields(call: Call): Readonly<Record<string, string | undefined>> {
  const text = call.body.toString('utf8');
  if (!call.headers['content-type']?.includes('json')) return Object.fromEntries(new URLSearchParams(text));
  const fields = Object.entries(JSON.parse(text || '{}') as Record<string, unknown>);
  return Object.fromEntries(
    fields.map(([name, value]) => [
      name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
      String(value),
    ]),
  );
}

/** A token endpoint's refusal (RFC 6749 section 5.2). */
export function refuse(error: string, description: string, status = 400): Reply {
  return { status, body: { error, error_description: description } };
}
