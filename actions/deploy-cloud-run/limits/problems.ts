import { LIMITS } from '@gangway/cloud-run';
import type { Kind } from '../api/kind.ts';
import { mainIndex } from '../api/main-container.ts';
import type { TaskTemplate, Template, TrafficTarget } from '../api/resources.ts';
import { foreignCure, foreignHost } from './image-host.ts';
import { probeProblems } from './probes.ts';
import type { Problem } from './problem.ts';
import { resourceProblems } from './resources.ts';

/** What is deployed, as far as Cloud Run limits it. */
export interface Subject {
  readonly kind: Kind;
  readonly name: string;
  readonly template: Template & TaskTemplate;
  readonly description: string | undefined;
  /** Id of the revision, with the name of the service in front. */
  readonly revision: string | undefined;
  readonly traffic: readonly TrafficTarget[];
  readonly tag: string | undefined;
  /** Whether what is not said has its default; it is unknown otherwise. */
  readonly isWhole: boolean;
}

/** What Cloud Run would refuse. */
export function* problems(subject: Subject): Generator<Problem> {
  const { kind, template, description, isWhole } = subject;
  if (description !== undefined && description.length > LIMITS.description.most)
    yield {
      ...{ at: '/metadata.annotations.run.googleapis.com/description', inputs: ['description'] },
      value: description,
      cure: `it has ${description.length} characters; the maximum is ${LIMITS.description.most}`,
    };
  yield* nameProblems(subject);
  yield* templateProblems(template, kind);
  const { containers = [], executionEnvironment: environment, maxInstanceRequestConcurrency } = template;
  const main = mainIndex(containers);
  const concurrency = maxInstanceRequestConcurrency || undefined;
  for (const [index, container] of containers.entries()) {
    const [at, isMain] = [`containers[${index}]`, index === main];
    const host = container.image === undefined ? undefined : foreignHost(container.image);
    if (host)
      yield {
        ...{ at: `${at}.image`, inputs: [isMain ? 'image' : 'sidecars'], value: container.image ?? '' },
        cure: foreignCure(host),
      };
    const isOnly = containers.length === 1;
    yield* resourceProblems(container, { kind, environment, concurrency }, { at, isWhole, isOnly, isMain });
    yield* probeProblems(container, at, isMain);
  }
}

function* nameProblems({ kind, name, revision, tag, traffic }: Subject): Generator<Problem> {
  if (kind === 'job') return;
  if (revision !== undefined) {
    const common = { at: '/spec.template.metadata.name', inputs: ['suffix'], value: revision };
    if (revision.length > LIMITS.revisionName.most)
      yield {
        ...common,
        cure: `it has ${revision.length} characters; the maximum is ${LIMITS.revisionName.most}`,
      };
    else if (!revision.startsWith(`${name}-`) || !/^[a-z0-9-]*[a-z0-9]$/.test(revision))
      yield {
        ...common,
        cure: `it begins with ${name}- and has lower-case letters, digits and dashes, not a dash last`,
      };
  }
  const room = LIMITS.tagAndService.most - name.length;
  const tags = traffic.flatMap((target, index) =>
    target.tag ? [{ tag: target.tag, at: `/spec.traffic[${index}].tag` }] : [],
  );
  for (const one of [...(tag === undefined ? [] : [{ tag, at: '' }]), ...tags])
    if (one.tag.length > room)
      yield {
        ...{ at: one.at, inputs: one.at === '' ? ['tag'] : [], value: one.tag },
        cure: `a tag and the name of its service have ${LIMITS.tagAndService.most} characters together; ${name} leaves ${room > 0 ? `${room} for a tag` : 'none for a tag'}`,
      };
}

function* templateProblems({ executionEnvironment, timeout }: Template, kind: Kind): Generator<Problem> {
  if (kind === 'job' && executionEnvironment === 'EXECUTION_ENVIRONMENT_GEN1')
    yield {
      ...{ at: '/spec.template.metadata.annotations', inputs: ['execution_environment'], value: 'gen1' },
      cure: `a job runs in ${LIMITS.jobEnvironment.only}; leave it out`,
    };
  const { least, most } = LIMITS[kind === 'job' ? 'taskTimeout' : 'requestTimeout'];
  const amount = timeout === undefined ? undefined : Number.parseFloat(timeout);
  if (amount !== undefined && !(Number.isInteger(amount) && amount >= least && amount <= most))
    yield {
      ...{ at: 'timeoutSeconds', inputs: ['request_timeout'], value: timeout ?? '' },
      cure: `write whole seconds, from ${least} to ${most}${kind === 'job' ? ' for a task' : ''}`,
    };
}
