/**
 * `npm run bench`: what the actions cost beside the gcloud commands that do the same, against the same local cloud in
 * the same run. Times on their own say little on a shared machine; the ratios hold.
 */
import { benchDeploys } from './deploys.ts';
import { benchOpenapi } from './openapi.ts';

console.log(`${await benchDeploys()}\n`);
console.log(await benchOpenapi());
