import { timestamp } from '../../../kernel/clock.ts';
import type { Call, Reply } from '../../../kernel/http/call.ts';
import type { Context } from '../context.ts';
import { SERVICE_TYPE } from './deployment/carry-out.ts';
import { operationName, serviceOf } from './path.ts';
import { requireFresh } from './state.ts';

export function getService(call: Call, cloud: Context): Reply {
  return { body: serviceOf(call, cloud).resource };
}

export function listServices(call: Call, cloud: Context): Reply {
  const { project, location } = call.params;
  const found = cloud.run.list(`projects/${project}/locations/${location === '-' ? '' : `${location}/`}`);
  return { body: found.length > 0 ? { services: found.map(({ resource }) => resource) } : {} };
}

export function deleteService(call: Call, cloud: Context): Reply {
  const stored = serviceOf(call, cloud);
  const { name } = stored.resource;
  requireFresh(stored.resource, call.query.get('etag') ?? undefined, call.params.service ?? '');
  cloud.run.remove(name);
  cloud.iam.set(name, {});
  const deleted = { ...stored.resource, deleteTime: timestamp(cloud.clock.now()) };
  const operation = cloud.operations.start({
    name: operationName(call),
    permission: 'run.operations.get',
    metadata: { '@type': SERVICE_TYPE, ...deleted },
    start: () =>
      stored.queue.then(async () => {
        await cloud.containers.shut([name, ...cloud.containers.listeners(`${name}#`)]);
        cloud.containers.stop(stored.revisions.keys());
      }),
    work: () => ({ '@type': SERVICE_TYPE, ...deleted }),
  });
  return { body: operation };
}
