import { input, invalid } from '@gangway/action';

/** A number of instances, or a share of the group. */
export interface Amount {
  readonly fixed?: number;
  readonly percent?: number;
}

/** What a managed instance group has beside its machines; undefined keeps what is there. */
export interface GroupInputs {
  readonly size: number | undefined;
  readonly maxSurge: Amount | undefined;
  readonly maxUnavailable: Amount | undefined;
  /** How many of the instances get the new template; the others keep the one they have. */
  readonly canary: Amount | undefined;
  /** Path that is asked of each instance, `none` for no healing. */
  readonly healthCheck: string | undefined;
  /** Seconds before an instance can be called unhealthy. */
  readonly initialDelay: number;
  /** Templates of earlier deploys that stay. */
  readonly keepTemplates: number;
}

export function readGroup(): GroupInputs {
  const healthCheck = input.optional('health_check');
  if (healthCheck !== undefined && healthCheck !== 'none' && !/^\/\S*$/.test(healthCheck))
    throw invalid('health_check', healthCheck, 'write a path such as /healthz, or none');
  const maxSurge = readAmount('max_surge', input.optional('max_surge'));
  const maxUnavailable = readAmount('max_unavailable', input.optional('max_unavailable'));
  if (isZero(maxSurge) && isZero(maxUnavailable))
    throw invalid(
      'max_surge',
      '0',
      'with max_unavailable 0, no instance could be replaced; set one of them to 1',
    );
  return {
    size: input.integer('size', { min: 0, max: 1000 }),
    maxSurge,
    maxUnavailable,
    canary: readAmount('canary', input.optional('canary')),
    healthCheck,
    initialDelay: readDelay(),
    keepTemplates: input.integer('keep_templates', { min: 0, max: 100 }) ?? 1,
  };
}

function readDelay(): number {
  const seconds = input.duration('initial_delay') / 1000;
  if (seconds > 3600)
    throw invalid('initial_delay', input.optional('initial_delay') ?? '', 'write at most 1h');
  return Math.round(seconds);
}

function readAmount(name: string, value: string | undefined): Amount | undefined {
  if (value === undefined) return undefined;
  const [, number = '', percent] = /^(\d{1,4})(%)?$/.exec(value) ?? [];
  if (!number || (percent && Number(number) > 100))
    throw invalid(name, value, 'write a number of instances such as 1, or a percentage such as 20%');
  return percent ? { percent: Number(number) } : { fixed: Number(number) };
}

function isZero(amount: Amount | undefined): boolean {
  return amount !== undefined && (amount.fixed ?? amount.percent) === 0;
}
