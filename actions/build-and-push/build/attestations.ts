import type { Attestations } from '../inputs/attestations.ts';

/** The arguments of buildx for them; the default ones are switched off by {@link NO_ATTESTATIONS}. */
export function attestationArguments({ provenance, sbom }: Attestations): string[] {
  return [
    ...(provenance ? [`--provenance=mode=${provenance}`] : []),
    ...(sbom ? [`--sbom=${sbom === 'true' ? sbom : `generator=${sbom}`}`] : []),
  ];
}

/**
 * What tells buildx to add no attestation by itself: it would make the image an index whose digest changes with
 * every build, which a service would then be rolled out for.
 */
export const NO_ATTESTATIONS = { BUILDX_NO_DEFAULT_ATTESTATIONS: '1' } as const;
