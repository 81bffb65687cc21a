import { input, invalid } from '@gangway/action';

/** Where an image must come from. */
export interface Provenance {
  /** `OWNER/REPOSITORY` whose workflow built it. */
  readonly repository: string;
  /** `OWNER/REPOSITORY/PATH` of the workflow that signs; undefined for any of the repository. */
  readonly workflow: string | undefined;
}

const REPOSITORY = /^[\w.-]+\/[\w.-]+$/;
const WORKFLOW = /^[\w.-]+\/[\w.-]+\/\.github\/workflows\/[\w.-]+\.ya?ml$/;

/** @throws ActionError that names the input */
export function readProvenance(): Provenance | undefined {
  const given = input.optional('require_provenance') ?? 'false';
  const workflow = input.optional('signer_workflow');
  if (given === 'false') {
    if (workflow) throw invalid('signer_workflow', workflow, 'it needs require_provenance; set that too');
    return undefined;
  }
  const repository = given === 'true' ? (process.env.GITHUB_REPOSITORY ?? '') : given;
  if (!REPOSITORY.test(repository))
    throw invalid('require_provenance', given, 'write true for this repository, or OWNER/REPOSITORY');
  if (workflow && !WORKFLOW.test(workflow))
    throw invalid('signer_workflow', workflow, 'write OWNER/REPOSITORY/.github/workflows/FILE.yml');
  return { repository, workflow };
}
