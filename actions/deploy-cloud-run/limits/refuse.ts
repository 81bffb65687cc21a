import { input, invalid } from '@gangway/action';
import type { TaskTemplate, Template } from '../api/resources.ts';
import type { Inputs } from '../inputs.ts';
import { wantedTemplate, wantedWorkload } from '../plan/template.ts';
import type { Problem } from './problem.ts';
import { problems, type Subject } from './problems.ts';

/**
 * Refuses what Cloud Run would refuse, as far as inputs and the file say it: what the service has besides is not known
 * before a request.
 *
 * @throws ActionError that names the input, or the line of the file
 */
export function refuseBeyondLimits(inputs: Inputs): void {
  const { described, name, service, image, region, traffic } = inputs;
  const settings = described ? inputs.settings : withoutRoutes(inputs.settings);
  const home = { projectId: 'PROJECT', region };
  const file = described?.kind === 'service' ? described.service : undefined;
  const template: Template & TaskTemplate =
    inputs.kind === 'service'
      ? wantedTemplate(file?.template, image, settings, service, home)
      : wantedWorkload(
          (described?.kind === 'job' ? described.job.template?.template : undefined) ?? {},
          image,
          settings,
          home,
        );
  const { suffix } = service;
  const subject: Subject = {
    ...{ kind: inputs.kind, name, template, tag: traffic.tag, isWhole: described !== undefined },
    description: service.description ?? file?.description,
    revision: suffix === undefined ? file?.template?.revision : `${name}-${suffix}`,
    traffic: file?.traffic ?? [],
  };
  for (const problem of problems(subject)) {
    const error = inputError(problem) ?? described?.wrong(problem.at, problem.value, problem.cure);
    if (error) throw error;
  }
}

/** Without what needs the VPC that the service or job may have: whether it has one is seen once that is read. */
function withoutRoutes(settings: Inputs['settings']): Inputs['settings'] {
  return { ...settings, vpc: { ...settings.vpc, egress: undefined, tags: undefined } };
}

/**
 * Refuses, before anything is written, an input that doesn't go with what the service or job has already.
 *
 * @param template the whole of it as it is to be
 */
export function refuseMisfit({ kind, name, described }: Inputs, template: Template & TaskTemplate): void {
  if (described) return;
  const nothing = { description: undefined, revision: undefined, traffic: [], tag: undefined };
  for (const problem of problems({ kind, name, template, isWhole: true, ...nothing })) {
    // What is there was taken by Cloud Run, whatever this table says.
    const error = inputError(problem);
    if (error) throw error;
  }
}

function inputError({ inputs, value, cure }: Problem): Error | undefined {
  const name = inputs.find((candidate) => input.optional(candidate) !== undefined);
  if (name === undefined) return undefined;
  return invalid(name, name === 'sidecars' ? value : (input.optional(name) ?? value), cure);
}
