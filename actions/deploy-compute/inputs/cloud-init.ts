import { ActionError, input, invalid, readTextFile } from '@gangway/action';
import { LIMITS } from '@gangway/files';
import { inWorkspace } from '@gangway/settings';
import { LineCounter, parseDocument } from 'yaml';

/** What cloud-init knows a format by (https://cloudinit.readthedocs.io/en/latest/explanation/format.html). */
const FORMATS =
  /^(#cloud-config(-archive)?|#!|#cloud-boothook|## template: jinja|#include|content-type:|mime-version:)/i;
/** What becomes the image. */
export const IMAGE_MARK = '\u0024{IMAGE}';

/**
 * The text of the file that `cloud_init` names.
 *
 * @throws ActionError where it is none of cloud-init, has no place for the image, or its YAML is broken
 */
export function readCloudInit(): string | undefined {
  const file = input.optional('cloud_init');
  if (file === undefined) return undefined;
  const hint = 'write the path of a file below the workspace; check out first';
  const text = readTextFile(
    inWorkspace(file),
    { input: 'cloud_init', value: file },
    { limit: LIMITS.settings, hint },
  );
  if (!FORMATS.test(text))
    throw wrong(file, 'its first line names no cloud-init format', 'begin the file with #cloud-config');
  if (!text.includes(IMAGE_MARK))
    throw wrong(
      file,
      `it doesn't contain ${IMAGE_MARK}`,
      `write ${IMAGE_MARK} where the image goes: a file that stays the same would never run a new image`,
    );
  if (/^#cloud-config\s/.test(text)) checkYaml(file, text);
  return text;
}

function checkYaml(file: string, text: string): void {
  const counter = new LineCounter();
  const { errors } = parseDocument(text, { lineCounter: counter, version: '1.1' });
  const [error] = errors;
  if (!error) return;
  const { line } = counter.linePos(error.pos[0]);
  throw new ActionError(
    `Input "cloud_init" is not valid: ${file}:${line}: ${error.message.split('\n')[0]}.`,
    {
      code: 'input-invalid',
      hint: 'fix the YAML at this line; "cloud-init schema --config-file" checks the rest',
      place: { file, line },
    },
  );
}

function wrong(file: string, why: string, hint: string): ActionError {
  return invalid('cloud_init', `${file}: ${why}`, hint);
}
