import { ActionError, input, invalid } from '@gangway/action';
import type { Surroundings } from './surroundings.ts';

type Kind = 'instance' | 'group';

/** What is judged here. */
interface Given {
  readonly kind: Kind;
  readonly cloudInit: string | undefined;
  readonly surroundings: Surroundings;
}

/** Inputs that mean something to one kind alone. */
const OF_INSTANCES = ['address', 'create_address'];
const OF_GROUPS = ['size', 'max_surge', 'max_unavailable', 'canary', 'health_check'];
/** Inputs that make the unit, which a file of the user's own takes the place of. */
const OF_UNITS = [
  'env_vars',
  'secrets',
  'volumes',
  'command',
  'args',
  'user',
  'memory',
  'log_driver',
  'container_network',
  'privileged',
];

/** Refuses what has no effect on the kind that is deployed: it would be lost without a word. */
export function refuseStrangers(kind: Kind): void {
  const [others, other] = kind === 'group' ? [OF_INSTANCES, 'instance'] : [OF_GROUPS, 'group'];
  const stranger = others.find((name) => !['', 'false'].includes(input.optional(name) ?? ''));
  if (stranger)
    throw new ActionError(
      `Input "${stranger}" has no effect on ${kind === 'group' ? 'a group' : 'an instance'}.`,
      {
        code: 'input-invalid',
        hint: `leave it out, or deploy ${other === 'group' ? 'a group, with the input group' : 'an instance, with the input instance'}`,
      },
    );
  if (kind === 'group' && input.optional('strategy') === 'replace')
    throw invalid(
      'strategy',
      'replace',
      'leave it out: a group always replaces its instances, as max_surge and max_unavailable allow',
    );
}

/** Each instance of a group has an address of its own, which changes. */
export function refusePathOfGroup({ kind, surroundings: { check } }: Given): void {
  if (kind !== 'group' || !check?.url.startsWith('/')) return;
  throw invalid(
    'check_url',
    check.url,
    'a group has no address: write the full URL of its load balancer; health_check requests a path from each instance',
  );
}

/** A file says itself how the container is run; and only what it serves tells whether it runs. */
export function refuseBesideCloudInit({ cloudInit, surroundings, kind }: Given): void {
  if (cloudInit === undefined) return;
  const beside = OF_UNITS.find((name) => input.optional(name) !== undefined);
  if (beside)
    throw invalid(
      'cloud_init',
      input.optional('cloud_init') ?? '',
      `the file defines how the container runs; move ${beside} into the file`,
    );
  if (!surroundings.check && kind === 'instance')
    throw new ActionError('Input "check_url" is required with cloud_init, and was empty.', {
      code: 'input-missing',
      hint: 'write what the container answers, such as /healthz: a machine with your own file does not report its state',
    });
}
