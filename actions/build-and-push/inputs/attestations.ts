import { input, invalid } from '@gangway/action';

/** What is said about the image beside it in the registry. */
export interface Attestations {
  /** SLSA provenance: how much of it, if any. */
  readonly provenance: 'min' | 'max' | undefined;
  /** Software bill of materials: `true`, or the image of another generator. */
  readonly sbom: string | undefined;
}

/** @throws ActionError naming the input that can't be used */
export function readAttestations(): Attestations {
  // As docker/build-push-action has it too: generator=IMAGE.
  const sbom = (input.optional('sbom') ?? 'false').replace(/^generator=/, '');
  if (/[\s,=]/.test(sbom)) throw invalid('sbom', sbom, 'write true, false, or the name of a generator image');
  return { provenance: readProvenance(), sbom: sbom === 'false' ? undefined : sbom };
}

/** A word, or docker/build-push-action's `mode=max`. */
function readProvenance(): Attestations['provenance'] {
  const text = input.required('provenance');
  const found = PROVENANCE.get(text.replace(/^(type=provenance,)?mode=(?=min$|max$)/, ''));
  if (!found)
    throw invalid(
      'provenance',
      text,
      'write true, false, mode=min or mode=max; true is mode=min, and no other attribute is taken',
    );
  return found.mode;
}

// As buildx's own `--provenance=true` (https://docs.docker.com/build/metadata/attestations/slsa-provenance/#mode).
const PROVENANCE = new Map<string, { readonly mode: Attestations['provenance'] }>([
  ['false', { mode: undefined }],
  ['true', { mode: 'min' }],
  ['min', { mode: 'min' }],
  ['max', { mode: 'max' }],
]);
