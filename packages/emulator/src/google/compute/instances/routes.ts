import type { Route } from '../../../kernel/http/route.ts';
import type { Context } from '../context.ts';
import { guarded } from '../guarded.ts';
import { KINDS } from '../resources/kinds.ts';
import { setLabels } from '../resources/labels.ts';
import { readRoutes } from '../resources/read-routes.ts';
import { addAccessConfig, deleteAccessConfig } from './access-configs.ts';
import {
  setDeletionProtection,
  setMachineType,
  setMetadata,
  setScheduling,
  setServiceAccount,
  setTags,
} from './changes.ts';
import { insertInstance } from './insert.ts';
import { guestAttributes, serialPortOutput } from './observed.ts';
import { remove, reset, start, stop } from './power.ts';

const INSTANCES = '/zones/{zone}/instances';
const INSTANCE = `${INSTANCES}/{name}`;

/** Instances (https://cloud.google.com/compute/docs/reference/rest/v1/instances). */
export const instanceRoutes: readonly Route<Context>[] = [
  ...readRoutes(KINDS.instance),
  guarded('POST', INSTANCES, 'compute.instances.create', insertInstance),
  guarded('DELETE', INSTANCE, 'compute.instances.delete', remove),
  guarded('GET', `${INSTANCE}/serialPort`, 'compute.instances.getSerialPortOutput', serialPortOutput),
  guarded('GET', `${INSTANCE}/getGuestAttributes`, 'compute.instances.getGuestAttributes', guestAttributes),
  ...Object.entries({ start, stop, reset, setMetadata, setTags, setMachineType, setServiceAccount }).map(
    ([verb, handler]) => guarded('POST', `${INSTANCE}/${verb}`, `compute.instances.${verb}`, handler),
  ),
  ...Object.entries({
    setScheduling,
    addAccessConfig,
    deleteAccessConfig,
    setLabels: setLabels(KINDS.instance),
  }).map(([verb, handler]) => guarded('POST', `${INSTANCE}/${verb}`, `compute.instances.${verb}`, handler)),
  guarded(
    'POST',
    `${INSTANCES}/{resource}/setDeletionProtection`,
    'compute.instances.setDeletionProtection',
    (call, cloud) =>
      setDeletionProtection({ ...call, params: { ...call.params, name: call.params.resource ?? '' } }, cloud),
  ),
];
