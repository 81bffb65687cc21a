import { groupOf } from './config.ts';
import type { Machine } from './machine.ts';

/**
 * What a machine's main process finds in its environment; a secret wins over `env`, the platform over both
 * (https://fly.io/docs/machines/runtime-environment/).
 */
export function environmentOf(machine: Machine): Record<string, string> {
  const { id, app, region, instanceId, privateIp, config, secrets, image } = machine;
  const reference = `${image.registry}/${image.repository}`;
  return {
    ...config.env,
    ...secrets,
    FLY_APP_NAME: app.name,
    FLY_MACHINE_ID: id,
    FLY_ALLOC_ID: id,
    FLY_MACHINE_VERSION: instanceId,
    FLY_PRIVATE_IP: privateIp,
    FLY_REGION: region,
    FLY_IMAGE_REF: image.tag ? `${reference}:${image.tag}` : `${reference}@${image.digest}`,
    FLY_PROCESS_GROUP: groupOf(config),
    FLY_VM_MEMORY_MB: String(config.guest?.memory_mb ?? 256),
  };
}
