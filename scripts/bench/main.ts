/**
 * `npm run bench [-- context|deploys|fly|openapi|start]`: what the actions cost beside the commands that do the same, against the same
 * local cloud in the same run. Times on their own say little on a shared machine; the ratios hold.
 * `npm run bench -- builds [ROUNDS] [LINES]` measures what caches save on wiped builders instead, which takes long.
 * `npm run bench -- load [--seconds N] [--rate N] [--deploys N]` measures what the local cloud bears, for ten minutes.
 */
import { benchBuilds } from './builds/bench-builds.ts';
import { benchContext } from './context.ts';
import { benchDeploys } from './deploys.ts';
import { benchFly } from './fly.ts';
import { benchLoad } from './load/bench-load.ts';
import { benchOpenapi } from './openapi.ts';
import { benchStart } from './start.ts';

// On a hosted runner, nothing is compiled yet either.
delete process.env.NODE_COMPILE_CACHE;
const [part, ...rest] = process.argv.slice(2);
if (part === 'builds') {
  const [rounds = '3', only] = rest;
  console.log(await benchBuilds(Number(rounds), only));
  process.exit();
}
if (part === 'load') {
  console.log(await benchLoad(rest));
  process.exit();
}
const parts = {
  context: benchContext,
  deploys: benchDeploys,
  fly: benchFly,
  openapi: benchOpenapi,
  start: benchStart,
};
for (const [name, bench] of Object.entries(parts)) {
  if (!part || part === name) console.log(`${await bench()}\n`);
}
