import { type Case, CHECKOUT, KEYLESS, pushed } from './case.ts';

/** `docker build`, `tag` and `push`, and `gcloud builds submit`, in scripts. */
export const IMAGE_CASES: readonly Case[] = [
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
          docker tag web gcr.io/acme-shop/web:latest
          docker tag web gcr.io/acme-shop/web:\${{ github.run_number }}
      - name: Push
        run: |
          docker push gcr.io/acme-shop/web:latest
          docker push gcr.io/acme-shop/web:\${{ github.run_number }}
      - run: gcloud run deploy web --image=gcr.io/acme-shop/web:\${{ github.run_number }} --region=europe-west1 --memory=512Mi`,
    ),
    outcome: 'whole',
    steps: [
      [
        'build-and-push',
        {
          image: 'gcr.io/acme-shop/web',
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
          URI="us-docker.pkg.dev/acme-shop/apis/shop:\${{ github.sha }}"
          docker build -t "$URI" .
          docker push "$URI"
          echo "image_uri=$URI" >> "$GITHUB_OUTPUT"
  deploy:
    needs: build
    runs-on: ubuntu-latest
    steps:
${KEYLESS}      - run: gcloud run deploy shop --region us-east1 --image "\${{ needs.build.outputs.image }}" --project acme-shop
`,
    outcome: 'whole',
    steps: [
      ['build-and-push', { image: 'us-docker.pkg.dev/acme-shop/apis/shop' }],
      ['deploy-cloud-run', { image: '${{ needs.build.outputs.image }}', project_id: 'acme-shop' }],
    ],
    has: [
      'echo "image_uri=$URI" >> "$GITHUB_OUTPUT"',
      'URI="us-docker.pkg.dev/acme-shop/apis/shop:${{ github.sha }}"',
    ],
  },
  {
    does: 'names the image by the short commit',
    text: pushed(`${CHECKOUT}${KEYLESS}
      - run: |
          TAG=$(git rev-parse --short HEAD)
          docker build -t gcr.io/acme-shop/api:$TAG .
          docker push gcr.io/acme-shop/api:$TAG
          gcloud run deploy api --image gcr.io/acme-shop/api:$TAG --region us-west1`),
    outcome: 'whole',
    steps: [
      ['build-and-push', { tags: 'short-sha' }],
      ['deploy-cloud-run', { image: '${{ steps.build.outputs.image }}' }],
    ],
  },
  {
    does: 'runs the image between build and push, so that both stay',
    text: pushed(`${CHECKOUT}${KEYLESS}
      - run: docker build -t gcr.io/acme-shop/api:1 .
      - run: docker run --rm gcr.io/acme-shop/api:1 pytest
      - run: docker push gcr.io/acme-shop/api:1
      - run: gcloud run deploy api --image gcr.io/acme-shop/api:1 --region us-west1`),
    outcome: 'part',
    steps: [['deploy-cloud-run', { image: 'gcr.io/acme-shop/api:1' }]],
    stays: ['comes between the build and this push'],
  },
  {
    does: 'scans the image on the runner after the push, so that the build stays',
    text: pushed(`${CHECKOUT}${KEYLESS}
      - run: |
          docker build -t gcr.io/acme-shop/api:1 .
          docker push gcr.io/acme-shop/api:1
      - uses: aquasecurity/trivy-action@0.28.0
        with: { image-ref: 'gcr.io/acme-shop/api:1' }
      - run: gcloud run deploy api --image gcr.io/acme-shop/api:1 --region us-west1`),
    outcome: 'part',
    stays: ['looks at the image on the runner'],
    steps: [['deploy-cloud-run', { image: 'gcr.io/acme-shop/api:1' }]],
  },
  {
    does: 'pushes to another registry too',
    text: pushed(`${CHECKOUT}${KEYLESS}
      - run: |
          docker build -t gcr.io/acme-shop/api:1 -t ghcr.io/acme-shop/api:1 .
          docker push gcr.io/acme-shop/api:1
          docker push ghcr.io/acme-shop/api:1`),
    outcome: 'none',
    stays: ['is no image of Artifact Registry'],
  },
  {
    does: 'tags between two pushes',
    text: pushed(`${CHECKOUT}${KEYLESS}
      - run: |
          docker build -t gcr.io/acme-shop/api:1 .
          docker push gcr.io/acme-shop/api:1
          docker tag gcr.io/acme-shop/api:1 gcr.io/acme-shop/api:latest
          docker push gcr.io/acme-shop/api:latest`),
    outcome: 'whole',
    steps: [['build-and-push', { tags: '1\ntype=raw,value=latest\n' }]],
    hasNot: ['docker tag'],
  },
];
