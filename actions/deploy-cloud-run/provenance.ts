import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ActionError, command, createScratch, lastLines, log } from '@gangway/action';
import type { TokenClient } from '@gangway/auth';
import { registryOverride } from '@gangway/google-cloud';
import { fields, list, map, parseJson, text } from '@gangway/http';
import {
  dockerName,
  getArtifact,
  getManifest,
  isDigest,
  parseImageName,
  referrersOf,
  registryClient,
} from '@gangway/registry';
import type { Inputs } from './inputs.ts';

/** What actions/attest pushes to a registry: a Sigstore bundle. */
const BUNDLE = /^application\/vnd\.dev\.sigstore\.bundle\.v\d+\.\d+\+json$/;
/** Milliseconds. */
const PATIENCE = 120_000;

/** What `gh attestation verify --format json` says of each attestation that holds. */
interface Verified {
  readonly verificationResult?: {
    readonly statement?: {
      readonly predicateType?: string;
      readonly subject?: readonly { readonly digest?: Readonly<Record<string, string>> }[];
    };
    readonly signature?: {
      readonly certificate?: { readonly buildSignerURI?: string; readonly sourceRepositoryDigest?: string };
    };
  };
}

type Result = NonNullable<Verified['verificationResult']>;
type Statement = NonNullable<Result['statement']>;
type Signature = NonNullable<Result['signature']>;

const VERIFIED = list(
  fields<Verified>({
    verificationResult: fields<Result>({
      statement: fields<Statement>({
        predicateType: text,
        subject: list(fields<NonNullable<Statement['subject']>[number]>({ digest: map(text) })),
      }),
      signature: fields<Signature>({
        certificate: fields<NonNullable<Signature['certificate']>>({
          buildSignerURI: text,
          sourceRepositoryDigest: text,
        }),
      }),
    }),
  }),
);

/**
 * Refuses an image that nobody has attested as requested. The attestations are those beside the image in the registry, where the
 * build pushed them, else GitHub's own; the GitHub CLI verifies their signatures against Sigstore's roots.
 *
 * @param image by digest
 * @throws ActionError `provenance` when none holds, and when it can't be told
 * @see https://cli.github.com/manual/gh_attestation_verify
 */
export async function requireProvenance(
  image: string | undefined,
  { provenance, githubToken }: Pick<Inputs, 'provenance' | 'githubToken'>,
  auth: TokenClient,
): Promise<void> {
  if (!provenance) return;
  const { repository, workflow } = provenance;
  const [name = '', digest = ''] = (image ?? '').split('@');
  const parsed = parseImageName(name);
  if (!image || !parsed || !isDigest(digest))
    throw refused(
      image ? `${image} is not an image of Artifact Registry` : 'no image is named',
      'set image to one of Artifact Registry; build-and-push copies others there with from_image',
    );
  const written = dockerName(parsed, registryOverride());
  const manifest = await getManifest(auth, written, digest);
  if (!manifest) throw refused(`${image} is not in the registry`, 'build and push it first');
  const folder = await createScratch();
  // Whose digest is that of the image: gh then needs no login to the registry.
  const file = join(folder, 'manifest.json');
  await writeFile(file, manifest.bytes);
  const bundles = await bundlesOf(written, digest, auth);
  const bundle = join(folder, 'attestations.jsonl');
  if (bundles.length > 0) await writeFile(bundle, `${bundles.join('\n')}\n`);
  else
    log.info(`No attestation is beside ${image} in the registry; asking GitHub for those of ${repository}.`);
  const args = [
    ...['attestation', 'verify', file, '--repo', repository, '--format', 'json'],
    ...(workflow ? ['--signer-workflow', workflow] : []),
    ...(bundles.length > 0 ? ['--bundle', bundle] : []),
  ];
  const { exitCode, stdout, stderr } = await command('gh', args, {
    env: githubToken ? { GH_TOKEN: githubToken } : {},
    quiet: true,
    allowFailure: true,
    timeout: PATIENCE,
  }).catch((error: unknown) => {
    if (error instanceof ActionError && error.code === 'command-missing')
      throw refused(
        'the GitHub CLI, which verifies it, is not on this runner',
        'install gh 2.49 or later, or deploy on a runner of GitHub, which has it',
      );
    throw error;
  });
  if (exitCode !== 0)
    throw refused(
      `gh attestation verify says: ${lastLines(stderr || stdout, 6) || `exit code ${exitCode}`}`,
      `build it with build.yml, or attest it with actions/attest and push-to-registry, in ${repository}${workflow ? `, by ${workflow}` : ''}; a job that asks GitHub needs github_token, and "permissions: attestations: read"`,
    );
  const [by] = parseJson(Buffer.from(stdout || '[]'), 'gh attestation verify', VERIFIED).filter(
    ({ verificationResult: { statement } = {} }) =>
      /^https:\/\/slsa\.dev\/provenance\/v/.test(statement?.predicateType ?? '') &&
      statement?.subject?.some((subject) => `sha256:${subject.digest?.sha256}` === digest),
  );
  if (!by)
    throw refused(
      'gh attestation verify names no attestation of provenance for this digest',
      'update gh on the runner, and attest the image with actions/attest',
    );
  const { buildSignerURI: signer, sourceRepositoryDigest: commit } =
    by.verificationResult?.signature?.certificate ?? {};
  log.info(
    `${image} was built in ${repository}${commit ? ` of ${commit}` : ''}${signer ? `, as ${signer} signed` : ''}.`,
  );
}

/** The bundles beside an image, a line of JSON each. */
async function bundlesOf(image: string, digest: string, auth: TokenClient): Promise<string[]> {
  const [host = '', ...path] = image.split('/');
  const credential = async () => ({
    username: 'oauth2accesstoken',
    password: (await auth.getYoungToken()).token,
  });
  const place = { registry: registryClient(host, credential), repository: path.join('/') };
  const bundles: string[] = [];
  for (const { artifactType: type = '', digest: own } of await referrersOf(place, digest)) {
    if (!BUNDLE.test(type)) continue;
    const found = await getArtifact(auth, image, own, type);
    // One JSON document a line is what gh reads.
    if (found) bundles.push(JSON.stringify(JSON.parse(found.content.toString('utf8'))));
  }
  return bundles;
}

function refused(why: string, hint: string): ActionError {
  return new ActionError(
    `Input "require_provenance" asks where the image comes from, and ${why}.`.replace(/\.\.$/, '.'),
    {
      code: 'provenance',
      hint,
    },
  );
}
