import { invalid } from '@gangway/action';
import type { Probe } from '../api/resources.ts';

const NUMBERS = ['initialDelaySeconds', 'timeoutSeconds', 'periodSeconds', 'failureThreshold'] as const;
const CURE =
  'write what gcloud takes, e.g. httpGet.path=/healthz,periodSeconds=5,failureThreshold=6; or tcpSocket.port=8080, grpc.service=NAME; or none';

/**
 * Reads a probe in the format of `gcloud run deploy --startup-probe`
 * (https://cloud.google.com/sdk/gcloud/reference/run/deploy#--startup-probe).
 *
 * @returns `none` to take it away, undefined to keep what is there
 */
export function readProbe(name: string, items: readonly string[]): Probe | 'none' | undefined {
  if (items.length === 0) return undefined;
  if (items.length === 1 && items[0] === 'none') return 'none';
  const given = new Map(items.map((item) => [item.slice(0, item.indexOf('=')), item] as const));
  const take = (key: string): string | undefined => {
    const item = given.get(key);
    given.delete(key);
    return item?.slice(key.length + 1);
  };
  const number = (key: string, least: number): number | undefined => {
    const text = take(key);
    if (text !== undefined && !(/^\d+$/.test(text) && Number(text) >= least))
      throw invalid(name, `${key}=${text}`, `write a whole number of ${least} or more`);
    return text === undefined ? undefined : Number(text);
  };
  const times = Object.fromEntries(
    NUMBERS.flatMap((key) => {
      const value = number(key, key === 'initialDelaySeconds' ? 0 : 1);
      return value === undefined ? [] : [[key, value] as const];
    }),
  );
  // gcloud has it for readiness probes, and the API takes 1 alone.
  const successes = name === 'readiness_probe' ? take('successThreshold') : undefined;
  if (successes !== undefined && successes !== '1')
    throw invalid(name, `successThreshold=${successes}`, 'Cloud Run takes 1 alone; leave it out');
  const path = take('httpGet.path');
  const [httpPort, tcpPort, grpcPort] = [
    number('httpGet.port', 1),
    number('tcpSocket.port', 1),
    number('grpc.port', 1),
  ];
  const service = take('grpc.service');
  if (path !== undefined && !path.startsWith('/')) throw invalid(name, path, 'a path begins with "/"');
  const [unknown] = given.values();
  if (unknown !== undefined) throw invalid(name, unknown, CURE);
  const kinds = [
    (path ?? httpPort) !== undefined && {
      httpGet: { ...(path && { path }), ...(httpPort && { port: httpPort }) },
    },
    tcpPort !== undefined && { tcpSocket: { port: tcpPort } },
    (service ?? grpcPort) !== undefined && {
      grpc: { ...(service && { service }), ...(grpcPort && { port: grpcPort }) },
    },
  ].filter((kind) => kind !== false);
  if (kinds.length !== 1)
    throw invalid(name, items.join(','), `it asks by one of httpGet, tcpSocket and grpc; ${CURE}`);
  return { ...times, ...kinds[0] };
}
