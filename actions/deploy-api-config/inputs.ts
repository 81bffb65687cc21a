import { input, refuseUnknown } from '@gangway/action';
import { readEmitOptions, readSpecPath } from '@gangway/api-document';
import { type GoogleInputs, REFUSED_SIGN_IN, readGoogleInputs } from '@gangway/auth';
import type { EmitOptions } from '@gangway/openapi';
import { DECLARED } from './declared-inputs.ts';
import { type Names, readNames } from './inputs/names.ts';
import { type Check, readChecks } from './inputs/verification.ts';

export interface Inputs extends Names {
  readonly google: GoogleInputs;
  /** Path of the document. */
  readonly spec: string;
  readonly emit: EmitOptions;
  readonly enableService: boolean;
  /** What the gateway must answer after a change; `default` asks for the document's own routes. */
  readonly verify: readonly Check[] | 'default';
  /** Milliseconds. */
  readonly verifyTimeout: number;
  readonly rollback: boolean;
  /** How many configs of the API to keep; undefined keeps all. */
  readonly keepConfigs: number | undefined;
  readonly dryRun: boolean;
  /** Whether a change that breaks callers is refused. */
  readonly failOn: 'never' | 'breaking';
  /** To comment on the pull request with. */
  readonly githubToken: string | undefined;
  /** Milliseconds. */
  readonly timeout: number;
}

export function readInputs(): Inputs {
  refuseUnknown(DECLARED, REFUSED_SIGN_IN);
  const google = readGoogleInputs(input);
  return {
    google,
    ...readNames(google.projectId),
    spec: readSpecPath(),
    emit: readEmitOptions(),
    enableService: input.boolean('enable_service'),
    verify: readChecks(),
    verifyTimeout: input.duration('verify_timeout'),
    rollback: input.boolean('rollback'),
    keepConfigs: input.integer('keep_configs', { min: 1, max: 99 }),
    dryRun: input.boolean('dry_run'),
    failOn: input.choice('fail_on', ['never', 'breaking'] as const),
    githubToken: input.optional('github_token'),
    timeout: input.duration('timeout'),
  };
}
