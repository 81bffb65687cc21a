import { type Case, CHECKOUT, KEYLESS, pushed } from './case.ts';

/** Scripts that find something out, choose, and go on with it. */
export const SCRIPT_CASES: readonly Case[] = [
  {
    does: 'names the image by the time, which a step hands on',
    text: pushed(`${CHECKOUT}${KEYLESS}
      - name: Release
        run: |
          set -euo pipefail
          STAMP=$(date -u +%Y%m%d-%H%M)
          docker build -t "gcr.io/acme-shop/api:v-\${STAMP}" .
          docker push "gcr.io/acme-shop/api:v-\${STAMP}"
          gcloud run deploy api --image "gcr.io/acme-shop/api:v-\${STAMP}" --region us-west1`),
    outcome: 'whole',
    steps: [
      ['build-and-push', { tags: 'v-${{ steps.values.outputs.STAMP }}' }],
      ['deploy-cloud-run', { service: 'api' }],
    ],
    has: ['STAMP=$(date -u +%Y%m%d-%H%M)\n', 'echo "STAMP=$STAMP" >> "$GITHUB_OUTPUT"'],
  },
  {
    does: 'makes the repository unless it is there',
    text: pushed(`${CHECKOUT}${KEYLESS}
      - run: |
          gcloud artifacts repositories describe apis --location us-west1 ||
            gcloud artifacts repositories create apis --location us-west1 --repository-format docker
      - run: |
          docker build -t us-west1-docker.pkg.dev/acme-shop/apis/api:1 . && docker push us-west1-docker.pkg.dev/acme-shop/apis/api:1
      - run: gcloud run deploy api --image us-west1-docker.pkg.dev/acme-shop/apis/api:1 --region us-west1`),
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
            gcloud run deploy api --image gcr.io/acme-shop/api:1 --region us-west1
          fi`),
    outcome: 'none',
    stays: ['in a condition, a loop or a function'],
  },
  {
    does: 'chooses the tag in a condition of the shell, and goes on with it',
    text: pushed(`${CHECKOUT}${KEYLESS}
      - run: |
          TAG=latest
          if [ "$GITHUB_REF_NAME" = main ]; then
            TAG=prod
          fi
          docker build -t "gcr.io/acme-shop/api:$TAG" .
          docker push "gcr.io/acme-shop/api:$TAG"
          gcloud run deploy api --image "gcr.io/acme-shop/api:$TAG" --region us-west1
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
          docker build -t gcr.io/acme-shop/api:1 .
          docker push gcr.io/acme-shop/api:1`),
    outcome: 'whole',
    steps: [['build-and-push', {}]],
    has: ['cat > config.json <<EOF\n          {"commit": "$GITHUB_SHA"}\n          EOF\n'],
  },
  {
    does: 'takes variables from a file, which are handed on',
    text: pushed(`${CHECKOUT}${KEYLESS}
      - run: |
          source ./deploy.env
          gcloud run deploy "$SERVICE" --image gcr.io/acme-shop/api:1 --region us-west1`),
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
          gcloud run deploy api --image gcr.io/acme-shop/api:1 --region us-west1
          announce end`),
    outcome: 'none',
    stays: ['prepares the shell for what comes later'],
  },
  {
    does: 'sets a variable twice, which stays',
    text: pushed(`${CHECKOUT}${KEYLESS}
      - run: |
          NAME=$(./name.sh a)
          gcloud run deploy "$NAME" --image gcr.io/acme-shop/api:1 --region us-west1
          NAME=$(./name.sh b)
          gcloud run deploy "$NAME" --image gcr.io/acme-shop/api:1 --region us-west1`),
    outcome: 'none',
    stays: ['NAME is set a second time'],
  },
  {
    does: 'says where the service is, and what it did',
    text: pushed(`${CHECKOUT}${KEYLESS}
      - run: |
          echo "Deploying"
          gcloud run deploy api --image gcr.io/acme-shop/api:1 --region us-west1
      - run: |
          URL=$(gcloud run services describe api --region us-west1 --format='value(status.url)')
          echo "It is at $URL"`),
    outcome: 'whole',
    steps: [['deploy-cloud-run', {}]],
    says: ['a message about what went with it', 'the step that deploys says the URL'],
    hasNot: ['echo'],
  },
  {
    does: 'deploys twice by a matrix, with a condition that is kept',
    text: pushed(
      `${CHECKOUT}${KEYLESS}
      - name: Push
        if: github.ref == 'refs/heads/main'
        working-directory: services/\${{ matrix.service }}
        run: |
          docker build -t "gcr.io/acme-shop/\${{ matrix.service }}:$GITHUB_SHA" --build-arg VERSION=\${{ github.ref_name }} .
          docker push "gcr.io/acme-shop/\${{ matrix.service }}:$GITHUB_SHA"
      - name: Deploy
        if: github.ref == 'refs/heads/main'
        run: gcloud run deploy \${{ matrix.service }} --image "gcr.io/acme-shop/\${{ matrix.service }}:$GITHUB_SHA" --region us-west1`,
      { job: '    strategy:\n      matrix:\n        service: [a, b]' },
    ),
    outcome: 'whole',
    steps: [
      [
        'build-and-push',
        {
          image: 'gcr.io/acme-shop/${{ matrix.service }}',
          context: 'services/${{ matrix.service }}',
          build_args: 'VERSION=${{ github.ref_name }}',
        },
      ],
      ['deploy-cloud-run', { service: '${{ matrix.service }}', image: '${{ steps.build.outputs.image }}' }],
    ],
    has: ["if: github.ref == 'refs/heads/main'"],
  },
  {
    does: 'writes its output after the deploy, which the job hands on',
    text: pushed(
      `${CHECKOUT}${KEYLESS}
      - id: release
        run: |
          ./prepare.sh
          gcloud run deploy api --image gcr.io/acme-shop/api:1 --region us-west1
          echo "version=$(./version.sh)" >> "$GITHUB_OUTPUT"`,
      { job: '    outputs:\n      version: ${{ steps.release.outputs.version }}' },
    ),
    outcome: 'whole',
    steps: [['deploy-cloud-run', {}]],
    has: [
      'run: ./prepare.sh',
      '      - id: release\n        run: echo "version=$(./version.sh)" >> "$GITHUB_OUTPUT"',
    ],
  },
  {
    does: 'finds out two things in two places, which stays',
    text: pushed(`${CHECKOUT}${KEYLESS}
      - run: |
          A=$(./name.sh a)
          gcloud run deploy "$A" --image gcr.io/acme-shop/api:1 --region us-west1
          B=$(./name.sh b)
          gcloud run deploy "$B" --image gcr.io/acme-shop/api:1 --region us-west1`),
    outcome: 'none',
    stays: ['its outputs would come from two steps'],
  },
  {
    does: 'exports variables for programs before and after the deploy',
    text: pushed(`${CHECKOUT}${KEYLESS}
      - run: |
          export MODE=prod
          export STAMP=$(date +%s)
          gcloud run deploy api --image gcr.io/acme-shop/api:1 --region us-west1
          ./after.sh`),
    outcome: 'whole',
    steps: [['deploy-cloud-run', {}]],
    has: ['export MODE=prod\n          ./after.sh', 'STAMP: ${{ steps.values.outputs.STAMP }}'],
  },
  {
    does: 'goes into folders before it builds',
    text: pushed(`${CHECKOUT}${KEYLESS}
      - run: |
          cd services
          cd \${{ matrix.part }}
          docker build -t gcr.io/acme-shop/api:1 -f ../Dockerfile "$GITHUB_WORKSPACE/services"
          docker push gcr.io/acme-shop/api:1
      - run: |
          cd "$(git rev-parse --show-toplevel)/web"
          docker build -t gcr.io/acme-shop/web:1 .
          docker push gcr.io/acme-shop/web:1`),
    outcome: 'part',
    steps: [['build-and-push', { context: 'services', file: 'services/${{ matrix.part }}/../Dockerfile' }]],
    stays: ['the folder that the shell is in is only known when the step runs'],
  },
];
