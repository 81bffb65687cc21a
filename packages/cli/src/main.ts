import { serveDetached } from './cloud/process/detached.ts';
import { SERVE } from './cloud/process/start.ts';
import { gangway } from './gangway.ts';

const args = process.argv.slice(2);
if (args[0] === SERVE) await serveDetached();
else process.exitCode = await gangway(args);
