import type { NotReplaced, Replaced } from './replaced-workflows.ts';

/*
 * Of public workflows that deploy to Fly.io, 44 that were read: those that are one call with a token of Fly.io and nothing of Google's,
 * the one that takes an image in Artifact Registry, and those that no call replaces.
 */

type Given = Pick<Replaced, 'with'> & Partial<Pick<Replaced, 'secrets' | 'matrix' | 'needs'>>;
/** Repository, and commit of the workflow. */
type Source = readonly [repository: string, commit: string, file?: string];

/** `flyctl deploy --remote-only`, which nearly all of them run. */
const REMOTE = { remote_only: true };

export const REPLACED_ON_FLY: readonly Replaced[] = [
  deploy(
    ['2389-research/charm', 'b4e99ca9487746b5e07bc5bc30e36ad0404e55d3'],
    "builds on Fly.io's builder and deploys, on main and for version tags",
  ),
  deploy(
    ['ANUcybernetics/imaginative-restoration', '0e0229b738ad6b75ce2bce53860c725df2894312'],
    'builds and deploys a Phoenix app with a pinned setup-flyctl',
  ),
  deploy(
    ['0xeye/yearn-metrics', '0d7d0a47471b31117f7bec9b77cca60b33c735b1'],
    'deploys an app of a monorepo when its packages change',
  ),
  deploy(
    ['Adity00/Insight', 'ba50a9c07d76d9550750c536cdbf643722676c80'],
    'deploys a subdirectory with its own fly.toml',
    { with: { working_directory: 'backend' } },
  ),
  deploy(
    ['Aikido-demo-apps/zen-demo-go', '04b8e628d8234cd809f2ef0df8dab7fbc7743826'],
    'checks out submodules of other private repositories, deploys as two apps',
    {
      matrix: { config: ['fly.toml', 'fly-danger.toml'] },
      with: { config: '${{ matrix.config }}', submodules: 'recursive' },
      secrets: { checkout_token: '${{ secrets.ACCESS_TOKEN }}' },
    },
  ),
  deploy(
    ['AIDA-HQ/AIDApp-core', '58176e9618d10df29bb3277b4a2f7551ac4d9ec2'],
    'deploys a branch other than main, or by hand',
  ),
  deploy(['42answers/thuisscan', 'd8809447dd0571d305897275816f66bf2a69a2b3'], 'deploys main, or by hand'),
  deploy(
    ['0cked/planted-tank-lab', '34327d5c1ec81180af567ed670f654b610360910'],
    'deploys main, and cancels a running deploy',
  ),
  deploy(
    ['Alergeek-Ventures/firmowid', '915f205a59e83d260799bd8c80a73322e9742f26'],
    'deploys with a secret of another name, switched off by `if: false`',
    { with: {}, secrets: { api_token: '${{ secrets.FLY_API_KEY }}' } },
  ),
  deploy(
    ['3n3a-archive/wordpress-scanner', '8ae1f534ce2ab7a3e8d5ef5aa2f35ae6e6d44c92'],
    'deploys main with an old checkout',
  ),
  deploy(
    ['97n8/puddlejumper', 'c60112355b76e2ad38858fddbfa118402acef7b2'],
    'deploys a subdirectory, with a version of setup-flyctl that does not exist',
    { with: { working_directory: 'n8drive' } },
  ),
  deploy(
    ['AlwayzLegit/JetnineERP', 'a569ec9d7bdefbfda11e114f42d7a9df2657e577'],
    'deploys the API of a monorepo, with migrations as its release command',
  ),
  deploy(
    ['Alpha-ashu/Kanaku', '1b94f1af8efec163bb47fadd14edab81c8166460'],
    'deploys by hand, after a job that asks for confirmation',
    { needs: 'confirm', with: { config: 'fly.toml' } },
  ),
  deploy(
    ['AndrewAllison/what-would-vimes-do', 'c4366c823c4b1d537120da6e2b089ef0843406a0'],
    'installs with pnpm and builds before it deploys',
    {
      with: {
        prepare_command: 'npx pnpm@10.8.1 install\nnpx pnpm@10.8.1 build\n',
        prepare_cache: '~/.local/share/pnpm/store',
      },
    },
  ),
  deploy(
    ['AlexDickerson/foundry-mcp', 'cb1f36c5a2fc10141f120009d9f183ad157f9aa2'],
    "deploys an image from GitHub's registry that another workflow built",
    { with: { image: 'ghcr.io/alexdickerson/foundry-mcp:latest' } },
  ),
  deploy(
    ['Agentix-Pay/nexus-chatgpt-app', '893114b059b5b79f857795d63210b8060f43530d'],
    'deploys by hand, as a fallback',
  ),
  deploy(
    ['AA4598/full-stack-open-pokedex', '6e6919fdf8c2ed9f1ea951e80aedc157c40fce3c'],
    'runs the package build before it deploys',
    { with: { prepare_command: 'npm run build' } },
  ),
  deploy(
    ['AEGISnetInc/TS-MCP', '45ca146060ae70dd249ec1584cd88bd8844b3074'],
    'looks for a word in the commit messages before it deploys',
    { needs: 'check', with: {} },
  ),
  deploy(
    ['AB-Insightful/ab-insightful', '01101a9562e205ecd9f7608bed59cb8be1eac39a'],
    'deploys, then releases the app at Shopify, which is a job after the call',
  ),
  deploy(
    ['AndreaCadonna/sbobuz-web-game-app', 'd07f26c9d550faa848082ce7490004365bd95f06'],
    'deploys two apps with their own files, and checks the health of each',
    {
      matrix: { app: ['sbobuz-api', 'sbobuz-web'] },
      with: {
        app: '${{ matrix.app }}',
        config: "${{ matrix.app == 'sbobuz-api' && 'fly.toml' || 'fly.frontend.toml' }}",
        verify: "${{ matrix.app == 'sbobuz-api' && '/health/ready' || '/' }}",
      },
    },
  ),
  deploy(
    ['10thfloor/fly-autoplacer', '7c41d83f24147f6d7a68297edaa7ca175dca274e'],
    'deploys after three jobs of tests, with a pinned flyctl',
    { needs: 'tests', with: {} },
  ),
  deploy(
    ['earthstar-project/website', '31710f91268f0b35bae4dd1029f01a4e7654ffd4', 'fly-preview.yml'],
    'deploys a branch with flyctl-actions 1.1, in a container',
    { with: {}, secrets: { api_token: '${{ secrets.FLY_PREVIEW_API_TOKEN }}' } },
  ),
  preview(
    ['dullage/flatnotes', '953ee9064cf673ab5686f77ca3fbb509e9cc9cb4'],
    'gives pull requests an app with its own secrets, and deletes its environment',
    {
      with: { app: 'wunschliste', region: 'ams' },
      secrets: {
        api_token: '${{ secrets.FLY_ORG_API_TOKEN }}',
        ...appSecrets(
          ...['FLATNOTES_USERNAME=REVIEW_USERNAME', 'FLATNOTES_PASSWORD=REVIEW_PASSWORD'],
          'FLATNOTES_SECRET_KEY=REVIEW_SECRET_KEY',
        ),
      },
    },
  ),
  preview(
    ['amoeba/ac-server-monitor', 'a18d3be651c86a3d21606e1b4dc1d31909a01a7c'],
    'gives pull requests an app and an environment',
    { with: { app: 'ac-server-monitor', region: 'sea', environment: 'pr-${{ github.event.number }}' } },
  ),
  preview(
    ['the-technat/wunschliste', '0deb229e26caf8fb5f5111fc5470d19c94065fee'],
    'the same with its own secrets',
    {
      with: { app: 'wunschliste', region: 'ams', environment: 'pr-${{ github.event.number }}' },
      secrets: {
        api_token: '${{ secrets.FLY_ORG_API_TOKEN }}',
        ...appSecrets('FLATNOTES_SECRET_KEY=REVIEW_SECRET_KEY'),
      },
    },
  ),
  preview(
    ['electionscience/vote.electionscience.org', 'bb745d9f32da06c70ba447c822d34a9aac1132b7'],
    'sets a plain variable as a secret',
    { with: { app: 'vote-electionscience', region: 'iad', environment: 'review', env: 'DEBUG=true' } },
  ),
  preview(
    ['plausible/prima', '6a550ab7c539fecf49cf9ff431178af21fb6ece9'],
    'builds a Dockerfile in a subdirectory with an input that fly-pr-review-apps does not have',
    {
      with: {
        ...{ app: 'prima', region: 'arn', environment: 'review', config: 'demo/fly.toml' },
        ...{ file: 'demo/Dockerfile', build_args: 'BUILD_CONTEXT=.' },
      },
    },
  ),
  preview(
    ['simcax/lf-web', 'baa4ef1a59bb4eb7fe681d9090e0015205f387fb'],
    'lints, writes a version into fly.toml, and passes the app its host',
    {
      needs: 'lint',
      with: {
        ...{ app: 'lf-web', region: 'fra', environment: 'review' },
        prepare_command: 'pipx run uv run python utils/update_fly_toml.py',
        env: 'SESSION_COOKIE_DOMAIN=lf-web-pr-${{ github.event.number }}.fly.dev',
      },
      secrets: appSecrets('API_USERNAME', 'API_PASSWORD', 'ENVIRONMENT_NAME', 'REDIS_HOST', 'DOORCOUNT_URL'),
    },
  ),
  preview(
    ['neondatabase/mcp-server-neon', '473cb0ee7e967cc603216e4797e20e5f2a1951f8', 'fly-preview.yml'],
    'has a fly.toml for previews, and passes the app its URL',
    {
      with: {
        ...{ app: 'mcp-server-neon', region: 'ams', config: 'fly.preview.toml' },
        environment: 'pr-${{ github.event.number }}',
        env: 'SERVER_HOST=https://mcp-server-neon-pr-${{ github.event.number }}.fly.dev',
      },
      secrets: appSecrets('CLIENT_ID', 'CLIENT_SECRET', 'OAUTH_DATABASE_URL=PREVIEW_OAUTH_DATABASE_URL'),
    },
  ),
  preview(
    ['superfly/sprites-docs', '707eb429ef1fa227e90edf7643de86bcf6a92fc3', 'fly-preview.yml'],
    'sets a size, comments the URL, and runs Cypress against it in a later job',
    {
      with: {
        ...{ app: 'sprites-docs', org: '${{ vars.FLY_PREVIEW_ORG }}', region: 'iad', environment: 'preview' },
        ...{ config: 'fly.preview.toml', vm_size: 'shared-cpu-1x', vm_memory: '256' },
      },
      secrets: { api_token: '${{ secrets.FLY_PREVIEW_API_TOKEN }}' },
    },
  ),
  preview(
    ['taucad/tau', '4fa88401440d73b55770214514829461f8015522'],
    'gives pull requests two apps, and keeps a comment on each',
    {
      matrix: { part: ['ui', 'api'] },
      with: {
        ...{ app: 'tau-${{ matrix.part }}', region: 'syd', config: 'apps/${{ matrix.part }}/fly.toml' },
        environment: 'review-${{ matrix.part }}',
      },
    },
  ),
  preview(['myriade-ai/myriade', '298ef95f2ee9d829cecb7abe75d2b0b5afed6bf7'], "Fly.io's own example", {
    with: { app: 'myriade', org: 'myriade', region: 'cdg', environment: 'review' },
  }),
  preview(
    ['JonathanBechtel/draft-app', '4464eacdeb304ec99396d9e3d9df4ab9abe7b70a'],
    'names the app after the number, the actor and the repository',
    { with: { app: 'draft-app', region: 'ewr', environment: 'draft-app-dev' } },
  ),
  preview(
    ['geins-io/ralph-storefront', '98573d14b2b9d274628104256d1d5e5d85c58e46'],
    'sets variables that reach the runner but not the app',
    { with: { app: 'ralph-storefront', region: 'lhr', environment: 'review' } },
  ),
  preview(
    ['belcoda/belcoda', 'b5e1d4bb420f9548f864585b976d1c11137ea0ac'],
    'sets 40 secrets on one line, with the fly.toml of staging',
    {
      with: {
        ...{ app: 'belcoda', org: 'belcoda', region: 'fra', environment: 'review' },
        config: 'deploy/fly.staging.toml',
      },
      secrets: appSecrets('DATABASE_URL', 'BETTER_AUTH_SECRET', 'STRIPE_SECRET_KEY', 'POSTMARK_SERVER_TOKEN'),
    },
  ),
  preview(
    ['myrjola/petrapp', 'efaff5a15edce9dfc13e6478caa561d40ced6c96'],
    'deploys the image of an earlier job, and tests the host in a later one',
    {
      needs: 'build',
      with: {
        ...{ app: 'petrapp', region: 'arn', environment: 'pr-${{ github.event.number }}' },
        image: '${{ needs.build.outputs.image }}',
        env: 'LITESTREAM_REPLICA_TYPE=file\nLITESTREAM_REPLICA_PATH=/data/backup\n',
      },
    },
  ),
  preview(
    ['jehrhardt/cozyauth', '11c60864ce2b88681b13e516135830db5b492e2c', 'fly-preview.yml'],
    "Fly.io's own example in an organization",
    { with: { app: 'cozyauth', org: 'cozyauth', region: 'ams', environment: 'Preview' } },
  ),
  preview(
    ['codenote-net/rails-preview-demo', '50b27f8473fd11f989da8df339115b5a714a146e', 'fly-preview.yml'],
    'attaches a Postgres, writes a comment and records a deployment with scripts',
    {
      with: {
        ...{ app: 'rails-preview-demo', region: 'nrt', postgres: 'rails-preview-demo-db' },
        environment: 'preview-pr-${{ github.event.number }}',
      },
      secrets: appSecrets('RAILS_MASTER_KEY'),
    },
  ),
  preview(
    ['spotlightpa/moreofa', 'bd3b6b43695625d6dff604391105d14e23176ade', 'fly-preview.yml'],
    "Fly.io's own example in an organization",
    { with: { app: 'moreofa', org: 'spotlight-pa', region: 'ewr', environment: 'review' } },
  ),
  preview(
    ['KnowATL/innovate-atl', '63cef7f8f61dc248c3ed1a6fad370c26146db94f'],
    'previews a Rails app with a fork of fly-pr-review-apps',
    {
      with: { app: 'innovate-atl', region: 'iad', environment: 'review' },
      secrets: { api_token: '${{ secrets.FLY_REVIEW_TOKEN }}', ...appSecrets('RAILS_MASTER_KEY') },
    },
  ),
];

