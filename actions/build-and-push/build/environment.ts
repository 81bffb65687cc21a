import type { DockerConfig } from '@gangway/registry';
import type { Builder } from '../builder/builder.ts';
import { NO_ATTESTATIONS } from './attestations.ts';

/** The environment in which `docker` builds with a builder. */
export function commandEnvironment(builder: Builder, config: DockerConfig): Record<string, string> {
  return { ...config.env, ...CHOICES[builder.kind] };
}

/** What the client is told by its environment. */
const CHOICES: Readonly<Record<Builder['kind'], Readonly<Record<string, string>>>> = {
  buildx: NO_ATTESTATIONS,
  buildkit: { DOCKER_BUILDKIT: '1' },
  classic: { DOCKER_BUILDKIT: '0' },
};
