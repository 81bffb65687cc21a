/* `npm run openapi -- check|emit|diff FILE…`: `gangway openapi` out of the sources, where npm was called. */
import { enableCompileCache } from 'node:module';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';

// Half the time for a large document would go into starting, a quarter of the memory into garbage that can wait.
enableCompileCache(join(import.meta.dirname, '../../node_modules/.cache/compiled'));
setFlagsFromString('--semi-space-growth-factor=1');

// npm runs scripts in the root of the package, and says in this variable where it was called.
const { INIT_CWD, npm_lifecycle_event: script } = process.env;
if (script === 'openapi' && INIT_CWD) process.chdir(INIT_CWD);

const { gangway } = await import('@gangway/cli');
process.exitCode = await gangway(['openapi', ...process.argv.slice(2)]);
