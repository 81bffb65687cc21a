/**
 * `npm run bench [-- deploys|openapi|fly]`: what the actions cost beside the commands that do the same, against the same
 * local cloud in the same run. Times on their own say little on a shared machine; the ratios hold.
 */
import { benchDeploys } from './deploys.ts';
import { benchFly } from './fly.ts';
import { benchOpenapi } from './openapi.ts';

const parts = { deploys: benchDeploys, openapi: benchOpenapi, fly: benchFly };
const wanted = process.argv.slice(2);
for (const [name, bench] of Object.entries(parts)) {
  if (wanted.length === 0 || wanted.includes(name)) console.log(`${await bench()}\n`);
}
