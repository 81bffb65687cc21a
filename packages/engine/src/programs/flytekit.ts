import type { PythonPackages } from './python-packages.ts';

/** Flyte's SDK with `pyflyte`, and the messages of its API, at the versions that examples/flyte-tasks asks for. */
export const flytekit: PythonPackages = {
  name: 'flytekit',
  title: 'flytekit',
  recipe: 1,
  packages: ['flytekit==1.16.31', 'flyteidl==1.16.8'],
};
