import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Misuse } from '../misuse.ts';

/**
 * Where this version's actions and workflows are: in the installed package, or in the clone that the command is run from.
 *
 * @throws Misuse when the package was packed without them
 */
export function suiteFolder(): string {
  const [script = ''] = process.argv.slice(1);
  const real = process.env.GANGWAY_SUITE ?? dirname(script);
  const candidates = [real, join(real, 'suite'), join(real, '../..'), join(real, '../../..')];
  const found = candidates.find((folder) => existsSync(join(folder, 'actions/deploy-cloud-run/action.yml')));
  if (found) return found;
  throw new Misuse(
    `The actions are not beside ${script}. Pack the command with npm pack, whose scripts copy them, or set GANGWAY_SUITE to a clone of the repository.`,
  );
}
