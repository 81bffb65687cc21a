/**
 * `npm run bench [-- context|deploys|fly|openapi]`: what the actions cost beside the commands that do the same, against the same
 * local cloud in the same run. Times on their own say little on a shared machine; the ratios hold.
 * `npm run bench -- builds [ROUNDS] [LINES]` measures what caches save on wiped builders instead, which takes long.
 */
import { benchBuilds } from './builds/bench-builds.ts';
import { benchContext } from './context.ts';
import { benchDeploys } from './deploys.ts';
import { benchFly } from './fly.ts';
import { benchOpenapi } from './openapi.ts';

const [part, rounds = '3', only] = process.argv.slice(2);
if (part === 'builds') {
  console.log(await benchBuilds(Number(rounds), only));
  process.exit();
}
const parts = { context: benchContext, deploys: benchDeploys, fly: benchFly, openapi: benchOpenapi };
for (const [name, bench] of Object.entries(parts)) {
  if (!part || part === name) console.log(`${await bench()}\n`);
}
