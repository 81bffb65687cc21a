import { type Call, json, type Reply } from '../../../kernel/http/call.ts';
import type { Context } from '../context.ts';
import { badRequest } from '../errors.ts';
import { requireFingerprint } from '../fingerprint.ts';
import { linkTo } from '../links.ts';
import { operate } from '../operations/operate.ts';
import { requireZone } from '../places/routes.ts';
import { KINDS } from '../resources/kinds.ts';
import { change, resourceOf } from '../resources/resource.ts';
import type { Resource } from '../state.ts';
import { machineTypeOf } from './blueprint.ts';
import { metadataOf } from './metadata.ts';
import { accountsFor } from './service-accounts.ts';
import { tagsOf } from './tags.ts';

type Handler = (call: Call, cloud: Context) => Reply;

/** Changes what a method of that name changes, once it was found right. */
function changing(
  type: string,
  fields: (call: Call, cloud: Context, instance: Resource) => Readonly<Record<string, unknown>>,
  after: (cloud: Context, path: string) => void = () => undefined,
): Handler {
  return (call, cloud) => {
    const { path, resource } = resourceOf(call, cloud, KINDS.instance);
    const wanted = fields(call, cloud, resource);
    const work = () => {
      change(cloud, path, wanted);
      after(cloud, path);
    };
    return operate(call, cloud, { type, target: path, targetId: resource.id, work });
  };
}

/** Replaces all metadata, by the fingerprint of the previous ones. What runs sees them at once, and acts on most of them when it boots. */
export const setMetadata = changing(
  'setMetadata',
  (call, _, { metadata }) => {
    const asked = json<{ fingerprint?: string }>(call);
    requireFingerprint(asked.fingerprint, (metadata as { fingerprint: string }).fingerprint, 'metadata');
    return { metadata: metadataOf(asked) };
  },
  (cloud, path) => cloud.machines.changed(path),
);

/** Replaces all tags, by the fingerprint of the previous ones: the firewall goes by them at once. */
export const setTags = changing(
  'setTags',
  (call, _, { tags }) => {
    const asked = json<{ fingerprint?: string }>(call);
    requireFingerprint(asked.fingerprint, (tags as { fingerprint: string }).fingerprint, 'tags');
    return { tags: tagsOf(asked) };
  },
  (cloud, path) => cloud.machines.changed(path),
);

export const setMachineType = changing('setMachineType', (call, cloud, instance) => {
  const { machineType } = json(call);
  const zone = requireZone(call.params.zone, cloud);
  const { name } = machineTypeOf(machineType, zone, 'machineType');
  requireStopped(instance, 'machine type');
  return { machineType: linkTo(cloud.project.id, `zones/${zone}/machineTypes/${name}`) };
});

export const setServiceAccount = changing('setServiceAccount', (call, cloud, instance) => {
  const { email, scopes = [] } = json<{ email?: string; scopes?: readonly string[] }>(call);
  requireStopped(instance, 'service account');
  const asked = email === undefined || email === '' ? [] : [{ email, scopes }];
  return { serviceAccounts: accountsFor(call, cloud, asked) };
});

export const setScheduling = changing('setScheduling', (call, _, { scheduling }) => ({
  scheduling: { ...(scheduling as object), ...json<object>(call) },
}));

export const setDeletionProtection = changing('setDeletionProtection', ({ query }) => ({
  deletionProtection: query.get('deletionProtection') !== 'false',
}));

function requireStopped({ status }: Resource, what: string): void {
  if (status !== 'TERMINATED')
    throw badRequest(
      `The instance must be stopped before the ${what} can be changed.`,
      'resourceNotReady',
      'RESOURCE_NOT_READY',
    );
}
