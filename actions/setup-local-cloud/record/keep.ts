import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { log } from '@gangway/action';
import { gangway } from '../start/gangway.ts';
import { artifactService, uploadArtifact } from './upload.ts';
import { zip } from './zip.ts';

/**
 * Keeps what the local cloud did and has as an artifact of the run; where the runner takes none, in a folder. A record that is lost
 * is a warning: the job is over.
 *
 * @param name of the artifact; default: one of its own
 */
export async function keepRecord(name: string | undefined): Promise<void> {
  const folder = await mkdtemp(join(process.env.RUNNER_TEMP || tmpdir(), 'local-cloud-'));
  const { exitCode, stderr } = await gangway(['dump', folder], { allowFailure: true, evenIfCancelled: true });
  if (exitCode !== 0) {
    await rm(folder, { recursive: true, force: true });
    return log.warning(`The record of the local cloud could not be created: ${stderr.trim()}`);
  }
  const service = artifactService();
  if (!service)
    return log.info(`The record of the local cloud is in ${folder}: this runner doesn't support artifacts.`);
  const artifact = name ?? `local-cloud-${process.env.GITHUB_JOB ?? 'job'}-${randomBytes(3).toString('hex')}`;
  const files = await Promise.all(
    (await readdir(folder)).map(async (file) => ({ name: file, data: await readFile(join(folder, file)) })),
  );
  try {
    await uploadArtifact(service, artifact, zip(files));
    await rm(folder, { recursive: true, force: true });
    log.notice(`The requests, resources and output of the local cloud are in the artifact "${artifact}".`);
  } catch (error) {
    log.warning(
      `The record of the local cloud could not be uploaded as an artifact, and stays in ${folder}: ${(error as Error).message}`,
    );
  }
}