/** A build secret, which flyctl takes only as an argument that other programs can read. */
export const REPLACED_WITH_GOOGLE: readonly Replaced[] = [
  {
    ...deploy(
      ['6MB11/PersonalWebsite', '823f67d094234321d30be6c72e244e2a6be82782'],
      'builds with a secret, which requires an image in Artifact Registry (and is broken as it stands: a backslash ends its command)',
    ),
    with: {
      image: 'us-central1-docker.pkg.dev/${{ vars.GOOGLE_CLOUD_PROJECT }}/fly/website',
      workload_identity_provider: '${{ vars.WORKLOAD_IDENTITY_PROVIDER }}',
      service_account: '${{ vars.DEPLOY_SERVICE_ACCOUNT }}',
    },
    secrets: {
      api_token: '${{ secrets.FLY_API_TOKEN }}',
      build_secrets: 'DATABASE_URL=${{ secrets.DATABASE_URL }}',
    },
  },
];

export const NOT_REPLACED_ON_FLY: readonly NotReplaced[] = [
  {
    repository: '01100100/waterworks',
    file: 'fly-deploy.yml',
    commit: '006af02a27d54e8fd91118f78bc962d0b6566bfd',
    why: '`fly machine run` starts a single machine on a schedule. Nothing is deployed',
  },
  {
    repository: 'districtr/districtr-v2',
    file: 'fly-preview.yml',
    commit: 'f8f9c1f9568ddef0f68f76f117301157b9c25191',
    why: 'each preview has a fork of a whole Postgres app. The two apps become calls with `label`, and the fork stays a separate job',
  },
  {
    repository: 'kasperpeulen/epic-stack',
    file: 'fly-review.yml',
    commit: 'e94368d87b0713a60e65240cfcda6d62735f2b03',
    why: 'each preview gets Consul and a Tigris bucket. Run `fly consul attach` and `fly storage create` before the call',
  },
];

function deploy(
  [repository, commit, file = 'fly-deploy.yml']: Source,
  does: string,
  given: Given = { with: {} },
): Replaced {
  return {
    ...{ repository, file, commit, does, workflow: 'deploy-fly.yml' },
    ...given,
    with: { ...(given.with.image ? {} : REMOTE), ...given.with },
    secrets: { api_token: '${{ secrets.FLY_API_TOKEN }}', ...given.secrets },
  };
}

function preview(
  [repository, commit, file = 'fly-review.yml']: Source,
  does: string,
  given: Given,
): Replaced {
  return {
    ...{ repository, file, commit, does, workflow: 'preview-fly.yml' },
    ...given,
    with: { org: 'personal', ...(given.with.image ? {} : REMOTE), ...given.with },
    secrets: { api_token: '${{ secrets.FLY_API_TOKEN }}', ...given.secrets },
  };
}

/** Secrets of the app by the repository's. @param names `NAME`, or `NAME=SECRET` */
function appSecrets(...names: readonly string[]): Record<string, string> {
  const lines = names.map((pair) => {
    const [name, secret = name] = pair.split('=');
    return `${name}=\${{ secrets.${secret} }}\n`;
  });
  return { app_secrets: lines.join('') };
}
