import type { Table } from './mapping.ts';

const CACHE =
  'build-and-push keeps its cache in the registry, and takes an image that was built from the same sources';

/** docker/build-push-action. */
export const BUILD_PUSH: Table = {
  source: 'docker/build-push-action',
  action: 'build-and-push',
  mappings: [
    {
      from: 'tags',
      to: 'image',
      differs:
        'The name goes to `image` and what follows its colon to `tags`. All tags have to name one image.',
    },
    {
      from: 'context',
      to: 'context',
      differs:
        'Without it, the checked-out folder is built and not what Git has, so that files of earlier steps count.',
    },
    { from: 'file', to: 'file' },
    { from: 'target', to: 'target' },
    { from: 'build-args', to: 'build_args' },
    { from: 'labels', to: 'labels' },
    { from: 'annotations', to: 'annotations' },
    { from: 'platforms', to: 'platforms' },
    { from: 'secrets', to: 'secrets' },
    { from: 'secret-envs', to: 'secret_envs' },
    { from: 'secret-files', to: 'secret_files' },
    { from: 'ssh', to: 'ssh' },
    { from: 'build-contexts', to: 'build_contexts' },
    { from: 'network', to: 'network' },
    { from: 'add-hosts', to: 'add_hosts' },
    { from: 'ulimit', to: 'ulimits' },
    { from: 'shm-size', to: 'shm_size' },
    { from: 'allow', to: 'allow' },
    { from: 'no-cache', to: 'no_cache', unless: ['false'] },
    { from: 'pull', to: 'pull', unless: ['false'] },
    { from: 'builder', to: 'builder' },
    {
      from: 'provenance',
      to: 'provenance',
      differs:
        'The default here is `false`. There a builder of setup-buildx-action attaches one, so that the image is an index with a digest of its own at every build.',
    },
    { from: 'sbom', to: 'sbom', unless: ['false'] },
    { from: 'cache-from', left: CACHE },
    { from: 'cache-to', left: CACHE },
    { from: 'github-token', left: 'it is for a Git context, and the checked-out folder is built' },
    {
      from: 'push',
      left: 'build-and-push always pushes',
      unless: ['true'],
      stays: 'pushes only sometimes, or not at all',
    },
    {
      from: 'load',
      stays: 'loads the image into the Docker of the runner for another step',
      unless: ['false'],
    },
    { from: 'outputs', stays: 'says where the result goes' },
    { from: 'attests', stays: 'names attestations: write provenance and sbom' },
    { from: 'call', stays: 'does something else than build', unless: ['build'] },
    { from: 'cgroup-parent', stays: 'sets a control group' },
    { from: 'no-cache-filters', stays: 'builds some stages without the cache' },
  ],
};

/** docker/metadata-action: folded into the build that uses its outputs. */
export const METADATA: Table = {
  source: 'docker/metadata-action',
  action: 'build-and-push',
  mappings: [
    { from: 'images', to: 'image', differs: "One image of Google's. With several the step stays." },
    {
      from: 'tags',
      to: 'tags',
      differs: 'Without it, the four lines that are its default there are written out.',
    },
    { from: 'flavor', to: 'flavor' },
    { from: 'labels', to: 'labels', differs: 'Title, source, revision and so on are filled in, as there.' },
    { from: 'annotations', to: 'annotations' },
    { from: 'sep-tags', left: 'tags are one per line' },
    { from: 'sep-labels', left: 'labels are one per line' },
    { from: 'sep-annotations', left: 'annotations are one per line' },
    { from: 'github-token', left: 'nothing is asked of GitHub' },
    { from: 'context', stays: 'reads Git and not the event', unless: ['workflow'] },
    { from: 'bake-target', stays: 'is for bake' },
  ],
};
