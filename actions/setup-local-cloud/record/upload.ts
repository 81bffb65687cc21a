import { createHash } from 'node:crypto';
import { ActionError } from '@gangway/action';
import { fields, reach, readJson, send, text } from '@gangway/http';

/** Where the runner takes artifacts, and by what. */
export interface ArtifactService {
  readonly url: string;
  readonly token: string;
  /** Ids of the run and of the job, as the token has them. */
  readonly run: string;
  readonly job: string;
}

/**
 * The artifact service of this run, as the runner's variables tell it. GitHub Enterprise Server has another one, and is left out
 * as upload-artifact leaves it out.
 *
 * @returns undefined where the runner has none
 */
export function artifactService(): ArtifactService | undefined {
  const { ACTIONS_RESULTS_URL: url, ACTIONS_RUNTIME_TOKEN: token } = process.env;
  if (!url || !token) return undefined;
  const [, run, job] = /(?:^| )Actions\.Results:([^: ]+):([^: ]+)/.exec(scopeOf(token)) ?? [];
  return run && job ? { url, token, run, job } : undefined;
}

function scopeOf(token: string): string {
  try {
    const { scp } = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8'));
    return String(scp);
  } catch {
    return '';
  }
}

const SERVICE = 'twirp/github.actions.results.api.v1.ArtifactService';
/** The version of the protocol. */
const VERSION = 4;
/** Of the one block that is uploaded. */
const BLOCK = Buffer.from('record').toString('base64');
const UPLOAD_TIMEOUT = 120_000;

/**
 * Uploads a zip file as an artifact: the service names a place in a blob store, which takes the file as one block, and is told when
 * it is there. This is what actions/upload-artifact does by @actions/artifact, whose dependencies would make the bundle five times as
 * large.
 *
 * @throws ActionError, RequestFailure
 * @see https://github.com/actions/toolkit/tree/main/packages/artifact
 */
export async function uploadArtifact(service: ArtifactService, name: string, file: Buffer): Promise<void> {
  const { run: workflow_run_backend_id, job: workflow_job_run_backend_id } = service;
  const artifact = { workflow_run_backend_id, workflow_job_run_backend_id, name };
  const place = await call(service, 'CreateArtifact', { ...artifact, version: VERSION });
  await put(place, { comp: 'block', blockid: BLOCK }, file, 'application/octet-stream');
  const list = `<?xml version="1.0" encoding="utf-8"?><BlockList><Latest>${BLOCK}</Latest></BlockList>`;
  await put(place, { comp: 'blocklist' }, Buffer.from(list), 'application/xml');
  const hash = `sha256:${createHash('sha256').update(file).digest('hex')}`;
  await call(service, 'FinalizeArtifact', { ...artifact, size: String(file.length), hash });
}

/** Protocol buffers' JSON has either name. */
interface Place {
  readonly signed_upload_url?: string;
  readonly signedUploadUrl?: string;
}

/** @returns where to upload to, of a call that tells it */
async function call(service: ArtifactService, method: string, body: object): Promise<string> {
  const what = `the artifact service's ${method}`;
  return reach(async () => {
    const answer = await send(new URL(`${SERVICE}/${method}`, service.url.replace(/\/?$/, '/')), {
      method: 'POST',
      headers: { authorization: `Bearer ${service.token}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
      what,
    });
    if (!answer.ok) throw refused(what, answer.status, await answer.excerpt(300));
    const { signed_upload_url: snake = '', signedUploadUrl: camel = '' } = await readJson(
      answer,
      fields<Place>({ signed_upload_url: text, signedUploadUrl: text }),
    );
    return snake || camel;
  });
}

async function put(
  place: string,
  query: Readonly<Record<string, string>>,
  body: Buffer,
  type: string,
): Promise<void> {
  const url = new URL(place);
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  const what = 'the upload of the artifact';
  await reach(async () => {
    const answer = await send(url, {
      method: 'PUT',
      headers: { 'content-type': type },
      body,
      timeout: UPLOAD_TIMEOUT,
      what,
    });
    if (!answer.ok) throw refused(what, answer.status, await answer.excerpt(300));
    answer.discard();
  });
}

/** By the status it is known whether another try may succeed. */
function refused(what: string, httpStatus: number, said: string): ActionError {
  const error = new ActionError(`${what} answered ${httpStatus}: ${said.trim()}`, { code: 'artifact' });
  return Object.assign(error, { httpStatus });
}
