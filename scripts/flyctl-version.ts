/**
 * The versions of flyctl that fly-deploy knows the digests of, on a machine that reaches flyctl's releases:
 *
 *   npm run flyctl-version                      compares all of them with the checksums of their releases
 *   npm run flyctl-version -- 0.4.105           adds a version, or the platforms that it lacks
 *   npm run flyctl-version -- 0.4.105 FILE      the same by a downloaded flyctl_0.4.105_checksums.txt
 *   npm run flyctl-version -- install FOLDER    puts the version that action.yml pins there, for tests to run with it
 *
 * The version that action.yml pins, and the one that the tests build, are changed by hand.
 */
import { execFileSync } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parse } from 'yaml';
import { DIGESTS } from '../actions/fly-deploy/flyctl/digests.ts';
import { compare, digestsIn, requireDigest, withVersion } from './flyctl-digests.ts';

const ACTION = join(resolve(import.meta.dirname, '..'), 'actions/fly-deploy');
const RELEASES = 'https://github.com/superfly/flyctl/releases/download';
const [what, more] = process.argv.slice(2);

if (what === undefined) await checkAll();
else if (what === 'install') await install(more ?? '.');
else await add(what, more);

async function add(version: string, file: string | undefined): Promise<void> {
  if (!/^\d+\.\d+\.\d+$/.test(version)) throw new Error(`Name a version such as 0.4.105, not "${version}".`);
  const text = file ? await readFile(file, 'utf8') : await checksums(version);
  const digests = digestsIn(text, version);
  const { wrong } = compare(DIGESTS[version] ?? {}, digests);
  if (wrong.length > 0) throw new Error(different(version, wrong));
  const path = join(ACTION, 'flyctl/digests.ts');
  const before = await readFile(path, 'utf8');
  await writeFile(path, withVersion(before, { ...DIGESTS, [version]: digests }));
  console.log(
    `flyctl ${version} has the digests of all platforms. Set it in action.yml, and in packages/engine/src/programs/go-tools.ts if it can be built.`,
  );
}

async function checkAll(): Promise<void> {
  for (const [version, known] of Object.entries(DIGESTS)) {
    const { wrong, missing } = compare(known, digestsIn(await checksums(version), version));
    if (wrong.length > 0) throw new Error(different(version, wrong));
    const cure = `"npm run flyctl-version -- ${version}" adds them`;
    if (missing.length > 0)
      console.log(`::warning::flyctl ${version} has no digest for ${missing.join(', ')}: ${cure}.`);
    else console.log(`flyctl ${version}: the digests are those of its release.`);
  }
}

async function install(folder: string): Promise<void> {
  const { inputs } = parse(await readFile(join(ACTION, 'action.yml'), 'utf8')) as {
    inputs: { flyctl_version: { default: string } };
  };
  const version = inputs.flyctl_version.default;
  const { archive, sha256 } = requireDigest(DIGESTS, version, process.platform, process.arch);
  const bytes = Buffer.from(await (await download(`${RELEASES}/v${version}/${archive}`)).arrayBuffer());
  sha256(bytes);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, archive), bytes);
  execFileSync('tar', ['-xf', join(folder, archive), '-C', folder, 'flyctl']);
  console.log(`flyctl ${version} is in ${folder}.`);
}

function different(version: string, platforms: readonly string[]): string {
  return `The release of flyctl ${version} has other digests for ${platforms.join(', ')} than digests.ts: find out why before you change one.`;
}

async function checksums(version: string): Promise<string> {
  return (await download(`${RELEASES}/v${version}/flyctl_${version}_checksums.txt`)).text();
}

async function download(url: string): Promise<Response> {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`${url} answers ${answer.status}.`);
  return answer;
}
