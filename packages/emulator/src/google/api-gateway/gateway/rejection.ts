/** An answer of the gateway itself: `{"code":404,"message":"…"}`, as ESPv2 makes Envoy's local replies. */
export class Rejection extends Error {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(message);
    this.status = status;
    this.headers = headers;
  }

  get body(): string {
    return JSON.stringify({ code: this.status, message: this.message });
  }
}
