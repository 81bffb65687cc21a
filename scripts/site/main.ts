/** `npm run site` builds the documentation site; `npm run site -- dev` serves it and shows changes while you write. */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const [command = 'build', ...more] = process.argv.slice(2);
if (!['build', 'dev', 'preview'].includes(command)) {
  console.error(`"${command}" is no command of the site: use build, dev or preview.`);
  process.exit(2);
}
const child = spawn('vitepress', [command, 'docs', ...more], { cwd: root, stdio: 'inherit' });
child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 1)));
