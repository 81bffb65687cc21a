import type { Reply } from '../kernel/http/call.ts';

/** What the Machines API answers when it refuses: `{"error","status"}` (https://docs.machines.dev). */
export class FlyError extends Error {
  readonly httpStatus: number;
  readonly code: string | undefined;

  /** @param code the word of `status`, e.g. `insufficient_capacity` */
  constructor(httpStatus: number, message: string, code?: string) {
    super(message);
    this.httpStatus = httpStatus;
    this.code = code;
  }

  /** As the Machines API says it. */
  get flaps(): Reply {
    const { httpStatus: status, message: error, code } = this;
    return { status, body: { error, ...(code && { status: code }) } };
  }

  /** As api.fly.io's REST side says it, which is a Phoenix application. */
  get rest(): Reply {
    return { status: this.httpStatus, body: { errors: { detail: this.message } } };
  }
}

export function notFound(what: string): FlyError {
  return new FlyError(404, `${what} not found`);
}

/** The token is none, or is not for this: the API does not say which. */
export function unauthorized(): FlyError {
  return new FlyError(401, 'unauthorized');
}

/** The words are ours. */
export function tooLarge(): FlyError {
  return new FlyError(413, 'request body too large');
}

export function invalid(message: string): FlyError {
  return new FlyError(400, `invalid_argument: ${message}`);
}
