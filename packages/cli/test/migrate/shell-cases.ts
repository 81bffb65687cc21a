import { type Case, pushed } from './case.ts';

const CHECKOUT = '      - uses: actions/checkout@v4\n';
const KEYLESS = `      - uses: google-github-actions/auth@v2
        with:
          workload_identity_provider: \${{ vars.WIF_PROVIDER }}
          service_account: \${{ vars.DEPLOYER }}
`;

/** gcloud and docker in scripts. */
export const SHELL_CASES: readonly Case[] = [
  {
    does: 'builds and pushes with variables of the workflow, and deploys',
    text: pushed(
      `${CHECKOUT}${KEYLESS}
      - uses: google-github-actions/setup-gcloud@v2

      - name: Docker
        run: gcloud auth configure-docker us-central1-docker.pkg.dev --quiet

      - name: Image
        run: |
          docker build -t us-central1-docker.pkg.dev/$PROJECT/apis/shop:$GITHUB_SHA .
          docker push us-central1-docker.pkg.dev/$PROJECT/apis/shop:$GITHUB_SHA

      - name: Run
        run: |
          gcloud run deploy shop \\
            --image us-central1-docker.pkg.dev/$PROJECT/apis/shop:$GITHUB_SHA \\
            --region us-central1 \\
            --platform managed --allow-unauthenticated --quiet`,
      { env: '  PROJECT: shop-1234', job: '    permissions: { contents: read, id-token: write }' },
    ),
    outcome: 'whole',
    steps: [
      [
        'build-and-push',
        {
          image: 'us-central1-docker.pkg.dev/${{ env.PROJECT }}/apis/shop',
          tags: '${{ github.sha }}',
          workload_identity_provider: '${{ vars.WIF_PROVIDER }}',
        },
      ],
      [
        'deploy-cloud-run',
        {
          service: 'shop',
          region: 'us-central1',
          image: '${{ steps.build.outputs.image }}',
          invokers: 'allUsers',
        },
      ],
    ],
    hasNot: ['gcloud', 'docker build', 'google-github-actions'],
  },
  {
    does: 'builds one name, tags it twice and pushes both, in three steps',
    text: pushed(
      `${CHECKOUT}
      - name: Auth
        uses: google-github-actions/auth@v1
        with: { credentials_json: '\${{ secrets.GCP_SA_KEY }}' }
      - run: gcloud auth configure-docker -q
      - name: Build
        run: docker build . --file app/Dockerfile --tag web
      - name: Tag
        run: |
          docker tag web gcr.io/acme/web:latest
          docker tag web gcr.io/acme/web:\${{ github.run_number }}
      - name: Push
        run: |
          docker push gcr.io/acme/web:latest
          docker push gcr.io/acme/web:\${{ github.run_number }}
      - run: gcloud run deploy web --image=gcr.io/acme/web:\${{ github.run_number }} --region=europe-west1 --memory=512Mi`,
    ),
    outcome: 'whole',
    steps: [
      [
        'build-and-push',
        {
          image: 'gcr.io/acme/web',
          tags: 'type=raw,value=latest\n${{ github.run_number }}\n',
          file: 'app/Dockerfile',
          credentials_json: '${{ secrets.GCP_SA_KEY }}',
        },
      ],
      ['deploy-cloud-run', { service: 'web', memory: '512Mi', image: '${{ steps.build.outputs.image }}' }],
    ],
  },
  {
    does: 'hands the image on by GITHUB_ENV and by GITHUB_OUTPUT',
    text: pushed(
      `${CHECKOUT}${KEYLESS}
      - name: Name
        run: echo "IMAGE=\${REGION}-docker.pkg.dev/\${{ vars.PROJECT }}/apis/shop:\${GITHUB_SHA}" >> "$GITHUB_ENV"
      - id: image
        run: |
          docker build --platform linux/amd64 -t "$IMAGE" services/shop
          docker push "$IMAGE"
          echo "uri=$IMAGE" >> $GITHUB_OUTPUT
      - run: gcloud run deploy shop --image "\${{ steps.image.outputs.uri }}" --region "$REGION" --no-traffic --tag next`,
      { env: '  REGION: europe-west3' },
    ),
    outcome: 'whole',
    steps: [
      [
        'build-and-push',
        {
          image: '${{ env.REGION }}-docker.pkg.dev/${{ vars.PROJECT }}/apis/shop',
          context: 'services/shop',
          platforms: 'linux/amd64',
        },
      ],
      ['deploy-cloud-run', { image: '${{ steps.image.outputs.image }}', no_traffic: true, tag: 'next' }],
    ],
    says: ['nothing reads uri any more'],
  },
  {
    does: 'keeps an output that another job reads',
    text: `name: Two jobs
on: push
jobs:
  build:
    runs-on: ubuntu-latest
    outputs:
      image: \${{ steps.build.outputs.image_uri }}
    steps:
      - uses: actions/checkout@v4
${KEYLESS}      - id: build
        run: |
          URI="us-docker.pkg.dev/acme/apis/shop:\${{ github.sha }}"
          docker build -t "$URI" .
          docker push "$URI"
          echo "image_uri=$URI" >> "$GITHUB_OUTPUT"
  deploy:
    needs: build
    runs-on: ubuntu-latest
    steps:
${KEYLESS}      - run: gcloud run deploy shop --region us-east1 --image "\${{ needs.build.outputs.image }}" --project acme
`,
    outcome: 'whole',
    steps: [
      ['build-and-push', { image: 'us-docker.pkg.dev/acme/apis/shop' }],
      ['deploy-cloud-run', { image: '${{ needs.build.outputs.image }}', project_id: 'acme' }],
    ],
    has: [
      'echo "image_uri=$URI" >> "$GITHUB_OUTPUT"',
      'URI="us-docker.pkg.dev/acme/apis/shop:${{ github.sha }}"',
    ],
  },
  {
    does: 'names the image by the short commit',
    text: pushed(`${CHECKOUT}${KEYLESS}
      - run: |
          TAG=$(git rev-parse --short HEAD)
          docker build -t gcr.io/acme/api:$TAG .
          docker push gcr.io/acme/api:$TAG
          gcloud run deploy api --image gcr.io/acme/api:$TAG --region us-west1`),
    outcome: 'whole',
    steps: [
      ['build-and-push', { tags: 'short-sha' }],
      ['deploy-cloud-run', { image: '${{ steps.build.outputs.image }}' }],
    ],
  },
  {
    does: 'names the image by the time, which a step hands on',
    text: pushed(`${CHECKOUT}${KEYLESS}
      - name: Release
        run: |
          set -euo pipefail
          STAMP=$(date -u +%Y%m%d-%H%M)
          docker build -t "gcr.io/acme/api:v-\${STAMP}" .
          docker push "gcr.io/acme/api:v-\${STAMP}"
          gcloud run deploy api --image "gcr.io/acme/api:v-\${STAMP}" --region us-west1`),
    outcome: 'whole',
    steps: [
      ['build-and-push', { tags: 'v-${{ steps.values.outputs.STAMP }}' }],
      ['deploy-cloud-run', { service: 'api' }],
    ],
    has: ['STAMP=$(date -u +%Y%m%d-%H%M)\n', 'echo "STAMP=$STAMP" >> "$GITHUB_OUTPUT"'],
  },
  {
    does: 'deploys all settings that a service of theirs has',
    text: pushed(
      `${CHECKOUT}${KEYLESS}
      - run: >-
          gcloud run deploy api --image gcr.io/acme/api:1 --region us-west1
          --service-account=run@acme.iam.gserviceaccount.com --cpu 2 --memory 1Gi --min-instances 1 --max-instances=5
          --concurrency 40 --timeout 5m --port 8000 --ingress internal --vpc-connector projects/acme/locations/us-west1/connectors/c
          --vpc-egress all --set-cloudsql-instances acme:us-west1:db --no-cpu-throttling --cpu-boost
          --set-env-vars "LOG=info,ENV=prod" --set-secrets "DB=db-url:latest,/run/key=key:3" --labels team=a,tier=b`,
    ),
    outcome: 'whole',
    steps: [
      [
        'deploy-cloud-run',
        {
          ...{
            runtime_service_account: 'run@acme.iam.gserviceaccount.com',
            cpu: 2,
            memory: '1Gi',
            min_instances: 1,
          },
          ...{ max_instances: 5, concurrency: 40, request_timeout: '5m', port: 8000, ingress: 'internal' },
          ...{
            vpc_egress: 'all-traffic',
            cloudsql_instances: 'acme:us-west1:db',
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
      - run: gcloud beta run deploy api --image gcr.io/acme/api:1 --region us-west1 --update-env-vars "^##^ORIGINS=https://a,https://b##KEY=\${{ secrets.KEY }}"`),
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
        with: { project_id: acme }
      - run: gcloud builds submit --quiet --tag "gcr.io/acme/api:$GITHUB_SHA" ./api
      - run: gcloud run deploy api --quiet --region us-west1 --image "gcr.io/acme/api:$GITHUB_SHA" --platform managed`,
    ),
    outcome: 'whole',
    steps: [
      ['build-and-push', { image: 'gcr.io/acme/api', context: 'api' }],
      ['deploy-cloud-run', { project_id: 'acme' }],
    ],
    says: ['The runner builds, and not Cloud Build'],
  },
  {
    does: 'builds with Cloud Build by a file, which stays',
    text: pushed(`${CHECKOUT}${KEYLESS}
      - run: gcloud builds submit --config cloudbuild.yaml --substitutions=_TAG=$GITHUB_SHA
      - run: gcloud run deploy api --region us-west1 --image gcr.io/acme/api:$GITHUB_SHA`),
    outcome: 'part',
    steps: [['deploy-cloud-run', { image: 'gcr.io/acme/api:${{ github.sha }}' }]],
    stays: ['builds by the steps of a file'],
    has: ['google-github-actions/auth@v2'],
  },
  {
    does: 'deploys from source that has a Dockerfile',
    text: pushed(`${CHECKOUT}${KEYLESS}
      - run: gcloud run deploy api --source ./api --region us-west1 --project acme --allow-unauthenticated`),
    files: ['api/Dockerfile'],
    outcome: 'whole',
    steps: [
      [
        'build-and-push',
        { image: 'us-west1-docker.pkg.dev/acme/cloud-run-source-deploy/api', context: 'api' },
      ],
      ['deploy-cloud-run', { image: '${{ steps.build.outputs.image }}', project_id: 'acme' }],
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
      - run: gcloud run deploy api --image gcr.io/acme/api:1 --region us-west1
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
    does: 'makes the repository unless it is there',
    text: pushed(`${CHECKOUT}${KEYLESS}
      - run: |
          gcloud artifacts repositories describe apis --location us-west1 ||
            gcloud artifacts repositories create apis --location us-west1 --repository-format docker
      - run: |
          docker build -t us-west1-docker.pkg.dev/acme/apis/api:1 . && docker push us-west1-docker.pkg.dev/acme/apis/api:1
      - run: gcloud run deploy api --image us-west1-docker.pkg.dev/acme/apis/api:1 --region us-west1`),
    outcome: 'whole',
    steps: [
      ['build-and-push', { tags: 1 }],
      ['deploy-cloud-run', {}],
    ],
    says: ['build-and-push creates the repository'],
  },
  {
    does: 'deploys in a condition of the shell, which stays',
    text: pushed(`${CHECKOUT}${KEYLESS}
      - run: |
          if [ "$GITHUB_REF_NAME" = main ]; then
            gcloud run deploy api --image gcr.io/acme/api:1 --region us-west1
          fi`),
    outcome: 'none',
    stays: ['in a condition, a loop or a function'],
  },
  {
    does: 'runs the image between build and push, so that both stay',
    text: pushed(`${CHECKOUT}${KEYLESS}
      - run: docker build -t gcr.io/acme/api:1 .
      - run: docker run --rm gcr.io/acme/api:1 pytest
      - run: docker push gcr.io/acme/api:1
      - run: gcloud run deploy api --image gcr.io/acme/api:1 --region us-west1`),
    outcome: 'part',
    steps: [['deploy-cloud-run', { image: 'gcr.io/acme/api:1' }]],
    stays: ['comes between the build and this push'],
  },
  {
    does: 'scans the image on the runner after the push, so that the build stays',
    text: pushed(`${CHECKOUT}${KEYLESS}
      - run: |
          docker build -t gcr.io/acme/api:1 .
          docker push gcr.io/acme/api:1
      - uses: aquasecurity/trivy-action@0.28.0
        with: { image-ref: 'gcr.io/acme/api:1' }
      - run: gcloud run deploy api --image gcr.io/acme/api:1 --region us-west1`),
    outcome: 'part',
    stays: ['looks at the image on the runner'],
    steps: [['deploy-cloud-run', { image: 'gcr.io/acme/api:1' }]],
  },
  {
    does: 'pushes to another registry too',
    text: pushed(`${CHECKOUT}${KEYLESS}
      - run: |
          docker build -t gcr.io/acme/api:1 -t ghcr.io/acme/api:1 .
          docker push gcr.io/acme/api:1
          docker push ghcr.io/acme/api:1`),
    outcome: 'none',
    stays: ['is no image of Artifact Registry'],
  },
  {
    does: 'deploys and runs a job, and moves traffic',
    text: pushed(`${CHECKOUT}${KEYLESS}
      - name: Migrate
        run: |
          gcloud run jobs deploy migrate --image gcr.io/acme/api:1 --region us-west1 --tasks 1 --max-retries 0
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
    does: 'deploys twice by a matrix, with a condition that is kept',
    text: pushed(
      `${CHECKOUT}${KEYLESS}
      - name: Push
        if: github.ref == 'refs/heads/main'
        working-directory: services/\${{ matrix.service }}
        run: |
          docker build -t "gcr.io/acme/\${{ matrix.service }}:$GITHUB_SHA" --build-arg VERSION=\${{ github.ref_name }} .
          docker push "gcr.io/acme/\${{ matrix.service }}:$GITHUB_SHA"
      - name: Deploy
        if: github.ref == 'refs/heads/main'
        run: gcloud run deploy \${{ matrix.service }} --image "gcr.io/acme/\${{ matrix.service }}:$GITHUB_SHA" --region us-west1`,
      { job: '    strategy:\n      matrix:\n        service: [a, b]' },
    ),
    outcome: 'whole',
    steps: [
      [
        'build-and-push',
        {
          image: 'gcr.io/acme/${{ matrix.service }}',
          context: 'services/${{ matrix.service }}',
          build_args: 'VERSION=${{ github.ref_name }}',
        },
      ],
      ['deploy-cloud-run', { service: '${{ matrix.service }}', image: '${{ steps.build.outputs.image }}' }],
    ],
    has: ["if: github.ref == 'refs/heads/main'"],
  },
  {
    does: 'signs in by a key file that the shell writes',
    text: pushed(`${CHECKOUT}
      - run: |
          echo "\${{ secrets.KEY }}" > /tmp/key.json
          gcloud auth activate-service-account --key-file=/tmp/key.json
          gcloud config set project acme
      - run: docker login -u _json_key -p "\${{ secrets.KEY }}" https://gcr.io
      - run: docker build -t gcr.io/acme/api:1 . && docker push gcr.io/acme/api:1
      - run: gcloud run deploy api --image gcr.io/acme/api:1 --region us-west1`),
    outcome: 'whole',
    steps: [
      ['build-and-push', { credentials_json: '${{ secrets.KEY }}' }],
      ['deploy-cloud-run', { project_id: 'acme', credentials_json: '${{ secrets.KEY }}' }],
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
          project_id: acme
      - run: gcloud auth configure-docker --quiet
      - run: docker build --tag "gcr.io/acme/api:$GITHUB_SHA" .
      - run: docker push "gcr.io/acme/api:$GITHUB_SHA"
      - run: |-
          gcloud run deploy "api" --quiet --region "us-west1" --image "gcr.io/acme/api:$GITHUB_SHA" --platform "managed" \\
            --set-env-vars=TOKEN=$TOKEN
        env: { TOKEN: '\${{ secrets.TOKEN }}' }`),
    outcome: 'whole',
    steps: [
      ['build-and-push', { credentials_json: '${{ secrets.KEY }}' }],
      ['deploy-cloud-run', { env_vars: 'TOKEN="""${{ secrets.TOKEN }}"""', project_id: 'acme' }],
    ],
  },
  {
    does: 'deploys a file, and looks at how it ended',
    text: pushed(`${CHECKOUT}${KEYLESS}
      - run: gcloud run services replace run/service.yaml --region us-west1
      - id: deploy
        continue-on-error: true
        run: gcloud run deploy api --image gcr.io/acme/api:1 --region us-west1
      - if: steps.deploy.outcome == 'failure'
        run: exit 1`),
    outcome: 'part',
    steps: [['deploy-cloud-run', { metadata: 'run/service.yaml', region: 'us-west1' }]],
    stays: ['another step looks at how it ended'],
  },
  {
    does: 'chooses the tag in a condition of the shell, and goes on with it',
    text: pushed(`${CHECKOUT}${KEYLESS}
      - run: |
          TAG=latest
          if [ "$GITHUB_REF_NAME" = main ]; then
            TAG=prod
          fi
          docker build -t "gcr.io/acme/api:$TAG" .
          docker push "gcr.io/acme/api:$TAG"
          gcloud run deploy api --image "gcr.io/acme/api:$TAG" --region us-west1
          ./announce.sh "$TAG"`),
    outcome: 'whole',
    steps: [
      ['build-and-push', { tags: 'type=raw,value=${{ steps.values.outputs.TAG }}' }],
      ['deploy-cloud-run', { image: '${{ steps.build.outputs.image }}' }],
    ],
    has: ['TAG=prod', 'echo "TAG=$TAG" >> "$GITHUB_OUTPUT"', 'TAG: ${{ steps.values.outputs.TAG }}'],
  },
  {
    does: 'writes a file by a here-document before it builds',
    text: pushed(`${CHECKOUT}${KEYLESS}
      - run: |
          cat > config.json <<EOF
          {"commit": "$GITHUB_SHA"}
          EOF
          docker build -t gcr.io/acme/api:1 .
          docker push gcr.io/acme/api:1`),
    outcome: 'whole',
    steps: [['build-and-push', {}]],
    has: ['cat > config.json <<EOF\n          {"commit": "$GITHUB_SHA"}\n          EOF\n'],
  },
  {
    does: 'takes variables from a file, which are handed on',
    text: pushed(`${CHECKOUT}${KEYLESS}
      - run: |
          source ./deploy.env
          gcloud run deploy "$SERVICE" --image gcr.io/acme/api:1 --region us-west1`),
    outcome: 'whole',
    steps: [['deploy-cloud-run', { service: '${{ steps.values.outputs.SERVICE }}' }]],
    has: ['source ./deploy.env\n          echo "SERVICE=$SERVICE" >> "$GITHUB_OUTPUT"'],
  },
  {
    does: 'has a function that later commands call, which stays',
    text: pushed(`${CHECKOUT}${KEYLESS}
      - run: |
          announce() { curl -d "$1" https://example.com; }
          announce begin
          gcloud run deploy api --image gcr.io/acme/api:1 --region us-west1
          announce end`),
    outcome: 'none',
    stays: ['prepares the shell for what comes later'],
  },
  {
    does: 'sets a variable twice, which stays',
    text: pushed(`${CHECKOUT}${KEYLESS}
      - run: |
          NAME=$(./name.sh a)
          gcloud run deploy "$NAME" --image gcr.io/acme/api:1 --region us-west1
          NAME=$(./name.sh b)
          gcloud run deploy "$NAME" --image gcr.io/acme/api:1 --region us-west1`),
    outcome: 'none',
    stays: ['NAME is set a second time'],
  },
  {
    does: 'tags between two pushes',
    text: pushed(`${CHECKOUT}${KEYLESS}
      - run: |
          docker build -t gcr.io/acme/api:1 .
          docker push gcr.io/acme/api:1
          docker tag gcr.io/acme/api:1 gcr.io/acme/api:latest
          docker push gcr.io/acme/api:latest`),
    outcome: 'whole',
    steps: [['build-and-push', { tags: '1\ntype=raw,value=latest\n' }]],
    hasNot: ['docker tag'],
  },
  {
    does: 'has an input that setup-gcloud does not know beside its key',
    text: pushed(
      `${CHECKOUT}
      - uses: google-github-actions/setup-gcloud@master
        with: { GCP_PROJECT_ID: acme, service_account_key: '\${{ secrets.KEY }}' }
      - run: DOCKER_BUILDKIT=1 docker build . -t $NAME
      - run: docker push $NAME
      - run: |
          gcloud run deploy api --image $NAME --region us-west1
          ./announce.sh`,
      { env: '  NAME: eu.gcr.io/acme/api' },
    ),
    outcome: 'whole',
    steps: [
      ['build-and-push', { image: '${{ env.NAME }}', credentials_json: '${{ secrets.KEY }}' }],
      ['deploy-cloud-run', { image: '${{ steps.build.outputs.image }}' }],
    ],
    has: ['run: ./announce.sh', 'service_account_key'],
  },
  {
    does: 'says where the service is, and what it did',
    text: pushed(`${CHECKOUT}${KEYLESS}
      - run: |
          echo "Deploying"
          gcloud run deploy api --image gcr.io/acme/api:1 --region us-west1
      - run: |
          URL=$(gcloud run services describe api --region us-west1 --format='value(status.url)')
          echo "It is at $URL"`),
    outcome: 'whole',
    steps: [['deploy-cloud-run', {}]],
    says: ['a message about what went with it', 'the step that deploys says the URL'],
    hasNot: ['echo'],
  },
  {
    does: 'has a flag that nobody here knows',
    text: pushed(`${CHECKOUT}${KEYLESS}
      - run: gcloud run deploy api --image gcr.io/acme/api:1 --region us-west1 --startup-cpu-boost`),
    outcome: 'none',
    stays: ['--startup-cpu-boost is not known here'],
  },
  {
    does: 'adds to lists that only Google knows',
    text: pushed(`${CHECKOUT}${KEYLESS}
      - run: gcloud run deploy api --image gcr.io/acme/api:1 --region us-west1 --add-cloudsql-instances acme:us-west1:db`),
    outcome: 'none',
    stays: ['write the whole list'],
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
      { env: '  PROJECT: acme' },
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
      - run: docker build -t gcr.io/acme/api:1 . && docker push gcr.io/acme/api:1
      - uses: google-github-actions/get-gke-credentials@v2
        with: { cluster_name: main, location: us-west1 }
      - run: kubectl set image deployment/api api=gcr.io/acme/api:1`),
    outcome: 'part',
    steps: [['build-and-push', {}]],
    stays: ['no action here deploys there', 'no action here deploys to Kubernetes'],
    has: ['google-github-actions/auth@v2'],
  },
];
