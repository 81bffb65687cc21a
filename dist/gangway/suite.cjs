/*
 * npm runs this before and after it packs the command out of a clone: the actions and workflows of the same version come
 * along, for gangway run. With --clean it takes them away again.
 */
const { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync } = require('node:fs');
const { join } = require('node:path');

const root = join(__dirname, '../..');
const suite = join(__dirname, 'suite');
const WORKFLOWS = '.github/workflows';

rmSync(suite, { recursive: true, force: true });
if (!process.argv.includes('--clean') && existsSync(join(root, 'actions'))) {
  for (const name of readdirSync(join(root, 'actions'))) {
    mkdirSync(join(suite, 'actions', name), { recursive: true });
    cpSync(join(root, 'actions', name, 'action.yml'), join(suite, 'actions', name, 'action.yml'));
  }
  for (const name of readdirSync(join(root, 'dist')))
    if (!['gangway', 'emulator'].includes(name))
      cpSync(join(root, 'dist', name), join(suite, 'dist', name), { recursive: true });
  mkdirSync(join(suite, WORKFLOWS), { recursive: true });
  for (const name of readdirSync(join(root, WORKFLOWS)))
    if (readFileSync(join(root, WORKFLOWS, name), 'utf8').includes('workflow_call:'))
      cpSync(join(root, WORKFLOWS, name), join(suite, WORKFLOWS, name));
  cpSync(join(root, 'examples/fastapi-on-cloud-run'), join(suite, 'examples/fastapi-on-cloud-run'), {
    recursive: true,
  });
}
