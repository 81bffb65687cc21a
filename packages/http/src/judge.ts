import { RequestFailure } from './failure.ts';
import { type Failure, isTransientStatus } from './retry.ts';

/** What an error says of the answer that it stands for, where it stands for one. */
interface Refusal {
  readonly httpStatus?: number;
  readonly response?: { readonly status?: number };
  /** Milliseconds. */
  readonly retryAfter?: number | undefined;
}

/** Answers with a status that says so are transient, and requests that got no answer, as often as that may be chance. */
export function judge(error: unknown): Failure {
  if (error instanceof RequestFailure) return { transient: error.tries !== 1, tries: error.tries, error };
  const { httpStatus, response, retryAfter } = Object(error) as Refusal;
  const status = httpStatus ?? response?.status;
  return { transient: status !== undefined && isTransientStatus(status), error, retryAfter };
}
