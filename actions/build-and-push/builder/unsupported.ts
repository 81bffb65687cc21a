import { ActionError } from '@gangway/action';
import type { Inputs } from '../inputs.ts';
import type { Builder } from './builder.ts';

/**
 * Refuses what the builder that was found can't do, before anything is built.
 * @throws ActionError `builder-unable`, naming the first such input and where it works
 */
export function refuseUnsupported(builder: Builder, inputs: Inputs): void {
  for (const [name, wanted, needs] of needsOf(inputs)) {
    if (wanted && !MEETS[needs](builder)) throw unable(name, needs, builder);
  }
  if (inputs.specCommand && !builder.engine) {
    throw new ActionError(
      'Input "spec_command" needs a Docker engine to run the image in, and none answers.',
      {
        code: 'docker-engine',
        hint: 'start one beside the builder, or leave spec_command out',
      },
    );
  }
}

type Need = 'BuildKit' | 'buildx' | 'contexts' | 'a complete builder' | 'a builder that pushes' | 'limits';

const MEETS: Readonly<Record<Need, (builder: Builder) => boolean>> = {
  BuildKit: ({ kind }) => kind !== 'classic',
  buildx: ({ kind }) => kind === 'buildx',
  // Dockerfiles of the BuildKit in older engines have no named contexts.
  contexts: ({ kind, pushes, engine }) => kind === 'buildx' && (pushes || isCurrent(engine)),
  'a complete builder': ({ complete }) => complete,
  // An engine unpacks what it builds, which can't be where times are rewritten (BuildKit, exporter/containerimage).
  'a builder that pushes': ({ pushes }) => pushes,
  // The BuildKit in engines before 23 takes them, and does nothing.
  limits: ({ kind, pushes, engine }) => kind === 'classic' || pushes || isCurrent(engine),
};

function isCurrent(engine = ''): boolean {
  return Number.parseInt(engine, 10) >= 23;
}

/** Inputs, whether they are used, and the least that can do it. */
function needsOf(inputs: Inputs): [name: string, wanted: boolean, needs: Need][] {
  const { secrets, secretFiles, ssh, platforms, buildContexts, allow, annotations } = inputs;
  const any = (values: object) => Object.keys(values).length > 0;
  return [
    ['secrets', any(secrets), 'BuildKit'],
    ['secret_files', any(secretFiles), 'BuildKit'],
    ['ssh', any(ssh), 'BuildKit'],
    ['platforms', platforms.length === 1, 'BuildKit'],
    ['platforms', platforms.length > 1, 'a complete builder'],
    ['allow', any(allow), 'buildx'],
    ['ulimits', any(inputs.ulimits), 'limits'],
    ['shm_size', inputs.shmSize !== undefined, 'limits'],
    ['build_contexts', any(buildContexts), 'contexts'],
    ['annotations', any(annotations), 'a complete builder'],
    ['provenance', inputs.provenance !== undefined, 'a complete builder'],
    ['sbom', inputs.sbom !== undefined, 'a complete builder'],
    ['compression', inputs.compression !== 'auto', 'a complete builder'],
    ['reproducible', inputs.reproducible, 'a builder that pushes'],
  ];
}

const NEEDED: Readonly<Record<Need, string>> = {
  BuildKit: 'BuildKit',
  buildx: 'buildx',
  'a builder that pushes': 'a builder of its own (driver docker-container, kubernetes or remote)',
  'a complete builder':
    'a builder of its own (driver docker-container, kubernetes or remote) or an engine with the containerd image store',
  contexts: 'an engine from 23 on with buildx, or a builder of its own',
  limits: 'an engine from 23 on or a builder of its own',
};

function unable(name: string, needs: Need, { kind, driver, engine }: Builder): ActionError {
  const has =
    kind === 'buildx'
      ? `buildx with the driver ${driver}${driver === 'docker' ? ` and engine ${engine}` : ''}`
      : kind === 'buildkit'
        ? `the BuildKit of its engine ${engine}`
        : 'the classic builder';
  return new ActionError(`Input "${name}" needs ${NEEDED[needs]}, and this runner has only ${has}.`, {
    code: 'builder-unable',
    hint: 'add docker/setup-buildx-action before this step',
  });
}
