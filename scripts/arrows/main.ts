/** Checks that imports go the ways that CONTRIBUTING.md names; the rules are in rules.ts. */
import { resolve } from 'node:path';
import { importsIn } from './imports.ts';
import { violations } from './violations.ts';

const found = violations(importsIn(resolve(import.meta.dirname, '../..')));
for (const violation of found) console.error(violation);
process.exitCode = found.length > 0 ? 1 : 0;
