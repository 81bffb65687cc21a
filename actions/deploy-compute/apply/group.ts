import { ActionError, cancellation, log, type Stopwatch } from '@gangway/action';
import { MANAGER, type Manager, type Template } from '@gangway/compute';
import { isGoogleError } from '@gangway/google-cloud';
import { diff, diffLines, normal } from '@gangway/settings';
import type { Inputs } from '../inputs.ts';
import type { Place } from '../place.ts';
import { type GroupPlan, planGroup, templatesOf, writable } from '../plan/group-plan.ts';
import { refuseLosses } from '../plan/losses.ts';
import { metadataOf } from '../plan/metadata.ts';
import { last } from '../plan/misfits.ts';
import { type WantedTemplate, wantedTemplate } from '../plan/template.ts';
import { type WantedBoot, wantedBoot } from '../plan/wanted-boot.ts';
import { untilAnsweringUrl } from '../wait/answering.ts';
import { untilRolledOut } from '../wait/rolled-out.ts';
import { checkRoles, requireAccount } from './account.ts';
import { aftermath } from './aftermath.ts';
import { bootImage } from './boot-image.ts';
import { type Health, planHealth } from './health-check.ts';
import type { Outcome } from './outcome.ts';
import { planPortRule, portRuleName, standingRule } from './port-rule.ts';
import type { Step } from './step.ts';
import { ensureTemplate, findTemplate, pruneTemplates } from './templates.ts';

/** What was found and what is to become of it. */
interface Ground {
  readonly place: Place;
  readonly inputs: Inputs;
  readonly image: string;
  readonly path: string;
  readonly current: Manager | undefined;
  readonly ground: Template | undefined;
  readonly boot: WantedBoot;
  readonly template: WantedTemplate;
  readonly plan: GroupPlan;
  readonly health: Health;
  readonly steps: readonly Step[];
}

/** Brings a managed instance group to what is wanted, instance by instance. */
export async function deployGroup(
  place: Place,
  image: string,
  inputs: Inputs,
  watch: Stopwatch,
): Promise<Outcome> {
  const found = await watch.time('look', () => lookAround(place, image, inputs));
  const { current, boot, template, plan, health, steps, ground } = found;
  const settings = diff(ground && normal(boot.before), normal(boot.after), 'container');
  const changes = [
    ...steps.flatMap((step) => step.changes),
    ...plan.changes,
    ...(plan.changes.length > 0 ? settings : []),
  ];
  const change = await watch.time('deploy', () => carryOut(found, changes));
  const previous = current ? templatesOf(current).main : '';
  return {
    ...{ change, changes, image, instance: undefined },
    previousImage: (boot.before as { image?: string } | undefined)?.image ?? '',
    template: template.name,
    previousTemplate: previous,
    standing: [
      ...health.standing,
      ...(inputs.surroundings.allowFrom.length > 0 ? [standingRule(portRuleName(inputs.name))] : []),
    ],
  };
}

async function lookAround(place: Place, image: string, inputs: Inputs): Promise<Ground> {
  const path = `${place.home}/instanceGroupManagers/${inputs.name}`;
  const current = await place.compute.find(path, MANAGER);
  const newest = current && templatesOf(current).newest;
  const ground = newest ? await findTemplate(place, newest) : undefined;
  if (newest && !ground)
    log.warning(`The template ${newest} of ${inputs.name} no longer exists, so its settings can't be kept.`);
  const metadata = metadataOf(ground?.properties ?? {});
  const boot = wantedBoot(`the group ${inputs.name}`, metadata, image, inputs, place);
  if (!current) requireAccount(inputs, place);
  const template = wantedTemplate(inputs, boot, ground?.properties, place.projectId);
  const network =
    template.body.properties.networkInterfaces?.[0]?.network ??
    `projects/${place.projectId}/global/networks/default`;
  const ports =
    inputs.cloudInit === undefined ? (boot.container.ports ?? []) : (inputs.container.ports ?? []);
  const health = await planHealth(place, network, ports, inputs);
  const plan = planGroup(current, template.name, health.healthCheck, inputs, place.projectId);
  const steps = [...health.steps, await planPortRule(place, network, ports, inputs)];
  return { place, inputs, image, path, current, ground, boot, template, plan, health, steps };
}

