import { request } from 'node:http';
import { listens } from '../../docker/listens.ts';
import { type CheckConfig, milliseconds } from '../machines/config.ts';
import type { ProbeResult } from '../machines/run.ts';

const TIMEOUT = 2000;

/**
 * Carries out a health check: a connection, or a request that must be answered with 2xx
 * (https://fly.io/docs/reference/health-checks/).
 * @param port where the machine's port is on 127.0.0.1
 */
export async function probe(check: CheckConfig, port: number | undefined): Promise<ProbeResult> {
  if (port === undefined) return { passing: false, output: 'connect: connection refused' };
  if (check.type === 'http') return get(check, port);
  const passing = await listens(port);
  return { passing, output: passing ? 'Success' : 'connect: connection refused' };
}

function get(
  { method = 'GET', path = '/', headers = [], timeout }: CheckConfig,
  port: number,
): Promise<ProbeResult> {
  return new Promise((resolve) => {
    const sent = request(
      {
        host: '127.0.0.1',
        port,
        method,
        path,
        headers: Object.fromEntries(headers.map(({ name, values }) => [name, [...values]])),
        timeout: milliseconds(timeout, TIMEOUT),
        agent: false,
      },
      (response) => {
        const { statusCode = 0, statusMessage } = response;
        response.resume();
        resolve({ passing: statusCode >= 200 && statusCode < 300, output: `${statusCode} ${statusMessage}` });
      },
    );
    sent.once('timeout', () => sent.destroy(new Error('context deadline exceeded')));
    sent.once('error', (error) => resolve({ passing: false, output: error.message }));
    sent.end();
  });
}
