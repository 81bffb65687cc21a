import { input, invalid, refuseUnknown } from '@gangway/action';
import { readEmitOptions, readSpecPath } from '@gangway/api-document';
import { type GoogleInputs, REFUSED_SIGN_IN, readGoogleInputs } from '@gangway/auth';
import type { EmitOptions } from '@gangway/openapi';
import { DECLARED } from './declared-inputs.ts';
import { type AboutInputs, readAbout } from './inputs/about.ts';
import { type Names, readNames } from './inputs/names.ts';
import { type Preview, previewNames, readPreview } from './inputs/preview.ts';
import { type Check, readChecks } from './inputs/verification.ts';

export interface Inputs extends Names {
  readonly google: GoogleInputs;
  /** Path of the document; empty where none is deployed. */
  readonly spec: string;
  /** Config to go back to: its id, or `previous`. */
  readonly back: string | undefined;
  /** Of a pull request. */
  readonly preview: Preview | undefined;
  /** Name of the environment on GitHub under which the deploy is recorded. */
  readonly deployment: string | undefined;
  readonly about: AboutInputs;
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
  /** Whether the document is only checked. */
  readonly offline: boolean;
  /** Whether a change that breaks callers is refused. */
  readonly failOn: 'never' | 'breaking';
  /** To write to the repository with: a comment, a deployment. */
  readonly githubToken: string | undefined;
  /** Milliseconds. */
  readonly timeout: number;
}

export function readInputs(): Inputs {
  refuseUnknown(DECLARED, REFUSED_SIGN_IN);
  const google = readGoogleInputs(input);
  const preview = readPreview();
  const back = readBack(preview);
  const githubToken = input.optional('github_token');
  const deployment = input.optional('deployment');
  if (deployment && !githubToken)
    throw invalid('deployment', deployment, 'set github_token too, to that of the job');
  return {
    google,
    ...previewNames(readNames(google.projectId), preview),
    spec:
      back || preview?.destroy
        ? ''
        : readSpecPath('write the path of the OpenAPI document, or go back with config'),
    ...{ back, preview, deployment },
    about: readAbout(),
    emit: readEmitOptions(),
    enableService: input.boolean('enable_service'),
    verify: readChecks(),
    verifyTimeout: input.duration('verify_timeout'),
    rollback: input.boolean('rollback'),
    keepConfigs: input.integer('keep_configs', { min: 1, max: 99 }),
    dryRun: input.boolean('dry_run'),
    offline: input.boolean('offline'),
    failOn: input.choice('fail_on', ['never', 'breaking'] as const),
    githubToken,
    timeout: input.duration('timeout'),
  };
}

function readBack(preview: Preview | undefined): string | undefined {
  const config = input.optional('config');
  if (!config) return undefined;
  const spec = input.optional('spec');
  if (spec)
    throw invalid(
      'config',
      config,
      `a gateway goes back to a config, or gets ${spec}; keep one of config and spec`,
    );
  if (preview) throw invalid('config', config, 'a preview has nothing to go back to; leave out pull_request');
  const id = config.replace(/^.*\/configs\//, '');
  if (!/^[a-z0-9][a-z0-9-]{0,62}$/.test(id))
    throw invalid('config', config, 'write previous, or the id of a config');
  return id;
}
