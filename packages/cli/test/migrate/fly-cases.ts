import { type Case, CHECKOUT, pushed } from './case.ts';

const FLYCTL = '      - uses: superfly/flyctl-actions/setup-flyctl@master\n';
const TOKEN = '        env:\n          FLY_API_TOKEN: ${{ secrets.FLY_API_TOKEN }}\n';

function reviewed(
  step: string,
  env = '  FLY_API_TOKEN: ${{ secrets.FLY_API_TOKEN }}\n  FLY_REGION: iad\n  FLY_ORG: acme-shop',
): string {
  return `name: Review
on:
  # Run this workflow on every PR event.
  pull_request:
    types: [opened, reopened, synchronize, closed]

env:
${env}

jobs:
  review_app:
    runs-on: ubuntu-latest
    concurrency:
      group: pr-\${{ github.event.number }}
    environment:
      name: review
      # The script in the \`deploy\` sets the URL output for each review app.
      url: \${{ steps.deploy.outputs.url }}
    steps:
      - uses: actions/checkout@v4
${step}
`;
}

/** Fly.io. */
export const FLY_CASES: readonly Case[] = [
  {
    does: "deploys as Fly.io's own page says",
    text: pushed(`${CHECKOUT}${FLYCTL}      - run: flyctl deploy --remote-only\n${TOKEN}`, {
      job: '    concurrency: deploy-group # optional: ensure only one action runs at a time',
    }),
    outcome: 'whole',
    steps: [['fly-deploy', { remote_only: true, api_token: '${{ secrets.FLY_API_TOKEN }}' }]],
    hasNot: ['flyctl'],
    has: ['# optional: ensure only one action runs at a time'],
  },
  {
    does: 'deploys with flags, of a folder',
    text: pushed(
      `${CHECKOUT}${FLYCTL}      - name: Deploy
        working-directory: services
        run: fly deploy ./api --config fly.prod.toml --app shop-api --ha=false --strategy=bluegreen --build-arg VERSION=\${{ github.sha }} --build-arg A=1 --wait-timeout 300 --max-unavailable 0.5 -y`,
      { env: '  FLY_API_TOKEN: ${{ secrets.FLY }}' },
    ),
    outcome: 'whole',
    steps: [
      [
        'fly-deploy',
        {
          app: 'shop-api',
          working_directory: 'services/api',
          config: 'fly.prod.toml',
          ha: false,
          strategy: 'bluegreen',
          build_args: 'VERSION=${{ github.sha }}\nA=1\n',
          wait_timeout: '300s',
          flyctl_args: '--max-unavailable 0.5',
          remote_only: true,
        },
      ],
    ],
  },
  {
    does: 'builds on the runner',
    text: pushed(`${CHECKOUT}${FLYCTL}      - run: flyctl deploy --local-only\n${TOKEN}`),
    outcome: 'whole',
    steps: [['fly-deploy', { api_token: '${{ secrets.FLY_API_TOKEN }}' }]],
    hasNot: ['remote_only'],
  },
  {
    does: 'sets secrets before it deploys',
    text: pushed(`${CHECKOUT}${FLYCTL}      - name: Secrets
        run: |
          flyctl secrets set DATABASE_URL="$DATABASE_URL" --app shop --stage
          flyctl secrets set KEY=\${{ secrets.KEY }} MODE=prod --app shop --stage
        env:
          DATABASE_URL: \${{ secrets.DATABASE_URL }}
          FLY_API_TOKEN: \${{ secrets.FLY_API_TOKEN }}
      - run: flyctl deploy --app shop --remote-only
${TOKEN}`),
    outcome: 'whole',
    steps: [
      [
        'fly-deploy',
        {
          app: 'shop',
          secrets:
            'DATABASE_URL="""${{ secrets.DATABASE_URL }}"""\nKEY="""${{ secrets.KEY }}"""\nMODE=prod\n',
        },
      ],
    ],
  },
  {
    does: 'sets secrets of another app, which stays',
    text: pushed(
      `${CHECKOUT}${FLYCTL}      - run: flyctl secrets set A=1 --app other
      - run: flyctl deploy --app shop --remote-only`,
      { env: '  FLY_API_TOKEN: ${{ secrets.FLY_API_TOKEN }}' },
    ),
    outcome: 'part',
    steps: [['fly-deploy', { app: 'shop' }]],
    stays: ['no deploy of the app follows'],
    has: ['setup-flyctl@master'],
  },
  {
    does: 'deploys an image that another registry has',
    text: pushed(
      `${CHECKOUT}${FLYCTL}      - run: flyctl deploy --image ghcr.io/acme-shop/shop:latest --regions "iad,fra" --vm-memory 512\n${TOKEN}`,
    ),
    outcome: 'whole',
    steps: [
      ['fly-deploy', { image: 'ghcr.io/acme-shop/shop:latest', regions: 'iad\nfra\n', vm_memory: 512 }],
    ],
    hasNot: ['remote_only'],
  },
  {
    does: 'runs flyctl in the container of old',
    text: pushed(
      `      - uses: actions/checkout@v2\n      - uses: superfly/flyctl-actions@1.1\n        with:\n          args: "deploy --remote-only"`,
      { env: '  FLY_API_TOKEN: ${{ secrets.TOKEN }}' },
    ),
    outcome: 'whole',
    steps: [['fly-deploy', { remote_only: true }]],
  },
  {
    does: 'installs flyctl by curl, and deploys two apps',
    text: pushed(`${CHECKOUT}      - name: Install
        run: |
          curl -L https://fly.io/install.sh | sh
          echo "$HOME/.fly/bin" >> $GITHUB_PATH
      - run: flyctl deploy -c api/fly.toml --remote-only --detach=false
${TOKEN}      - run: flyctl deploy -c web/fly.toml --remote-only
${TOKEN}`),
    outcome: 'whole',
    steps: [
      ['fly-deploy', { config: 'api/fly.toml' }],
      ['fly-deploy', { config: 'web/fly.toml' }],
    ],
    hasNot: ['fly.io/install.sh', '.fly/bin'],
  },
  {
    does: 'tries again in a loop, which stays',
    text: pushed(`${CHECKOUT}${FLYCTL}      - run: |
          for i in 1 2 3; do
            flyctl deploy --remote-only && break || sleep 15
          done
${TOKEN}`),
    outcome: 'none',
    stays: ['in a condition, a loop or a function'],
  },
  {
    does: 'hands over a build secret as an argument, which stays',
    text: pushed(
      `${CHECKOUT}${FLYCTL}      - run: flyctl deploy --remote-only --build-secret TOKEN=\${{ secrets.TOKEN }}\n${TOKEN}`,
    ),
    outcome: 'none',
    stays: ['hands a build secret over as an argument'],
  },
  {
    does: 'starts a machine for a schedule, and deploys nothing',
    text: pushed(`${FLYCTL}      - run: flyctl machine start 7843d55c670158\n${TOKEN}`),
    outcome: 'none',
    stays: ['no action here does it'],
  },
  {
    does: 'has no token',
    text: pushed(`${CHECKOUT}${FLYCTL}      - run: flyctl deploy --remote-only`),
    outcome: 'none',
    stays: ['nothing sets FLY_API_TOKEN'],
  },
  {
    does: "gives pull requests an app, as Fly.io's own page says",
    text: reviewed(`      - name: Deploy PR app to Fly.io
        id: deploy
        uses: superfly/fly-pr-review-apps@1.2.1`),
    outcome: 'whole',
    steps: [['fly-deploy', { pull_request: true }]],
    says: ['have other names'],
    has: ['url: ${{ steps.deploy.outputs.url }}', 'id: deploy'],
  },
  {
    does: 'gives pull requests an app with a name, secrets and a database',
    text: reviewed(
      `      - id: deploy
        uses: superfly/fly-pr-review-apps@1.5.0
        with:
          name: shop-pr-\${{ github.event.number }}
          config: fly.review.toml
          postgres: shop-db
          memory: 512
          secrets: |
            A=\${{ secrets.A }} B=two
            C=\${{ secrets.C }}
          deploy_options: --strategy immediate`,
      '  FLY_API_TOKEN: ${{ secrets.FLY_API_TOKEN }}',
    ),
    outcome: 'whole',
    steps: [
      [
        'fly-deploy',
        {
          pull_request: true,
          app: 'shop',
          config: 'fly.review.toml',
          postgres: 'shop-db',
          vm_memory: 512,
          org: 'personal',
          region: 'iad',
          strategy: 'immediate',
          secrets: 'A="""${{ secrets.A }}"""\nB=two\nC="""${{ secrets.C }}"""\n',
        },
      ],
    ],
  },
  {
    does: 'reads the number of an app, which stays',
    text: reviewed(`      - id: deploy
        uses: superfly/fly-pr-review-apps@1.5.0
        with:
          name: \${{ env.NAME }}
          launch_options: --no-github-workflow`),
    outcome: 'none',
    stays: ['flyctl launch'],
  },
];
