/*
 * `npm run openapi -- check|emit|diff FILE…`: what deploy-api-config does with a document, without a cloud. The
 * document or the difference goes to stdout, what is to be said of it to stderr.
 */
import { enableCompileCache } from 'node:module';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';

// Half the time for a large document would go into starting, a quarter of the memory into garbage that can wait.
enableCompileCache(join(import.meta.dirname, '../../node_modules/.cache/compiled'));
setFlagsFromString('--semi-space-growth-factor=1');

const { openapiCommand } = await import('./command.ts');
process.exitCode = openapiCommand(process.argv.slice(2));
