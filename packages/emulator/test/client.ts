import type { Cloud } from '../src/cloud.ts';
import { serviceAccount, user } from '../src/kernel/principal.ts';

export interface Answer {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

/** A caller of the cloud's main port, for tests: JSON in, status and JSON out. */
export function caller(cloud: Cloud, token?: string) {
  return async (method: string, path: string, body?: unknown): Promise<Answer> => {
    const response = await fetch(`${cloud.origin}${path}`, {
      method,
      headers: {
        ...(token && { authorization: `Bearer ${token}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };
}

/** A token of a user, or of a service account of the project, for an hour. */
export function tokenOf(cloud: Cloud, email: string): string {
  const principal = email.endsWith('.gserviceaccount.com') ? serviceAccount(email) : user(email);
  return cloud.tokens.issue(principal, 3600).token;
}
