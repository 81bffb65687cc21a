import { LIMITS } from '@gangway/cloud-run';
import type { Container, Probe } from '../api/resources.ts';
import type { Problem } from './problem.ts';

const PROBES = [
  ['startupProbe', 'startup_probe'],
  ['livenessProbe', 'liveness_probe'],
  ['readinessProbe', 'readiness_probe'],
] as const;

/** What of a container's probes Cloud Run would refuse. */
export function* probeProblems(container: Container, at: string, isMain: boolean): Generator<Problem> {
  for (const [field, name] of PROBES) {
    const probe = container[field];
    if (!probe) continue;
    const [wrong] = wrongs(probe, field);
    if (wrong)
      yield {
        at: `${at}.${field}`,
        inputs: [isMain ? name : 'sidecars'],
        value: written(probe),
        cure: wrong,
      };
  }
}

function* wrongs(probe: Probe, field: (typeof PROBES)[number][0]): Generator<string> {
  const { by, most, all } = LIMITS[field];
  const {
    initialDelaySeconds: delay = 0,
    timeoutSeconds: timeout = 1,
    periodSeconds: period = 10,
    failureThreshold: failures = 3,
  } = probe;
  const kinds: readonly string[] = by;
  const asked = (['httpGet', 'tcpSocket', 'grpc'] as const).find(
    (kind) => probe[kind] !== undefined && !kinds.includes(kind),
  );
  if (asked) yield `it can't ask by ${asked}; write ${by.map((kind) => EXAMPLES[kind]).join(' or ')}`;
  if (field === 'readinessProbe' && delay > 0) yield 'a readiness probe has no initialDelaySeconds';
  if (delay > most) yield `initialDelaySeconds is ${most} at most`;
  if (period < 1 || period > most) yield `periodSeconds is 1 to ${most}`;
  if (timeout < 1 || timeout > period)
    yield `timeoutSeconds is at most periodSeconds, which is ${period}${probe.periodSeconds ? '' : ' unless you write it'}`;
  if (all !== undefined && failures * period > all)
    yield `failureThreshold times periodSeconds is ${failures * period} seconds, and Cloud Run waits ${all} at most`;
}

const EXAMPLES: Readonly<Record<string, string>> = {
  httpGet: 'httpGet.path=/healthz',
  tcpSocket: 'tcpSocket.port=8080',
  grpc: 'grpc.service=NAME',
};

/** A probe as the input has it. */
function written(probe: Probe): string {
  return Object.entries(probe)
    .flatMap(([name, value]) =>
      typeof value === 'object'
        ? Object.entries(value as object).map(([inner, one]) => `${name}.${inner}=${one}`)
        : [`${name}=${value}`],
    )
    .join(',');
}
