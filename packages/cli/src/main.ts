import { setFlagsFromString } from 'node:v8';
import { gangway } from './gangway.ts';

// A quarter of the memory for a large document would go into garbage that can wait.
setFlagsFromString('--semi-space-growth-factor=1');
process.exitCode = gangway(process.argv.slice(2));
