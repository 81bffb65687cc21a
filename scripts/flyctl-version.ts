/**
 * Adds a version of flyctl to the digests that fly-deploy knows: `npm run flyctl-version -- 0.4.105`, on a machine that reaches the
 * releases; or with a second argument, the path of its `flyctl_VERSION_checksums.txt`. The version that action.yml pins, and the one
 * that the tests build, are changed by hand, together.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { DIGESTS } from '../actions/fly-deploy/flyctl/digests.ts';
import { digestsIn, withVersion } from './flyctl-digests.ts';

const [version = '', file] = process.argv.slice(2);
if (!/^\d+\.\d+\.\d+$/.test(version)) throw new Error(`Name a version such as 0.4.105, not "${version}".`);
const name = `flyctl_${version}_checksums.txt`;
const text = file
  ? await readFile(file, 'utf8')
  : await download(`https://github.com/superfly/flyctl/releases/download/v${version}/${name}`);
const path = join(resolve(import.meta.dirname, '..'), 'actions/fly-deploy/flyctl/digests.ts');
const before = await readFile(path, 'utf8');
await writeFile(path, withVersion(before, { ...DIGESTS, [version]: digestsIn(text, version) }));
console.log(
  `Added flyctl ${version}. Set it in action.yml, and in packages/engine/src/go-tool.ts if it can be built.`,
);

async function download(url: string): Promise<string> {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`${url} answers ${answer.status}.`);
  return answer.text();
}
