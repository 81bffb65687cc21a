import { timestamp } from '../../../kernel/clock.ts';
import { ApiError } from '../../../kernel/errors.ts';
import { type Call, json, type Reply } from '../../../kernel/http/call.ts';
import type { Context } from '../context.ts';
import { requireActAs } from './act-as.ts';
import type { AskedService } from './asked.ts';
import { completeService, completeTemplate } from './defaults.ts';
import { carryOut, validated } from './deployment/carry-out.ts';
import { admissionTo } from './deployment/deploy.ts';
import { requireImageAccess } from './image-access.ts';
import { parentOf } from './path.ts';
import { revise } from './revise.ts';
import { condition, etag, uid } from './state.ts';
import type { Service } from './types.ts';
import { checkId, checkService } from './validation/validate.ts';

/** POST …/services?serviceId=ID. */
export async function createService(call: Call, cloud: Context): Promise<Reply> {
  const id = call.query.get('serviceId') ?? '';
  checkId(id, 'service');
  return create(call, cloud, `${parentOf(call)}/services/${id}`);
}

/** Creates the service of that full name as the request's body says. */
export async function create(call: Call, cloud: Context, name: string): Promise<Reply> {
  const asked = json<AskedService>(call);
  const now = cloud.clock.now();
  const by = call.principal?.email ?? call.principal?.member ?? '';
  const template = completeTemplate(asked.template ?? {}, cloud);
  const fresh: Service = {
    name,
    ...editable(asked),
    uid: uid(),
    generation: '1',
    observedGeneration: '0',
    createTime: timestamp(now),
    updateTime: timestamp(now),
    creator: by,
    lastModifier: by,
    ...completeService(asked),
    template,
    terminalCondition: condition('Ready', 'CONDITION_RECONCILING', now),
    conditions: [
      condition('RoutesReady', 'CONDITION_RECONCILING', now),
      condition('ConfigurationsReady', 'CONDITION_RECONCILING', now),
    ],
    latestCreatedRevision: '',
    uri: '',
    urls: [],
    reconciling: true,
    etag: etag(),
  };
  checkService(fresh);
  requireActAs(call, cloud, template.serviceAccount);
  requireImageAccess(call, cloud, template);
  if (cloud.run.find(name))
    throw new ApiError('ALREADY_EXISTS', `Resource '${name.split('/').at(-1)}' already exists.`);
  if (call.query.get('validateOnly') === 'true') return { body: validated(call, fresh) };
  const stored = cloud.run.add(fresh);
  const revision = revise(stored, cloud);
  const uri = await cloud.containers.open(name, admissionTo(stored, cloud));
  // Another request may have changed it meanwhile.
  Object.assign(stored.resource, { uri, urls: [uri] });
  return { body: carryOut(call, cloud, stored, { revision: revision.name, generation: '1' }) };
}

/** What a caller may set besides the template and the traffic. What is output only never reaches a handler. */
export function editable(asked: AskedService): Partial<Service> {
  const { name: _, etag: __, template: ___, traffic: ____, ...others } = asked;
  return others;
}
