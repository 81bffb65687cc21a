import { ActionError } from '@gangway/action/error';
import { saidIn } from './said.ts';

/** A registry's refusal. */
export class RegistryError extends ActionError {
  /** Where the shared retry policy looks for the status. */
  readonly response: { readonly status: number };

  constructor(what: string, status: number, body: string) {
    const { code, message } = saidIn(body) ?? {};
    const words = [code, message].filter(Boolean).join(': ').replace(/\.$/, '');
    super(`The registry answered ${what} with ${status}${words && `: ${words}`}.`, {
      code: 'registry',
      hint:
        status === 401 || status === 403
          ? 'check that the credentials may read the source and write the target'
          : status === 404
            ? 'check that the image and the repository are there'
            : 'run the job again; what was copied is not sent again',
    });
    this.name = 'RegistryError';
    this.response = { status };
  }
}
