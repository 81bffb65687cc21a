import { ActionError, counted } from '@gangway/action';
import { type Change, diff, type Json, normal } from '@gangway/settings';
import type { PoolTemplate, WorkerPool } from '../api/resources.ts';
import type { Inputs } from '../inputs.ts';
import { templateLabels, wantedLabels } from './labels.ts';
import { normalPoolTemplate } from './normal.ts';
import { type Home, wantedWorkload } from './template.ts';
import { nextName } from './traffic/next-name.ts';
import { idOf } from './traffic/targets.ts';

/** What is to become of a worker pool. */
export interface PoolPlan {
  readonly changes: readonly Change[];
  /** Fields to write. */
  readonly fields: Partial<WorkerPool>;
  /** As the template is to be. */
  readonly template: PoolTemplate;
  readonly makesRevision: boolean;
  /** Id of the revision that is made, by which it is known from others', or of the latest. */
  readonly revision: string;
}

const SETTINGS = ['description', 'labels', 'scaling'] as const;

/**
 * Compares a worker pool with what is wanted. How instances are split between revisions stays as it is.
 *
 * @param image by digest, or undefined to keep what is there
 * @throws ActionError when there is no image at all
 */
export function planWorkerPool(
  current: WorkerPool | undefined,
  image: string | undefined,
  inputs: Inputs,
  home: Home,
): PoolPlan {
  const template = wantedTemplate(current?.template ?? {}, image, inputs, home);
  refuseImageless(template, inputs.name);
  const settings = wantedSettings(current, image, inputs);
  const { suffix } = inputs.service;
  const latest = current?.latestCreatedRevision;
  const name = suffix === undefined ? undefined : `${inputs.name}-${suffix}`;
  const differs = !same(normalPoolTemplate(current?.template ?? {}), normalPoolTemplate(template));
  const isNamed = name !== undefined && name !== idOf(latest);
  // A step without an image does not try a failed revision again.
  const isAgain = current !== undefined && !isReady(current) && image !== undefined;
  const makesRevision = !current || differs || isNamed || isAgain;
  const revision = makesRevision ? (name ?? nextName(inputs.name, latest)) : idOf(latest);
  const changed = SETTINGS.filter((key) => !same(setting(current, key), setting(settings, key)));
  const before = current && { ...all(current), template: normalPoolTemplate(current.template ?? {}) };
  const after = { ...all(settings), template: current ? normalPoolTemplate(template) : normal(template) };
  return {
    changes: [
      ...diff(before && normal(before), normal(after)),
      ...(isNamed || isAgain
        ? [{ path: 'revision', before: idOf(latest) || undefined, after: revision }]
        : []),
    ],
    fields: {
      ...Object.fromEntries(changed.map((key) => [key, settings[key]])),
      ...(makesRevision && { template: { ...template, revision } }),
    },
    ...{ template, makesRevision, revision },
  };
}

/** Whether its latest revision came up. */
export function isReady({ terminalCondition }: WorkerPool): boolean {
  return terminalCondition === undefined || terminalCondition.state === 'CONDITION_SUCCEEDED';
}

function wantedTemplate(
  { revision: _, ...current }: PoolTemplate,
  image: string | undefined,
  inputs: Inputs,
  home: Home,
): PoolTemplate {
  const labels = templateLabels(current.labels, inputs);
  return { ...wantedWorkload(current, image, inputs.settings, home), ...(labels && { labels }) };
}

function wantedSettings(
  current: WorkerPool | undefined,
  image: string | undefined,
  inputs: Inputs,
): Pick<WorkerPool, (typeof SETTINGS)[number]> {
  const { instances } = inputs.pool;
  const { description, scaling } = current ?? {};
  const wanted = wantedLabels(current, image, inputs);
  const said = inputs.service.description ?? description;
  return {
    ...(said !== undefined && { description: said }),
    ...(wanted && { labels: wanted }),
    ...(instances === undefined
      ? scaling && { scaling }
      : { scaling: { ...scaling, manualInstanceCount: instances } }),
  };
}

function all(of: WorkerPool): Record<string, Json> {
  return Object.fromEntries(SETTINGS.map((key) => [key, setting(of, key)]));
}

/** A setting with its default, so that one that is not said is no change; no instances are not the default. */
function setting(of: WorkerPool | undefined, key: (typeof SETTINGS)[number]): Json {
  if (key !== 'scaling') return normal(of?.[key] ?? '');
  const count = of?.scaling?.manualInstanceCount;
  return count === undefined ? '' : counted(count, 'instance');
}

function refuseImageless({ containers = [] }: PoolTemplate, name: string): void {
  if (containers.length > 0 && containers.every(({ image }) => image)) return;
  throw new ActionError(`Input "image" is required and was empty: there is no worker pool ${name} yet.`, {
    code: 'input-missing',
    hint: 'set image under "with:", preferably by digest, as build-and-push outputs it',
  });
}

function same(left: Json, right: Json): boolean {
  return JSON.stringify(left) === JSON.stringify(right);
}
