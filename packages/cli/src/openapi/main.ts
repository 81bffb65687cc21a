import { setFlagsFromString } from 'node:v8';
import { runProgram } from '../program.ts';
import { openapiCommand } from './command.ts';

// `gangway openapi` alone: hooks start it often, and it needs no local cloud.
// A quarter of the memory for a large document would go into garbage that can wait.
setFlagsFromString('--semi-space-growth-factor=1');
process.exitCode = await runProgram(process.argv.slice(2), (end) => [openapiCommand(end)]);