async function carryOut(found: Ground, changes: Outcome['changes']): Promise<Outcome['change']> {
  const { place, inputs, image, path, current, ground, boot, template, plan, steps } = found;
  const { name } = inputs;
  const target = { path, name, template: template.name, id: boot.reports ? boot.id : undefined };
  if (changes.length === 0) {
    if (!inputs.dryRun) {
      await untilRolledOut(place, target);
      await untilAnsweringUrl(inputs);
    }
    log.info(`${name} already runs this image with these settings.`);
    return 'none';
  }
  await log.group(current ? `What changes in ${name}` : `The new group ${name}`, async () => {
    for (const line of diffLines(changes)) log.info(line);
  });
  if (ground && template.name !== ground.name)
    refuseLosses(`The template ${ground.name}`, ground.properties ?? {});
  if (plan.changes.length > 0) {
    await bootImage(place, inputs.machine.imageFamily);
    await checkRoles(place, image, template.body.properties, boot.container);
  }
  if (inputs.dryRun) return 'planned';
  for (const step of steps) await step.carryOut();
  if (plan.changes.length === 0) return 'updated';
  await ensureTemplate(place, template);
  await write(found);
  try {
    await untilRolledOut(place, target);
    await untilAnsweringUrl(inputs);
  } catch (error) {
    if (cancellation.aborted || !current) throw error;
    throw await takenBack(found, current, error);
  }
  const used = [template.name, ...(current ? [templatesOf(current).main] : [])];
  if (inputs.group.canary === undefined)
    await pruneTemplates(place, name, [template.name], inputs.group.keepTemplates);
  else log.info(`${used.at(-1)} keeps running on the other instances.`);
  return current ? 'updated' : 'created';
}

async function write({ place, inputs, path, current, plan }: Ground): Promise<void> {
  const { name } = inputs;
  const what = `${current ? 'updating' : 'making'} the group ${name}`;
  const shared = { what, timeout: place.left() };
  try {
    if (current)
      await place.compute.write({
        ...shared,
        ...{ method: 'PATCH', path, body: { fingerprint: current.fingerprint, ...plan.body } },
      });
    else
      await place.compute.write({
        ...shared,
        ...{ method: 'POST', path: `${place.home}/instanceGroupManagers`, body: plan.body },
      });
  } catch (error) {
    if (!isGoogleError(error, 412)) throw error;
    throw new ActionError(`Someone else changed the group ${name} while this step did.`, {
      code: 'overtaken',
      hint: 'run the job again; give jobs that deploy to the same group a common "concurrency" group',
      cause: error,
    });
  }
}

/** Milliseconds that the earlier template gets to be everywhere again. */
const ROLLBACK = 10 * 60_000;

async function takenBack(found: Ground, current: Manager, error: unknown): Promise<ActionError> {
  const { place, inputs, path, template, plan } = found;
  const { name } = inputs;
  const because = aftermath(error);
  if (error instanceof ActionError && error.code === 'overtaken') return error;
  const end = performance.now() + ROLLBACK;
  const again = { ...place, left: () => Math.max(1000, end - performance.now()) };
  try {
    const now = await place.compute.read(path, MANAGER);
    if (!(now.versions ?? []).some(({ instanceTemplate }) => last(instanceTemplate) === template.name))
      return because(`${name} was not rolled back: someone else has changed it since.`);
    log.info(`Rolling ${name} back to its previous template…`);
    await place.compute.write({
      method: 'PATCH',
      path,
      body: { fingerprint: now.fingerprint, ...writable(current, Object.keys(plan.body)) },
      what: `taking the group ${name} back`,
      timeout: again.left(),
    });
    const { main } = templatesOf(current);
    await untilRolledOut(again, { path, name, template: main, id: undefined });
    return because(`${name} runs ${main} again, as before.`);
  } catch (failure) {
    return because(
      `${name} could not be rolled back: ${failure instanceof Error ? failure.message : failure}`,
    );
  }
}
