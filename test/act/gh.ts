import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

/*
 * Stands in for `gh attestation verify`: holds the bundles that scripts/act/attest.ts makes against the file, the repository and the
 * workflow, as the real one does. It checks no signature, as there is none.
 */

interface Statement {
  readonly predicateType: string;
  readonly subject: readonly { readonly digest: Readonly<Record<string, string>> }[];
  readonly predicate: {
    readonly buildDefinition: {
      readonly externalParameters: { readonly workflow: Readonly<Record<string, string>> };
    };
  };
}

const [, , group, verb, file = '', ...rest] = process.argv;
if (group !== 'attestation' || verb !== 'verify') fail(`unknown command "${group} ${verb}" for "gh"`);
const flag = (name: string) => rest[rest.indexOf(`--${name}`) + 1] ?? '';
const has = (name: string) => rest.includes(`--${name}`);
if (!has('bundle')) fail('HTTP 404: Not Found (no attestations on GitHub)');

const sha256 = createHash('sha256').update(readFileSync(file)).digest('hex');
const statements = readFileSync(flag('bundle'), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as { dsseEnvelope: { payload: string } })
  .map(
    ({ dsseEnvelope }) =>
      JSON.parse(Buffer.from(dsseEnvelope.payload, 'base64').toString('utf8')) as Statement,
  );
const verified = statements.filter(({ subject, predicate }) => {
  const { repository, signer } = predicate.buildDefinition.externalParameters.workflow;
  return (
    subject.some(({ digest }) => digest.sha256 === sha256) &&
    repository === flag('repo') &&
    (!has('signer-workflow') || signer === flag('signer-workflow'))
  );
});
if (verified.length === 0) fail('Error: verifying with issuer "sigstore.dev"');
process.stdout.write(
  JSON.stringify(
    verified.map((statement) => {
      const { signer, commit } = statement.predicate.buildDefinition.externalParameters.workflow;
      const certificate = {
        buildSignerURI: `https://github.com/${signer}@refs/tags/v1`,
        sourceRepositoryDigest: commit,
      };
      return { verificationResult: { statement, signature: { certificate } } };
    }),
  ),
);

function fail(message: string): never {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}
