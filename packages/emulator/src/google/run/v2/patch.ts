import { timestamp } from '../../../kernel/clock.ts';
import { type Call, json, type Reply } from '../../../kernel/http/call.ts';
import type { Context } from '../context.ts';
import { requireActAs } from './act-as.ts';
import type { AskedService } from './asked.ts';
import { create, editable } from './create.ts';
import { completeService, completeTemplate } from './defaults.ts';
import { carryOut, validated } from './deployment/carry-out.ts';
import { requireImageAccess } from './image-access.ts';
import { masked } from './mask.ts';
import { missing, nameOf, parentOf } from './path.ts';
import { ownedByCloudRun } from './replacement.ts';
import { revise, sameTemplate } from './revise.ts';
import { condition, etag, requireFresh } from './state.ts';
import type { Service } from './types.ts';
import { checkId, checkService } from './validation/validate.ts';

/** PATCH …/services/S, the whole of it or what `updateMask` names; `allowMissing` creates it. */
export async function patchService(call: Call, cloud: Context): Promise<Reply> {
  const name = nameOf(call);
  const stored = cloud.run.find(name);
  if (!stored && call.query.get('allowMissing') === 'true') {
    cloud.iam.require(call.principal, 'run.services.create', parentOf(call));
    checkId(call.params.service ?? '', 'service');
    return create(call, cloud, name);
  }
  if (!stored) throw missing(call);
  const asked = json<AskedService>(call);
  const before = stored.resource;
  requireFresh(before, asked.etag, call.params.service ?? '');
  const wanted = masked(before, asked, call.query.get('updateMask'));
  const template = completeTemplate(wanted.template ?? {}, cloud);
  const isForced = call.query.get('forceNewRevision') === 'true';
  const renamed =
    template.revision !== undefined && !before.latestCreatedRevision.endsWith(`/${template.revision}`);
  const changed = isForced || renamed || !sameTemplate(template, before.template);
  const after: Service = {
    ...ownedByCloudRun(before, 'GoogleCloudRunV2Service'),
    ...editable(wanted),
    ...completeService(wanted),
    template,
  };
  checkService(
    after,
    [...stored.revisions.keys()].map((revision) => revision.split('/').at(-1) ?? ''),
  );
  requireActAs(call, cloud, template.serviceAccount);
  requireImageAccess(call, cloud, template);
  if (call.query.get('validateOnly') === 'true') return { body: validated(call, after) };
  stored.resource = {
    ...after,
    generation: String(Number(before.generation) + 1),
    updateTime: timestamp(cloud.clock.now()),
    lastModifier: call.principal?.email ?? call.principal?.member ?? '',
    reconciling: true,
    terminalCondition: condition('Ready', 'CONDITION_RECONCILING', cloud.clock.now()),
    etag: etag(),
  };
  if (changed)
    attempt(
      () => revise(stored, cloud),
      () => {
        stored.resource = before;
      },
    );
  const { latestCreatedRevision: revision, generation } = stored.resource;
  return { body: carryOut(call, cloud, stored, { revision, generation }) };
}

function attempt(work: () => void, undo: () => void): void {
  try {
    work();
  } catch (error) {
    undo();
    throw error;
  }
}
