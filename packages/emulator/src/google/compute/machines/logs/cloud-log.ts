import { setTimeout as sleep } from 'node:timers/promises';
import { serviceAccount } from '../../../../kernel/principal.ts';
import type { Context } from '../../context.ts';
import { accountNamed } from '../metadata/tree.ts';

/** Seconds that a token is used. */
const LIFETIME = 3600;
/** Milliseconds that entries are collected before they are sent; Google's clients take a second. */
const DELAY = 200;
/** The codes of gRPC by HTTP status, which the clients on a machine speak (https://grpc.github.io/grpc/core/md_doc_statuscodes.html). */
const CODES: Readonly<Record<number, string>> = {
  400: 'InvalidArgument',
  401: 'Unauthenticated',
  403: 'PermissionDenied',
};

/** An entry as entries.write takes it. */
export type WrittenEntry = Readonly<Record<string, unknown>> & { readonly logName: string };

/** Cloud Logging as a machine reaches it: by HTTP, and with the token of its own service account. */
export class CloudLog {
  readonly #cloud: Context;
  readonly #path: string;
  #waiting: WrittenEntry[] = [];
  #sending: Promise<void> | undefined;

  /** @param path of the instance within the project */
  constructor(cloud: Context, path: string) {
    this.#cloud = cloud;
    this.#path = path;
  }

  /** @throws Error in the words of Google's client for Go when the machine may not write to the project's logs */
  async ping(project: string): Promise<void> {
    await this.#write([{ logName: `projects/${project}/logs/ping`, textPayload: 'ping' }], true);
  }

  /** Sends it soon. A refused entry is lost, as with the real programs. */
  add(entry: WrittenEntry): void {
    this.#waiting.push(entry);
    this.#sending ??= sleep(DELAY, undefined, { ref: false }).then(() => this.#send());
  }

  /** Until what was added is sent. */
  async settled(): Promise<void> {
    while (this.#sending) await this.#sending;
  }

  async #send(): Promise<void> {
    const entries = this.#waiting;
    this.#waiting = [];
    this.#sending = undefined;
    await this.#write(entries, false).catch(() => undefined);
  }

  async #write(entries: readonly WrittenEntry[], dryRun: boolean): Promise<void> {
    const response = await fetch(`${this.#cloud.origin}/v2/entries:write`, {
      method: 'POST',
      headers: { authorization: `Bearer ${this.#token()}`, 'content-type': 'application/json' },
      body: JSON.stringify({ entries, dryRun }),
      signal: AbortSignal.timeout(30_000),
    });
    const text = await response.text();
    if (response.ok) return;
    const { error } = JSON.parse(text) as { error?: { message?: string } };
    const code = CODES[response.status] ?? 'Unknown';
    throw new Error(`rpc error: code = ${code} desc = ${error?.message ?? response.statusText}`);
  }

  /** @throws Error when the machine has no service account */
  #token(): string {
    const instance = this.#cloud.compute.resources.get(this.#path);
    const account = instance && accountNamed(this.#cloud, instance, 'default');
    if (account)
      return this.#cloud.tokens.issue(serviceAccount(account.email), LIFETIME, account.scopes).token;
    throw new Error(
      'rpc error: code = Unauthenticated desc = transport: per-RPC creds failed due to error: metadata: GCE metadata "instance/service-accounts/default/token" not defined',
    );
  }
}
