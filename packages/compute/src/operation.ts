import { capitalised } from '@gangway/action/capitalised';
import { ActionError } from '@gangway/action/error';
import { GoogleError, pollOperation, type WaitOptions } from '@gangway/google-cloud';
import { fields, list, number, type Reader, text } from '@gangway/http';

/** An operation of Compute Engine, which has another form than those of other APIs. */
export interface ComputeOperation {
  readonly name: string;
  /** `PENDING`, `RUNNING` or `DONE`. */
  readonly status?: string;
  readonly httpErrorStatusCode?: number;
  readonly error?: { readonly errors?: readonly { readonly code?: string; readonly message?: string }[] };
}

type Failures = NonNullable<ComputeOperation['error']>;
type Failure = NonNullable<Failures['errors']>[number];

export const OPERATION: Reader<ComputeOperation> = fields<ComputeOperation>(
  {
    name: text,
    status: text,
    httpErrorStatusCode: number,
    error: fields<Failures>({ errors: list(fields<Failure>({ code: text, message: text })) }),
  },
  'name',
);

/** What helps where the code alone says it (https://cloud.google.com/compute/docs/troubleshooting/troubleshooting-vm-creation). */
const CURES: readonly (readonly [code: RegExp, cure: string])[] = [
  [
    /RESOURCE_POOL_EXHAUSTED/,
    'the zone has no such machine to give now: name another zone or machine_type, or run the job again later',
  ],
  [/QUOTA_EXCEEDED/, 'ask for a higher quota under IAM & Admin > Quotas, or delete what you no longer need'],
  [
    /IP_IN_USE_BY_ANOTHER_RESOURCE/,
    'name another address, or take it from the instance that has it: gcloud compute instances delete-access-config',
  ],
  [/RESOURCE_IN_USE/, 'another resource still uses it; find out which in the console'],
];

/**
 * Polls until an operation is done: after 0.5 s first, then at growing intervals of 2 s at most.
 *
 * @throws ActionError `compute-operation` with Google's words when it failed, `timeout`
 */
export async function waitForCompute(
  started: ComputeOperation,
  poll: () => Promise<ComputeOperation>,
  what: string,
  options: WaitOptions,
): Promise<void> {
  let last = started;
  const asked = async () => {
    last = await poll();
    return { name: last.name, done: last.status === 'DONE' };
  };
  const first = { name: started.name, done: started.status === 'DONE' };
  await pollOperation(first, asked, what, options);
  const [failure, ...others] = last.error?.errors ?? [];
  if (failure) throw operationFailure(failure, others, last.httpErrorStatusCode ?? 400, what);
}

function operationFailure(
  first: Failure,
  others: readonly Failure[],
  http: number,
  what: string,
): ActionError {
  const { code = 'UNKNOWN' } = first;
  const message = [first, ...others].map((failure) => failure.message ?? failure.code).join('; ');
  const body = JSON.stringify({ error: { status: code, message } });
  const cause = new GoogleError(http, body, `${capitalised(what)} failed`);
  const hint = CURES.find(([pattern]) => pattern.test(code))?.[1];
  return new ActionError(cause.message, { code: 'compute-operation', hint: hint ?? cause.hint, cause });
}
