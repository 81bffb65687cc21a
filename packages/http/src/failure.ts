import { ActionError } from '@gangway/action/error';

/** What went wrong with a request, by the code of its error. */
type FailureCode =
  /** No answer, or none that ended. */
  | 'unreachable'
  /** Whoever answered is not who was asked, as far as TLS can tell. */
  | 'tls'
  /** The proxy refused. */
  | 'proxy'
  /** The answer sends the client elsewhere, where the request is not sent. */
  | 'redirected'
  | 'answer-too-large'
  /** The answer was damaged on its way: cut off, no HTTP, a checksum that is wrong. */
  | 'answer-damaged'
  /** The answer is whole, and not what was asked for: a web page, another type. */
  | 'answer-unexpected';

interface FailureOptions {
  readonly code: FailureCode;
  readonly hint: string;
  /** How many times in all such a request is sent before it counts as failed; 1 is once. Default: until the deadline. */
  readonly tries?: number;
  readonly cause?: unknown;
}

/** A request that has no answer to work with. What a server refuses is no such failure. */
export class RequestFailure extends ActionError {
  /** How many times in all the retry policy sends such a request; undefined until its deadline. */
  readonly tries: number | undefined;

  constructor(message: string, { tries, ...options }: FailureOptions) {
    super(message, options);
    this.name = 'RequestFailure';
    this.tries = tries;
  }
}

const NETWORK_HINT =
  'run the job again; on a self-hosted runner, check its network, and HTTPS_PROXY if it needs a proxy';
const DAMAGED_HINT =
  'run the job again; if it persists, check what is between the runner and that host, such as a proxy';

/**
 * The failure that an error of Node's network, TLS or compression stands for.
 *
 * @param error as Node threw it
 * @param what was sent, for messages: `GET run.googleapis.com/v2/…`
 */
export function failureOf(error: unknown, what: string): RequestFailure {
  if (error instanceof RequestFailure) return error;
  const { code, message, cause } = wordsOf(error);
  if (TLS.test(code)) {
    return new RequestFailure(
      `${what} was not sent: the TLS certificate or connection is not good: ${message} (${code}).`,
      {
        code: 'tls',
        tries: 1,
        hint: 'if a proxy intercepts TLS, make Node trust its certificate with NODE_EXTRA_CA_CERTS; check the clock of the runner too',
        cause,
      },
    );
  }
  if (DAMAGED.test(code)) {
    return new RequestFailure(`${what} got a damaged answer: ${message} (${code}).`, {
      code: 'answer-damaged',
      tries: DAMAGED_TRIES,
      hint: DAMAGED_HINT,
      cause,
    });
  }
  return new RequestFailure(`${what} got no answer: ${message}${code && ` (${code})`}.`, {
    code: 'unreachable',
    hint: NETWORK_HINT,
    cause,
    ...(!PASSING.has(code) && { tries: 1 }),
  });
}

/** The failure of an answer that took too long, whether its head or its body. */
export function tooSlow(what: string, timeout: number): RequestFailure {
  return new RequestFailure(`${what} got no whole answer within ${timeout / 1000} s (ETIMEDOUT).`, {
    code: 'unreachable',
    tries: SLOW_TRIES,
    hint: NETWORK_HINT,
  });
}

/** The failure of an answer that does not end within the memory it may take. */
export function tooLarge(what: string, limit: number): RequestFailure {
  return new RequestFailure(`${what} was answered with more than ${bytes(limit)}, which is the limit.`, {
    code: 'answer-too-large',
    tries: 1,
    hint: 'check whether something else answers for that host, such as a proxy',
  });
}

/** The failure of an answer that was cut off or changed on its way. */
export function damaged(what: string, how: string, cause?: unknown): RequestFailure {
  return new RequestFailure(`${what} got a damaged answer: ${how}.`, {
    code: 'answer-damaged',
    tries: DAMAGED_TRIES,
    hint: DAMAGED_HINT,
    cause,
  });
}

/** The failure of an answer that is whole and makes no sense. */
export function unexpected(what: string, how: string): RequestFailure {
  return new RequestFailure(`${what} got an unexpected answer: ${how}.`, {
    code: 'answer-unexpected',
    tries: 1,
    hint: 'check whether something else answers for that host, such as a proxy or its login page; if not, run the job again',
  });
}

/** The failure of an answer that names another place. Only its origin is told: the rest may hold a secret. */
export function redirected(
  what: string,
  status: number,
  location: string | null,
  base: string,
): RequestFailure {
  const to = URL.parse(location ?? '', base)?.origin;
  return new RequestFailure(
    `${what} was answered with a redirect (${status})${to ? ` to ${to}` : ''}, which is not followed: credentials are not sent elsewhere.`,
    {
      code: 'redirected',
      tries: 1,
      hint: 'check whether a proxy or its login page answers for that host; if an environment variable names the endpoint, name where it really is',
    },
  );
}

/** Tries of a request whose answers arrive damaged: once is chance, thrice is not. */
const DAMAGED_TRIES = 3;
/** Tries of a request whose answers take all the time there is. */
const SLOW_TRIES = 3;
/** OpenSSL's and Node's names of what is wrong with a certificate or a handshake. */
const TLS =
  /CERT|^ERR_(SSL|TLS)_|^EPROTO$|^(DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_(GET|VERIFY|DECODE|DECRYPT)|HOSTNAME_MISMATCH|INVALID_(CA|PURPOSE))/;
/** The HTTP parser's and zlib's. */
const DAMAGED = /^(HPE_|Z_|ERR_(BROTLI|_ERROR|STREAM_PREMATURE|PADDING|INVALID_CHAR|HTTP))/;
/** What Node's network stack names a connection that failed, and may not the next time. */
const PASSING = new Set([
  'ECONNRESET',
  'ECONNREFUSED',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'ENETUNREACH',
  'ENETDOWN',
  'EHOSTUNREACH',
  'EHOSTDOWN',
  'EAI_AGAIN',
  'EADDRNOTAVAIL',
  'ERR_STREAM_PREMATURE_CLOSE',
]);

/** What an error of Node's says; addresses that were all tried in vain come as one error without words. */
export function wordsOf(error: unknown): { code: string; message: string; cause: unknown } {
  const [first] = error instanceof AggregateError ? error.errors : [];
  const told = (first ?? error) as { code?: unknown; message?: unknown };
  const code = (error as { code?: unknown } | undefined)?.code ?? told?.code;
  const message = told instanceof Error ? told.message : String(error);
  return {
    code: typeof code === 'string' ? code : '',
    message: message || 'the connection failed',
    cause: error,
  };
}

function bytes(count: number): string {
  const units = ['bytes', 'KiB', 'MiB', 'GiB'];
  const power = Math.min(Math.floor(Math.log2(Math.max(count, 1)) / 10), units.length - 1);
  return `${Number((count / 1024 ** power).toFixed(1))} ${units[power]}`;
}
