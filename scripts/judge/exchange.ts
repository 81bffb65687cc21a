/** A request and its answer as they were on the wire. */
export interface Exchange {
  /** The host that it was for, e.g. `run.googleapis.com`; empty where nothing answers that path. */
  readonly host: string;
  readonly method: string;
  readonly path: string;
  readonly agent: string;
  readonly type: string;
  readonly request: string;
  /** Whether nobody read the body of the request, which may then have held anything. */
  readonly isUnread: boolean;
  readonly status: number;
  readonly answerType: string;
  readonly answer: string;
  readonly source: string;
  readonly isFault: boolean;
}
