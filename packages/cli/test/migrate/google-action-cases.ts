import { type Case, CHECKOUT, pushed } from './case.ts';

/** The actions of google-github-actions. */
export const GOOGLE_ACTION_CASES: readonly Case[] = [
  {
    does: "deploys as Google's own starter workflow does",
    text: pushed(
      `      - name: 'Checkout'
        uses: 'actions/checkout@692973e3d937129bcbf40652eb9f2f61becf3332' # actions/checkout@v4

      # Workload Identity Federation needs permissions above
      - id: 'auth'
        name: 'Authenticate to Google Cloud'
        uses: 'google-github-actions/auth@f112390a2df9932162083945e46d439060d66ec2' # v2
        with:
          workload_identity_provider: '\${{ env.WORKLOAD_IDENTITY_PROVIDER }}'
          token_format: access_token
          service_account: deployer@acme-shop.iam.gserviceaccount.com

      # BEGIN - Docker auth and build

      - name: 'Docker Auth'
        uses: 'docker/login-action@9780b0c442fbb1117ed29e0efdff1e18412f7567' # v3
        with:
          username: 'oauth2accesstoken'
          password: '\${{ steps.auth.outputs.access_token }}'
          registry: '\${{ env.REGION }}-docker.pkg.dev'

      - name: 'Build and Push Container'
        run: |-
          DOCKER_TAG="$\{{ env.REGION }}-docker.pkg.dev/\${{ env.PROJECT_ID }}/\${{ env.SERVICE }}/app:\${{ github.sha }}"
          docker build --tag "\${DOCKER_TAG}" .
          docker push "\${DOCKER_TAG}"

      # END - Docker auth and build

      - name: 'Deploy to Cloud Run'
        id: deploy
        uses: 'google-github-actions/deploy-cloudrun@33553064113a37d688aa6937bacbdc481580be17' # v2
        with:
          service: '\${{ env.SERVICE }}'
          region: '\${{ env.REGION }}'
          image: '\${{ env.REGION }}-docker.pkg.dev/\${{ env.PROJECT_ID }}/\${{ env.SERVICE }}/app:\${{ github.sha }}'

      - name: 'Show output'
        run: |2-

          echo \${{ steps.deploy.outputs.url }}`,
      {
        env: '  PROJECT_ID: acme-shop\n  REGION: us-central1\n  SERVICE: shop\n  WORKLOAD_IDENTITY_PROVIDER: projects/1/locations/global/workloadIdentityPools/pool/providers/github',
      },
    ),
    outcome: 'whole',
    steps: [
      [
        'build-and-push',
        {
          image: '${{ env.REGION }}-docker.pkg.dev/${{ env.PROJECT_ID }}/${{ env.SERVICE }}/app',
          service_account: 'deployer@acme-shop.iam.gserviceaccount.com',
        },
      ],
      ['deploy-cloud-run', { image: '${{ steps.build.outputs.image }}' }],
    ],
    has: ['# BEGIN - Docker auth and build', 'echo ${{ steps.deploy.outputs.url }}', 'id: deploy'],
    hasNot: ['docker/login-action', 'google-github-actions'],
  },
  {
    does: 'deploys from source, with variables from secrets',
    text: pushed(
      `      - name: Checkout
        uses: actions/checkout@v2
      - name: Google Auth
        id: auth
        uses: 'google-github-actions/auth@v0'
        with:
          credentials_json: '\${{ secrets.GCP_CREDENTIALS }}'
      - name: Deploy to Cloud Run
        id: deploy
        uses: google-github-actions/deploy-cloudrun@v0
        with:
          service: \${{ env.SERVICE }}
          region: \${{ env.REGION }}
          source: ./server
          env_vars: |
            MODE=production
            TOKEN=\${{ secrets.TOKEN }}
      - name: Show Output
        run: echo \${{ steps.deploy.outputs.url }}`,
      { env: '  SERVICE: server # the service\n  REGION: us-central1' },
    ),
    outcome: 'whole',
    steps: [
      [
        'build-and-push',
        {
          image:
            '${{ env.REGION }}-docker.pkg.dev/${{ steps.auth.outputs.project_id }}/cloud-run-source-deploy/${{ env.SERVICE }}',
          context: 'server',
        },
      ],
      ['deploy-cloud-run', { env_vars: 'MODE=production\nTOKEN=${{ secrets.TOKEN }}\n' }],
    ],
  },
  {
    does: 'keeps the sign-in for steps that may need it',
    text: pushed(`${CHECKOUT}
      - uses: google-github-actions/auth@v2
        with: { workload_identity_provider: '\${{ vars.WIF }}', service_account: '\${{ vars.SA }}' }
      - id: secrets
        uses: google-github-actions/get-secretmanager-secrets@v2
        with: { secrets: 'token:acme-shop/token' }
      - run: npm run migrate
        env: { TOKEN: '\${{ steps.secrets.outputs.token }}' }
      - uses: google-github-actions/deploy-cloudrun@v2
        with: { service: shop, image: 'gcr.io/acme-shop/shop:1', region: us-west1 }`),
    outcome: 'whole',
    steps: [['deploy-cloud-run', { service: 'shop' }]],
    has: ['google-github-actions/auth@v2', 'get-secretmanager-secrets'],
  },
  {
    does: 'deploys to two environments by conditions of steps',
    text: pushed(`${CHECKOUT}
      - if: github.ref == 'refs/heads/main'
        uses: google-github-actions/auth@v2
        with: { credentials_json: '\${{ secrets.PROD }}' }
      - if: github.ref != 'refs/heads/main'
        uses: google-github-actions/auth@v2
        with: { credentials_json: '\${{ secrets.STAGING }}' }
      - uses: google-github-actions/deploy-cloudrun@v2
        with: { service: shop, image: 'gcr.io/acme-shop/shop:1', region: us-west1 }`),
    outcome: 'whole',
    has: ['secrets.PROD', 'secrets.STAGING'],
    steps: [['deploy-cloud-run', { service: 'shop' }]],
  },
  {
    does: 'deploys a file of a service, and a job that it waits for',
    text: pushed(`${CHECKOUT}
      - uses: google-github-actions/auth@v2
        with: { workload_identity_provider: '\${{ vars.WIF }}', service_account: '\${{ vars.SA }}' }
      - uses: google-github-actions/deploy-cloudrun@v2
        with: { metadata: service.yaml, region: us-west1 }
      - uses: google-github-actions/deploy-cloudrun@v2
        with: { job: nightly, image: 'gcr.io/acme-shop/shop:1', region: us-west1, wait: true }`),
    outcome: 'whole',
    steps: [
      ['deploy-cloud-run', { metadata: 'service.yaml' }],
      ['deploy-cloud-run', { job: 'nightly', wait: true }],
    ],
  },
  {
    does: 'moves traffic by flags, which stays',
    text: pushed(`${CHECKOUT}
      - uses: google-github-actions/deploy-cloudrun@v2
        with: { service: shop, region: us-west1, update_traffic_flags: '--to-latest' }`),
    outcome: 'none',
    stays: ['write revision_traffic, tag_traffic or traffic'],
  },
  {
    does: 'looks at how a deploy ended',
    text: pushed(`${CHECKOUT}
      - id: deploy
        continue-on-error: true
        uses: google-github-actions/deploy-cloudrun@v2
        with: { service: shop, image: 'gcr.io/acme-shop/shop:1', region: us-west1 }
      - if: steps.deploy.outcome == 'failure'
        run: exit 1`),
    outcome: 'whole',
    steps: [['deploy-cloud-run', { service: 'shop' }]],
    has: ['id: deploy', 'continue-on-error: true'],
  },
  {
    does: 'has comments behind a step that ends with an empty key',
    text: pushed(`${CHECKOUT}
      - name: Sign in
        uses: google-github-actions/auth@v2
        if:

      # - BEGIN of the registry
      - uses: docker/login-action@v3
        with: { registry: gcr.io, username: _json_key, password: '\${{ secrets.KEY }}' }

      # The service
      - uses: google-github-actions/deploy-cloudrun@v2
        with: { service: shop, image: 'gcr.io/acme-shop/shop:1', region: us-west1 }`),
    outcome: 'whole',
    steps: [['deploy-cloud-run', { service: 'shop' }]],
    has: ['# The service'],
  },
];
