/** Why nothing came back. Nothing has been answered yet. */
export class ForwardError extends Error {
  /** `misframed` is a request that two readers might read in two ways. */
  readonly reason: 'unreachable' | 'timeout' | 'too-large' | 'misframed';
  /** Of `unreachable`: what happened, in Envoy's words. Of `misframed`: the status that says so. */
  readonly detail: string;

  constructor(reason: ForwardError['reason'], detail = '', options?: ErrorOptions) {
    super(detail ? `${reason}: ${detail}` : reason, options);
    this.reason = reason;
    this.detail = detail;
  }
}
