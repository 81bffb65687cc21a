import { type Case, CHECKOUT, KEYLESS, pushed } from './case.ts';

/** Signing in by scripts and by actions of old, and other services of Google's. */
export const SIGN_IN_CASES: readonly Case[] = [
  {
    does: 'signs in by a key file that the shell writes',
    text: pushed(`${CHECKOUT}
      - run: |
          echo "\${{ secrets.KEY }}" > /tmp/key.json
          gcloud auth activate-service-account --key-file=/tmp/key.json
          gcloud config set project acme-shop
      - run: docker login -u _json_key -p "\${{ secrets.KEY }}" https://gcr.io
      - run: docker build -t gcr.io/acme-shop/api:1 . && docker push gcr.io/acme-shop/api:1
      - run: gcloud run deploy api --image gcr.io/acme-shop/api:1 --region us-west1`),
    outcome: 'whole',
    steps: [
      ['build-and-push', { credentials_json: '${{ secrets.KEY }}' }],
      ['deploy-cloud-run', { project_id: 'acme-shop', credentials_json: '${{ secrets.KEY }}' }],
    ],
    hasNot: ['key.json'],
  },
  {
    does: 'signs in as setup-gcloud did before there was auth',
    text: pushed(`${CHECKOUT}
      - uses: GoogleCloudPlatform/github-actions/setup-gcloud@master
        with:
          service_account_email: \${{ secrets.EMAIL }}
          service_account_key: \${{ secrets.KEY }}
          project_id: acme-shop
      - run: gcloud auth configure-docker --quiet
      - run: docker build --tag "gcr.io/acme-shop/api:$GITHUB_SHA" .
      - run: docker push "gcr.io/acme-shop/api:$GITHUB_SHA"
      - run: |-
          gcloud run deploy "api" --quiet --region "us-west1" --image "gcr.io/acme-shop/api:$GITHUB_SHA" --platform "managed" \\
            --set-env-vars=TOKEN=$TOKEN
        env: { TOKEN: '\${{ secrets.TOKEN }}' }`),
    outcome: 'whole',
    steps: [
      ['build-and-push', { credentials_json: '${{ secrets.KEY }}' }],
      ['deploy-cloud-run', { env_vars: 'TOKEN="""${{ secrets.TOKEN }}"""', project_id: 'acme-shop' }],
    ],
  },
  {
    does: 'has an input that setup-gcloud does not know beside its key',
    text: pushed(
      `${CHECKOUT}
      - uses: google-github-actions/setup-gcloud@master
        with: { GCP_PROJECT_ID: acme-shop, service_account_key: '\${{ secrets.KEY }}' }
      - run: DOCKER_BUILDKIT=1 docker build . -t $NAME
      - run: docker push $NAME
      - run: |
          gcloud run deploy api --image $NAME --region us-west1
          ./announce.sh`,
      { env: '  NAME: eu.gcr.io/acme-shop/api' },
    ),
    outcome: 'whole',
    steps: [
      ['build-and-push', { image: '${{ env.NAME }}', credentials_json: '${{ secrets.KEY }}' }],
      ['deploy-cloud-run', { image: '${{ steps.build.outputs.image }}' }],
    ],
    has: ['run: ./announce.sh', 'service_account_key'],
  },
  {
    does: 'enables services, and puts an API behind API Gateway',
    text: pushed(
      `${CHECKOUT}${KEYLESS}
      - run: gcloud services enable run.googleapis.com apigateway.googleapis.com --project $PROJECT
      - name: Config
        run: |
          gcloud api-gateway api-configs create shop-\${{ github.sha }} \\
            --api=shop --openapi-spec=openapi.yaml --project=$PROJECT \\
            --backend-auth-service-account=gateway@$PROJECT.iam.gserviceaccount.com
      - name: Gateway
        run: |
          gcloud api-gateway gateways update shop-gw \\
            --api=shop --api-config=shop-\${{ github.sha }} --location=us-central1 --project=$PROJECT`,
      { env: '  PROJECT: acme-shop' },
    ),
    outcome: 'whole',
    steps: [
      [
        'enable-service',
        { services: 'run.googleapis.com\napigateway.googleapis.com\n', project_id: '${{ env.PROJECT }}' },
      ],
      [
        'deploy-api-config',
        {
          api: 'shop',
          gateway: 'shop-gw',
          location: 'us-central1',
          spec: 'openapi.yaml',
          api_key: false,
          gateway_service_account: 'gateway@${{ env.PROJECT }}.iam.gserviceaccount.com',
        },
      ],
    ],
  },
  {
    does: 'deploys to Kubernetes after the push',
    text: pushed(`${CHECKOUT}${KEYLESS}
      - run: docker build -t gcr.io/acme-shop/api:1 . && docker push gcr.io/acme-shop/api:1
      - uses: google-github-actions/get-gke-credentials@v2
        with: { cluster_name: main, location: us-west1 }
      - run: kubectl set image deployment/api api=gcr.io/acme-shop/api:1`),
    outcome: 'part',
    steps: [['build-and-push', {}]],
    stays: ['no action here deploys there', 'no action here deploys to Kubernetes'],
    has: ['google-github-actions/auth@v2'],
  },
  {
    does: 'signs in to the registry for a script of its own, which stays',
    text: pushed(`${CHECKOUT}${KEYLESS}
      - run: gcloud auth configure-docker us-docker.pkg.dev --quiet
      - uses: docker/login-action@v3
        with: { registry: us-docker.pkg.dev, username: oauth2accesstoken, password: '\${{ steps.auth.outputs.access_token }}' }
      - run: ./push-all.sh
      - run: gcloud run deploy api --image us-docker.pkg.dev/acme-shop/apis/api:1 --region us-west1`),
    outcome: 'whole',
    steps: [['deploy-cloud-run', {}]],
    has: ['gcloud auth configure-docker', 'docker/login-action', 'google-github-actions/auth'],
  },
];
