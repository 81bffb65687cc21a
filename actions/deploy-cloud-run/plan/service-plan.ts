import { ActionError } from '@gangway/action';
import { type Change, diff, type Json, normal } from '@gangway/settings';
import type { Service, ServiceSettings, Template, TrafficTarget } from '../api/resources.ts';
import type { ServiceInputs } from '../inputs/settings.ts';
import type { Inputs } from '../inputs.ts';
import { followingAgain, marked, remembered } from './ground.ts';
import { templateLabels, wantedLabels } from './labels.ts';
import { normalTemplate } from './normal.ts';
import { type Home, wantedTemplate } from './template.ts';
import { isCheckTag } from './traffic/check-tag.ts';
import { servedBefore, withoutServed, withServed } from './traffic/history.ts';
import { nextName } from './traffic/next-name.ts';
import { idOf, lines, sameTraffic } from './traffic/targets.ts';
import { beside, isServing, wantedTraffic } from './traffic/traffic.ts';

/** What is to become of a service. */
export interface Plan {
  readonly changes: readonly Change[];
  /** Fields to write, the traffic apart. */
  readonly fields: Partial<Service>;
  /** Whether a revision is made. */
  readonly makesRevision: boolean;
  /** Id of the revision that is made, by which it is known from others', or of the latest. */
  readonly revision: string;
  readonly traffic: readonly TrafficTarget[];
  /** Whether the step gives requests to other revisions alone: the latest is none of its concern then. */
  readonly isElsewhere: boolean;
}

const SETTINGS = [
  'description',
  'labels',
  'annotations',
  'ingress',
  'launchStage',
  'scaling',
  'customAudiences',
  'invokerIamDisabled',
  'defaultUriDisabled',
  'iapEnabled',
  'binaryAuthorization',
  'buildConfig',
] as const satisfies readonly (keyof ServiceSettings)[];

/**
 * Compares a service with what is wanted.
 *
 * @param image by digest, or undefined to keep what is there
 * @param ground the template to build on, where that of the service is a preview's
 * @throws ActionError when there is no image at all
 */
export function planService(
  current: Service | undefined,
  image: string | undefined,
  inputs: Inputs,
  home: Home,
  ground = current?.template,
): Plan {
  const file = inputs.described?.kind === 'service' ? inputs.described.service : undefined;
  const base = file ?? (current && { ...current, ...(ground && { template: ground }) });
  const template = marked(
    withLabels(wantedTemplate(base?.template, image, inputs.settings, inputs.service, home), inputs),
    inputs.preview,
  );
  refuseImageless(template, inputs.name);
  const settings = wantedSettings(base, image, inputs);
  const name = wantedName(file, inputs);
  const differs = !same(normalTemplate(current?.template ?? {}), normalTemplate(template));
  const isNamed = name !== undefined && name !== idOf(current?.latestCreatedRevision);
  // A step that is about the traffic alone does not try a failed revision again.
  const isAgain = current !== undefined && !isReady(current) && (image ?? file) !== undefined;
  const makesRevision = !current || differs || isNamed || isAgain;
  const revision = makesRevision
    ? (name ?? nextName(inputs.name, current?.latestCreatedRevision))
    : idOf(current?.latestCreatedRevision);
  const traffic = trafficFor(current, inputs, revision, makesRevision);
  const changed = SETTINGS.filter((key) => !same(setting(current, key), setting(settings, key)));
  // What serves now is written down with what changes it, to be gone back to.
  const moves = !inputs.preview && (makesRevision || !sameTraffic(current?.traffic, traffic));
  const { split } = inputs.traffic;
  const back = split && 'previous' in split ? servedBefore(current, inputs.name) : undefined;
  const annotations = {
    ...withServed(settings.annotations, current, moves, back),
    ...remembered(current, inputs.preview, makesRevision),
  };
  const isWritten =
    changed.includes('annotations') || !same(normal(annotations), normal(current?.annotations ?? {}));
  return {
    changes: changesOf(current, template, settings, traffic, isNamed || isAgain ? revision : undefined),
    fields: {
      ...Object.fromEntries(changed.map((key) => [key, settings[key]])),
      ...(isWritten && { annotations }),
      ...(makesRevision && { template: { ...template, revision } }),
    },
    makesRevision,
    revision,
    traffic,
    isElsewhere: !makesRevision && isElsewhere(inputs) && !isServing({ traffic }, revision),
  };
}

/** Whether shares are given to revisions by name, and nothing is deployed. */
function isElsewhere({ traffic: { split }, image, described }: Inputs): boolean {
  return split !== undefined && !('latest' in split) && image === undefined && described === undefined;
}

/**
 * The traffic that the inputs, or the file, ask for.
 *
 * @param aim what gets the share of the latest
 */
