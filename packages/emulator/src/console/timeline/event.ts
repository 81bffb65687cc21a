import type { Circumstances } from '../../kernel/http/answered.ts';
import type { AnsweredRequest } from '../../kernel/http/answered-request.ts';
import { withoutCredentials } from '../../kernel/http/without-credentials.ts';
import { clientOf } from './client.ts';
import { type Refusal, refusalOf } from './refusal.ts';
import type { Steps } from './steps.ts';
import type { Asked, Surroundings } from './surroundings.ts';

/** A request as the page shows it. */
export interface TimelineEvent extends Asked {
  /** Counts up from 1. */
  readonly id: number;
  /** When it was answered, by the cloud's clock, in milliseconds since the epoch. */
  readonly time: number;
  /** Milliseconds. */
  readonly took: number;
  readonly method: string;
  readonly status: number;
  /** e.g. `Cloud Run Admin API`; undefined for a path of none. */
  readonly service: string | undefined;
  readonly client: string;
  /** Number of the run of the client that it is of. */
  readonly step: number;
  readonly refusal: Refusal | undefined;
}

/** Characters of a path that are shown. */
const LONGEST = 2000;

/** Makes an event of a request that was answered. */
export function eventOf(
  id: number,
  request: AnsweredRequest,
  { took, reply, principal }: Circumstances,
  surroundings: Surroundings,
  steps: Steps,
): TimelineEvent {
  const client = clientOf(request.agent.slice(0, LONGEST));
  const path = withoutCredentials(request.path).slice(0, LONGEST);
  const asked = { path, member: principal?.member };
  return {
    ...asked,
    id,
    took,
    time: request.time,
    method: request.method,
    status: request.status,
    service: surroundings.catalogue.find(({ name }) => name === request.service)?.title ?? request.service,
    client: client.name,
    step: steps.of(client.run, request.time - took, request.time),
    refusal: reply && refusalOf(asked, reply, surroundings),
  };
}
