import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ActionError, command, counted, lastLines, log, withContainer } from '@gangway/action';
import { LIMITS } from '@gangway/files';
import { documentName } from '../reuse/document-name.ts';

/** Milliseconds that the command may take, an image that has to be pulled included. */
const PATIENCE = 10 * 60_000;

/**
 * Takes the OpenAPI document out of an image, by a command run in it without network.
 *
 * @param image in the engine by tag, or in the registry by digest
 * @returns the path of the document
 * @throws ActionError `spec-command` when the command fails, prints something else or does not stop printing
 */
export async function takeSpec(
  image: string,
  specCommand: string,
  scratch: string,
  env: Readonly<Record<string, string>>,
): Promise<string> {
  const first = await runInImage(image, specCommand, env);
  // A busy engine can lose what a container prints that ends at once.
  const isLost = first.exitCode === 0 && first.stdout.trim() === '';
  const { exitCode, stdout, stderr } = isLost ? await runInImage(image, specCommand, env) : first;
  if (exitCode !== 0) {
    throw new ActionError(
      `Input "spec_command" failed in the image with exit code ${exitCode}:\n${lastLines(stderr || stdout, 12)}`,
      {
        code: 'spec-command',
        hint: 'try it with "docker run --rm --network=none --entrypoint=/bin/sh IMAGE -c COMMAND"',
      },
    );
  }
  const name = documentName(stdout);
  if (!name) {
    throw new ActionError(
      `Input "spec_command" printed something other than an OpenAPI document: ${stdout.trim().slice(0, 120) || 'nothing'}`,
      {
        code: 'spec-command',
        hint: 'let it print the document alone, in JSON or YAML, on standard output',
      },
    );
  }
  const path = join(scratch, name);
  await writeFile(path, stdout);
  log.info(`Extracted the OpenAPI document from the image: ${counted(Buffer.byteLength(stdout), 'byte')}.`);
  return path;
}

async function runInImage(image: string, specCommand: string, env: Readonly<Record<string, string>>) {
  const options = { env, quiet: true, allowFailure: true };
  try {
    return await withContainer(env, (name) => {
      // The engine need not keep what is printed: that takes many times its length on disk.
      const container = [
        '--rm',
        `--name=${name}`,
        '--network=none',
        '--log-driver=none',
        '--entrypoint=/bin/sh',
      ];
      const bounds = { timeout: PATIENCE, limit: LIMITS.document };
      return command('docker', ['run', ...container, image, '-c', specCommand], { ...options, ...bounds });
    });
  } catch (error) {
    throw stopped(error) ?? error;
  } finally {
    // By digest it was pulled for this alone.
    if (image.includes('@'))
      await command('docker', ['image', 'rm', image], { ...options, evenIfCancelled: true });
  }
}

/** The error of a command that was stopped in the image, if it was. */
function stopped(error: unknown): ActionError | undefined {
  const code = error instanceof ActionError ? error.code : '';
  const why = {
    'command-timeout': `it did not end within ${PATIENCE / 60_000} minutes`,
    'output-too-large': `it printed more than ${LIMITS.document.toLocaleString('en-US')} characters`,
  }[code];
  if (!why) return undefined;
  return new ActionError(`Input "spec_command" was stopped in the image: ${why}.`, {
    code: 'spec-command',
    hint: 'let it print the OpenAPI document alone, and end',
    cause: error,
  });
}
