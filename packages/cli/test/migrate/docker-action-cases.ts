import { type Case, CHECKOUT, pushed } from './case.ts';

/** The actions of docker. */
export const DOCKER_ACTION_CASES: readonly Case[] = [
  {
    does: 'builds with build-push-action under the tags of metadata-action',
    text: pushed(`${CHECKOUT}
      - uses: docker/setup-buildx-action@v3
      - id: auth
        uses: google-github-actions/auth@v2
        with:
          token_format: access_token
          workload_identity_provider: \${{ secrets.WIF }}
          service_account: \${{ secrets.SA }}
      - uses: docker/login-action@v3
        with:
          registry: europe-docker.pkg.dev
          username: oauth2accesstoken
          password: \${{ steps.auth.outputs.access_token }}
      - id: meta
        uses: docker/metadata-action@v5
        with:
          images: europe-docker.pkg.dev/acme-shop/apis/shop
          tags: |
            type=sha
            type=ref,event=branch
          flavor: latest=true
      - uses: docker/build-push-action@v6
        with:
          context: .
          push: true
          tags: \${{ steps.meta.outputs.tags }}
          labels: \${{ steps.meta.outputs.labels }}
          cache-from: type=gha
          cache-to: type=gha,mode=max
          build-args: |
            NODE_ENV=production`),
    outcome: 'whole',
    steps: [
      [
        'build-and-push',
        {
          image: 'europe-docker.pkg.dev/acme-shop/apis/shop',
          tags: 'type=sha\ntype=ref,event=branch\n',
          flavor: 'latest=true',
          build_args: 'NODE_ENV=production\n',
        },
      ],
    ],
    says: ['provenance', 'the cache is kept in the registry'],
    hasNot: ['docker/metadata-action', 'docker/login-action'],
  },
  {
    does: 'deploys the digest that build-push-action tells',
    text: pushed(`${CHECKOUT}
      - uses: google-github-actions/auth@v3
        with: { workload_identity_provider: '\${{ vars.WIF }}', service_account: '\${{ vars.SA }}' }
      - id: build
        uses: docker/build-push-action@v6
        with:
          push: true
          context: "{{defaultContext}}:api"
          tags: us-docker.pkg.dev/acme-shop/apis/shop:\${{ github.sha }},us-docker.pkg.dev/acme-shop/apis/shop:latest
      - uses: google-github-actions/deploy-cloudrun@v3
        with:
          service: shop
          image: us-docker.pkg.dev/acme-shop/apis/shop@\${{ steps.build.outputs.digest }}
          flags: --allow-unauthenticated --cpu=1 '--memory=512Mi' --timeout 300`),
    outcome: 'whole',
    steps: [
      ['build-and-push', { context: 'api', tags: '${{ github.sha }}\ntype=raw,value=latest\n' }],
      [
        'deploy-cloud-run',
        {
          region: 'us-central1',
          image: '${{ steps.build.outputs.image }}',
          cpu: 1,
          memory: '512Mi',
          request_timeout: '300s',
          invokers: 'allUsers',
        },
      ],
    ],
  },
  {
    does: 'pushes only outside of pull requests, which stays',
    text: pushed(`${CHECKOUT}
      - uses: docker/build-push-action@v6
        with:
          push: \${{ github.event_name != 'pull_request' }}
          tags: us-docker.pkg.dev/acme-shop/apis/shop:1`),
    outcome: 'none',
    stays: ['pushes only sometimes'],
  },
  {
    does: 'pushes to two registries at once, which stays',
    text: pushed(`${CHECKOUT}
      - uses: docker/build-push-action@v6
        with:
          push: true
          tags: |
            us-docker.pkg.dev/acme-shop/apis/shop:1
            ghcr.io/acme-shop/shop:1`),
    outcome: 'none',
    stays: ['is no image of Artifact Registry'],
  },
  {
    does: 'builds with secrets of files and variables',
    text: pushed(`${CHECKOUT}
      - uses: docker/login-action@v3
        with: { registry: gcr.io, username: _json_key, password: '\${{ secrets.GCR_KEY }}' }
      - uses: docker/build-push-action@v5
        with:
          context: ./web
          file: ./web/Dockerfile.prod
          push: true
          tags: "gcr.io/acme-shop/web:\${{ github.ref_name }}"
          secrets: |
            npm=\${{ secrets.NPM_TOKEN }}
          platforms: linux/amd64,linux/arm64`),
    outcome: 'whole',
    steps: [
      [
        'build-and-push',
        {
          image: 'gcr.io/acme-shop/web',
          context: 'web',
          file: './web/Dockerfile.prod',
          credentials_json: '${{ secrets.GCR_KEY }}',
          platforms: 'linux/amd64,linux/arm64',
          tags: 'type=raw,value=${{ github.ref_name }}',
        },
      ],
    ],
  },
  {
    does: 'tests, and has nothing to deploy',
    text: pushed(`${CHECKOUT}
      - uses: actions/setup-node@v4
      - run: |
          npm ci   # comments stay
          npm test
      - uses: docker/build-push-action@v6
        with: { push: false, tags: 'shop:test' }`),
    outcome: 'whole',
    steps: [],
  },
];
