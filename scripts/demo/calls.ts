import type { Terminal } from './terminal.ts';

interface Request {
  readonly name: string;
  readonly path: string;
  readonly init?: RequestInit;
  readonly withKey: boolean;
  readonly expected: number;
}

const household = { occupants: 3, floor_area: 85, heat_pump: true };

/** Calls the gateway without and with the key, shows what it answers, and throws when an answer is not as it should be. */
export async function callGateway(url: string, key: string, terminal: Terminal): Promise<void> {
  const wrong: string[] = [];
  for (const { name, path, init = {}, withKey, expected } of requests()) {
    const headers = { ...(init.headers as Record<string, string>), ...(withKey && { 'x-api-key': key }) };
    const response = await fetch(new URL(path, url), { ...init, headers, redirect: 'manual' });
    const body = (await response.text()).replace(/\s*\n\s*/g, ' ').trim();
    const good = response.status === expected;
    if (!good) wrong.push(`${name}: ${response.status} instead of ${expected}`);
    terminal.check(
      good,
      `${withKey ? 'key' : 'no key'}: ${name}`,
      `${terminal.bold(String(response.status))}  ${body}`,
    );
  }
  if (wrong.length > 0) throw new Error(`The gateway did not answer as it should. ${wrong.join('; ')}.`);
}

function requests(): Request[] {
  const prediction = {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(household),
  };
  const upload = new FormData();
  upload.append('file', new Blob(['2026-11-01,7.2\n2026-11-02,6.9\n'], { type: 'text/csv' }), 'readings.csv');
  return [
    { name: 'GET /', path: '/', withKey: false, expected: 401 },
    { name: 'GET /', path: '/', withKey: true, expected: 200 },
    { name: 'POST /predict/', path: '/predict/', init: prediction, withKey: true, expected: 200 },
    { name: 'GET /models/linear', path: '/models/linear?examples=1', withKey: true, expected: 200 },
    {
      name: 'POST /documents',
      path: '/documents',
      init: { method: 'POST', body: upload },
      withKey: true,
      expected: 200,
    },
    { name: 'GET /not-there', path: '/not-there', withKey: true, expected: 404 },
  ];
}
