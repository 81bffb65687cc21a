import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ActionError, command, lastLines, log } from '@gangway/action';

/**
 * Takes the OpenAPI document out of an image, by a command run in it without network.
 *
 * @returns the path of the document
 * @throws ActionError `spec-command` when the command fails or prints something else
 */
export async function takeSpec(
  image: string,
  specCommand: string,
  scratch: string,
  env: Readonly<Record<string, string>>,
): Promise<string> {
  const args = ['run', '--rm', '--network=none', '--entrypoint=/bin/sh', image, '-c', specCommand];
  const { exitCode, stdout, stderr } = await command('docker', args, {
    env,
    quiet: true,
    allowFailure: true,
  });
  if (exitCode !== 0) {
    throw new ActionError(
      `Input "spec_command" failed in the image with exit code ${exitCode}:\n${lastLines(stderr || stdout, 12)}`,
      {
        code: 'spec-command',
        hint: 'try it with "docker run --rm --network=none --entrypoint=/bin/sh IMAGE -c COMMAND"',
      },
    );
  }
  if (!/^\s*(\{[\s\S]*["'](openapi|swagger)["']\s*:|(.*\n)*(openapi|swagger)\s*:)/.test(stdout)) {
    throw new ActionError(
      `Input "spec_command" printed no OpenAPI document, but: ${stdout.trim().slice(0, 120) || 'nothing'}`,
      {
        code: 'spec-command',
        hint: 'let it print the document alone, in JSON or YAML, on standard output',
      },
    );
  }
  const path = join(scratch, stdout.trimStart().startsWith('{') ? 'openapi.json' : 'openapi.yaml');
  await writeFile(path, stdout);
  log.info(`Took the OpenAPI document from the image: ${Buffer.byteLength(stdout)} bytes.`);
  return path;
}
