import { type Case, CHECKOUT, KEYLESS, pushed } from './case.ts';

/** `gcloud run` in scripts. */
export const RUN_CASES: readonly Case[] = [
  {
    does: 'deploys all settings that a service of theirs has',
    text: pushed(
      `${CHECKOUT}${KEYLESS}
      - run: >-
          gcloud run deploy api --image gcr.io/acme-shop/api:1 --region us-west1
          --service-account=run@acme-shop.iam.gserviceaccount.com --cpu 2 --memory 1Gi --min-instances 1 --max-instances=5
          --concurrency 40 --timeout 5m --port 8000 --ingress internal --vpc-connector projects/acme-shop/locations/us-west1/connectors/c
          --vpc-egress all --set-cloudsql-instances acme-shop:us-west1:db --no-cpu-throttling --cpu-boost
          --set-env-vars "LOG=info,ENV=prod" --set-secrets "DB=db-url:latest,/run/key=key:3" --labels team=a,tier=b`,
    ),
    outcome: 'whole',
    steps: [
      [
        'deploy-cloud-run',
        {
          ...{
            runtime_service_account: 'run@acme-shop.iam.gserviceaccount.com',
            cpu: 2,
            memory: '1Gi',
            min_instances: 1,
          },
          ...{ max_instances: 5, concurrency: 40, request_timeout: '5m', port: 8000, ingress: 'internal' },
          ...{
            vpc_egress: 'all-traffic',
            cloudsql_instances: 'acme-shop:us-west1:db',
            cpu_throttling: false,
            cpu_boost: true,
          },
          ...{ env_vars: 'LOG=info\nENV=prod\n', env_vars_update_strategy: 'overwrite' },
          ...{
            secrets: 'DB=db-url:latest\n/run/key=key:3\n',
            secrets_update_strategy: 'overwrite',
            labels: 'team=a\ntier=b\n',
          },
        },
      ],
    ],
  },
  {
    does: 'sets variables from secrets, with another separator',
    text: pushed(`${CHECKOUT}${KEYLESS}
      - run: gcloud beta run deploy api --image gcr.io/acme-shop/api:1 --region us-west1 --update-env-vars "^##^ORIGINS=https://a,https://b##KEY=\${{ secrets.KEY }}"`),
    outcome: 'whole',
    steps: [
      ['deploy-cloud-run', { env_vars: 'ORIGINS="""https://a,https://b"""\nKEY="""${{ secrets.KEY }}"""\n' }],
    ],
  },
  {
    does: 'builds with Cloud Build by a tag',
    text: pushed(
      `${CHECKOUT}${KEYLESS}
      - uses: google-github-actions/setup-gcloud@v1
        with: { project_id: acme-shop }
      - run: gcloud builds submit --quiet --tag "gcr.io/acme-shop/api:$GITHUB_SHA" ./api
      - run: gcloud run deploy api --quiet --region us-west1 --image "gcr.io/acme-shop/api:$GITHUB_SHA" --platform managed`,
    ),
    outcome: 'whole',
    steps: [
      ['build-and-push', { image: 'gcr.io/acme-shop/api', context: 'api' }],
      ['deploy-cloud-run', { project_id: 'acme-shop' }],
    ],
    says: ['The runner builds, and not Cloud Build'],
  },
  {
    does: 'builds with Cloud Build by a file, which stays',
    text: pushed(`${CHECKOUT}${KEYLESS}
      - run: gcloud builds submit --config cloudbuild.yaml --substitutions=_TAG=$GITHUB_SHA
      - run: gcloud run deploy api --region us-west1 --image gcr.io/acme-shop/api:$GITHUB_SHA`),
    outcome: 'part',
    steps: [['deploy-cloud-run', { image: 'gcr.io/acme-shop/api:${{ github.sha }}' }]],
    stays: ['builds by the steps of a file'],
    has: ['google-github-actions/auth@v2'],
  },
  {
    does: 'deploys from source that has a Dockerfile',
    text: pushed(`${CHECKOUT}${KEYLESS}
      - run: gcloud run deploy api --source ./api --region us-west1 --project acme-shop --allow-unauthenticated`),
    files: ['api/Dockerfile'],
    outcome: 'whole',
    steps: [
      [
        'build-and-push',
        { image: 'us-west1-docker.pkg.dev/acme-shop/cloud-run-source-deploy/api', context: 'api' },
      ],
      ['deploy-cloud-run', { image: '${{ steps.build.outputs.image }}', project_id: 'acme-shop' }],
    ],
    hasNot: ['buildpacks'],
  },
  {
    does: 'deploys from source by buildpacks, into the project of the key',
    text: pushed(`${CHECKOUT}
      - id: auth
        uses: google-github-actions/auth@v2
        with: { credentials_json: '\${{ secrets.KEY }}' }
      - run: gcloud run deploy api --source . --region us-west1`),
    files: [],
    outcome: 'whole',
    steps: [
      [
        'build-and-push',
        {
          image: 'us-west1-docker.pkg.dev/${{ steps.auth.outputs.project_id }}/cloud-run-source-deploy/api',
          build: 'buildpacks',
        },
      ],
      ['deploy-cloud-run', {}],
    ],
    has: ['google-github-actions/auth@v2'],
  },
  {
    does: 'deploys from source where nothing names the project, which stays',
    text: pushed(`${CHECKOUT}
      - uses: google-github-actions/auth@v2
        with: { credentials_json: '\${{ secrets.KEY }}' }
      - run: gcloud run deploy api --source . --region us-west1`),
    outcome: 'none',
    stays: ['which project the image goes to'],
  },
  {
    does: 'reads the URL back for a smoke test',
    text: pushed(`${CHECKOUT}${KEYLESS}
      - run: gcloud run deploy api --image gcr.io/acme-shop/api:1 --region us-west1
      - name: Smoke test
        run: |
          URL=$(gcloud run services describe api --region us-west1 --format 'value(status.url)')
          curl --fail "$URL/healthz"`),
    outcome: 'whole',
    steps: [['deploy-cloud-run', { service: 'api' }]],
    has: ['SERVICE_URL: ${{ steps.deploy.outputs.url }}', 'URL=${SERVICE_URL}', 'curl --fail "$URL/healthz"'],
    hasNot: ['gcloud', 'google-github-actions'],
  },
  {
    does: 'deploys and runs a job, and moves traffic',
    text: pushed(`${CHECKOUT}${KEYLESS}
      - name: Migrate
        run: |
          gcloud run jobs deploy migrate --image gcr.io/acme-shop/api:1 --region us-west1 --tasks 1 --max-retries 0
          gcloud run jobs execute migrate --region us-west1 --wait
      - run: gcloud run services update-traffic api --region us-west1 --to-latest`),
    outcome: 'whole',
    steps: [
      ['deploy-cloud-run', { job: 'migrate', tasks: 1, max_retries: 0 }],
      ['deploy-cloud-run', { job: 'migrate', execute: true, wait: true }],
      ['deploy-cloud-run', { service: 'api', traffic: 100 }],
    ],
  },
  {
    does: 'deploys a file, and looks at how it ended',
    text: pushed(`${CHECKOUT}${KEYLESS}
      - run: gcloud run services replace run/service.yaml --region us-west1
      - id: deploy
        continue-on-error: true
        run: gcloud run deploy api --image gcr.io/acme-shop/api:1 --region us-west1
      - if: steps.deploy.outcome == 'failure'
        run: exit 1`),
    outcome: 'part',
    steps: [['deploy-cloud-run', { metadata: 'run/service.yaml', region: 'us-west1' }]],
    stays: ['another step looks at how it ended'],
  },
  {
    does: 'has a flag that nobody here knows',
    text: pushed(`${CHECKOUT}${KEYLESS}
      - run: gcloud run deploy api --image gcr.io/acme-shop/api:1 --region us-west1 --startup-cpu-boost`),
    outcome: 'none',
    stays: ['--startup-cpu-boost is not known here'],
  },
  {
    does: 'adds to lists that only Google knows',
    text: pushed(`${CHECKOUT}${KEYLESS}
      - run: gcloud run deploy api --image gcr.io/acme-shop/api:1 --region us-west1 --add-cloudsql-instances acme-shop:us-west1:db`),
    outcome: 'none',
    stays: ['write the whole list'],
  },
];