export function trafficFor(
  current: Service | undefined,
  { described, traffic, name, preview }: Pick<Inputs, 'described' | 'traffic' | 'name' | 'preview'>,
  revision: string,
  isNew: boolean,
  aim?: TrafficTarget,
): readonly TrafficTarget[] {
  const file = described?.kind === 'service' ? described.service : undefined;
  if (preview && current) return beside(current, preview.tag, revision);
  const base = file ? { ...current, traffic: file.traffic ?? [] } : followed(current, traffic);
  // A check that passes gives a revision what the file says, where it says so.
  const asked = file?.traffic?.length ? { ...traffic, check: undefined } : traffic;
  return wantedTraffic(base, asked, revision, isNew, aim, name);
}

/** Where nothing is said of the traffic, what followed the latest revision before previews came follows it again. */
function followed(current: Service | undefined, { split }: Inputs['traffic']): Service | undefined {
  return current && !split ? { ...current, traffic: followingAgain(current) } : current;
}

/** Whether nothing is to be done. */
export function isUnchanged({ fields, traffic }: Plan, current: Service | undefined): boolean {
  return Object.keys(fields).length === 0 && sameTraffic(current?.traffic, traffic) && !isStaged(current);
}

/** Whether a rollout was cut short between the new revision and its traffic. */
function isStaged(current: Service | undefined): boolean {
  return (current?.traffic ?? []).some(({ tag }) => isCheckTag(tag));
}

/** Whether its latest revision came up. */
export function isReady({ terminalCondition }: Service): boolean {
  return terminalCondition === undefined || terminalCondition.state === 'CONDITION_SUCCEEDED';
}

function wantedName(file: Service | undefined, { name, service: { suffix } }: Inputs): string | undefined {
  return suffix === undefined ? file?.template?.revision : `${name}-${suffix}`;
}

function withLabels(template: Template, inputs: Inputs): Template {
  const labels = templateLabels(template.labels, inputs);
  return { ...template, ...(labels && { labels }) };
}

function wantedSettings(
  found: ServiceSettings | undefined,
  image: string | undefined,
  inputs: Inputs,
): ServiceSettings {
  const { service, preview } = inputs;
  const base = found ?? {};
  const labels = preview ? base.labels : wantedLabels(found, image, inputs);
  return {
    ...Object.fromEntries(SETTINGS.map((key) => [key, base[key]])),
    ...(labels && { labels }),
    ...(service.ingress && { ingress: service.ingress }),
    ...(service.description !== undefined && { description: service.description }),
    ...(service.customAudiences && { customAudiences: service.customAudiences }),
    ...(service.invokerIamCheck !== undefined && { invokerIamDisabled: !service.invokerIamCheck }),
    ...wantedScaling(base, service),
  };
}

function wantedScaling(
  { scaling }: ServiceSettings,
  { serviceMinInstances: least, serviceMaxInstances: most }: ServiceInputs,
): Pick<ServiceSettings, 'scaling'> {
  if (least === undefined && most === undefined) return {};
  return {
    scaling: {
      ...scaling,
      ...(least !== undefined && { minInstanceCount: least }),
      ...(most !== undefined && { maxInstanceCount: most }),
    },
  };
}

/** A setting with its default, so that one that is not said is no change. */
function setting(of: ServiceSettings | undefined, key: keyof ServiceSettings): Json {
  const value = key === 'annotations' ? withoutServed(of?.annotations) : of?.[key];
  if (key === 'ingress') return normal(value ?? 'INGRESS_TRAFFIC_ALL');
  if (key === 'launchStage') return normal(value ?? 'GA');
  if (key === 'scaling')
    return normal({
      ...(value as object),
      ...(of?.scaling?.scalingMode === 'AUTOMATIC' && { scalingMode: '' }),
    });
  return normal(value ?? '');
}

function changesOf(
  current: Service | undefined,
  template: Template,
  settings: ServiceSettings,
  traffic: readonly TrafficTarget[],
  revision: string | undefined,
): Change[] {
  const all = (of: ServiceSettings | undefined) =>
    Object.fromEntries(SETTINGS.map((key) => [key, setting(of, key)]));
  return [
    ...diff(current && normal(all(current)), normal(current ? all(settings) : settings)),
    ...diff(current ? { template: normalTemplate(current.template ?? {}) } : undefined, {
      template: current ? normalTemplate(template) : normal(template),
    }),
    ...(revision
      ? [{ path: 'revision', before: idOf(current?.latestCreatedRevision) || undefined, after: revision }]
      : []),
    ...(sameTraffic(current?.traffic, traffic)
      ? []
      : [
          {
            path: 'traffic',
            before: lines(current?.traffic ?? []).join('; ') || undefined,
            after: lines(traffic).join('; '),
          },
        ]),
  ];
}

function refuseImageless({ containers = [] }: Template, name: string): void {
  if (containers.length > 0 && containers.every(({ image }) => image)) return;
  throw new ActionError(`Input "image" is required and was empty: there is no service ${name} yet.`, {
    code: 'input-missing',
    hint: 'set image under "with:", preferably by digest, as build-and-push outputs it',
  });
}

function same(left: Json, right: Json): boolean {
  return JSON.stringify(left) === JSON.stringify(right);
}
