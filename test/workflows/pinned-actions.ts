/**
 * The actions of others that this repository runs or shows, and the commit that each one's version is. The version was
 * looked up in the action's own repository (`git ls-remote https://github.com/OWNER/NAME 'refs/tags/vX.Y.Z*'`): whoever
 * changes one does so again, since a pull request that changes a commit may change its comment too.
 */
export const PINNED_ACTIONS: Readonly<Record<string, { readonly version: string; readonly commit: string }>> =
  {
    'actions/attest': { version: 'v4.2.2', commit: '1e69f48acb82d1966a394da916b4c1698aa569d6' },
    'actions/cache': { version: 'v5.0.5', commit: '27d5ce7f107fe9357f9df03efb73ab90386fccae' },
    'actions/checkout': { version: 'v7.0.1', commit: '3d3c42e5aac5ba805825da76410c181273ba90b1' },
    'actions/create-github-app-token': {
      version: 'v3.1.1',
      commit: '1b10c78c7865c340bc4f6099eb2f838309f1e8c3',
    },
    'actions/deploy-pages': { version: 'v5.0.0', commit: 'cd2ce8fcbc39b97be8ca5fce6e763baed58fa128' },
    'actions/download-artifact': {
      version: 'v8.0.1',
      commit: '3e5f45b2cfb9172054b4087a40e8e0b5a5461e7c',
    },
    'actions/setup-node': { version: 'v7.0.0', commit: '820762786026740c76f36085b0efc47a31fe5020' },
    'actions/setup-python': { version: 'v7.0.0', commit: '5fda3b95a4ea91299a34e894583c3862153e4b97' },
    'actions/upload-artifact': { version: 'v7.0.0', commit: 'bbbca2ddaa5d8feaa63e36b76fdaad77386f024f' },
    'actions/upload-pages-artifact': {
      version: 'v5.0.0',
      commit: 'fc324d3547104276b827a68afc52ff2a11cc49c9',
    },
    'docker/setup-buildx-action': { version: 'v4.3.0', commit: '37fe631027851001ddb9b187196cc803df7f5f0e' },
    'github/codeql-action': {
      version: 'v4.36.2',
      commit: '8aad20d150bbac5944a9f9d289da16a4b0d87c1e',
    },
  };
