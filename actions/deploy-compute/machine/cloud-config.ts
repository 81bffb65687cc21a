import { createHash } from 'node:crypto';
import { stringify } from 'yaml';
import { IMAGE_MARK } from '../inputs/cloud-init.ts';
import { startScript, type Workload } from './start-script.ts';
import { startPath, unit, unitName } from './unit.ts';

/** What a machine boots with: its user data, and the id by which it says that it runs that. */
export interface Boot {
  readonly id: string;
  readonly userData: string;
}

/** Written by us at the top of the file, and looked for there: other user data is the user's own. */
export const MARK = '# Made by Gangway.';

/**
 * The user data of a workload. cloud-init carries it out at every boot of Container-Optimized OS, where `/etc` starts empty.
 *
 * @see https://cloudinit.readthedocs.io/en/latest/reference/modules.html
 */
export function cloudConfig(workload: Workload): Boot {
  const id = createHash('sha256').update(render(workload, '')).digest('hex').slice(0, 12);
  return { id, userData: render(workload, id) };
}

function render(workload: Workload, id: string): string {
  const { name } = workload;
  const document = {
    write_files: [
      {
        path: `/etc/systemd/system/${unitName(name)}`,
        permissions: '0644',
        owner: 'root:root',
        content: unit(name),
      },
      {
        path: startPath(name),
        permissions: '0600',
        owner: 'root:root',
        content: startScript(workload, id),
      },
    ],
    runcmd: [
      ['systemctl', 'daemon-reload'],
      ['systemctl', 'start', '--no-block', unitName(name)],
    ],
  };
  // YAML 1.1 is what cloud-init reads: there "0644" without quotes is a number.
  return `#cloud-config\n${MARK}\n${stringify(document, { version: '1.1', lineWidth: 0 })}`;
}

/** The id of a user's own file with an image in it. */
export function ownBoot(file: string, image: string): Boot {
  const userData = file.replaceAll(IMAGE_MARK, () => image);
  return { id: createHash('sha256').update(userData).digest('hex').slice(0, 12), userData };
}
