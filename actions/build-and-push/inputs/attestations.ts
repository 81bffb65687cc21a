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
  const sbom = input.optional('sbom') ?? 'false';
  if (/\s|,/.test(sbom)) throw invalid('sbom', sbom, 'write true, false, or the name of a generator image');
  return {
    provenance: PROVENANCE[input.choice('provenance', ['false', 'true', 'min', 'max'])],
    sbom: sbom === 'false' ? undefined : sbom,
  };
}

// As buildx's own `--provenance=true`.
const PROVENANCE = { false: undefined, true: 'min', min: 'min', max: 'max' } as const;
