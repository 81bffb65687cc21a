/**
 * Public workflows that deploy to Google Cloud and that one call of a reusable workflow replaces: what they do, and the call. What started them (`on`), and jobs of
 * tests before them, stay the caller's own.
 */
export interface Replaced {
  readonly repository: string;
  /** Below .github/workflows. */
  readonly file: string;
  readonly commit: string;
  readonly does: string;
  /** The reusable workflow that takes its place. */
  readonly workflow: string;
  readonly with: Readonly<Record<string, string | boolean>>;
  readonly secrets: Readonly<Record<string, string>>;
  /** What a matrix goes over. */
  readonly matrix?: Readonly<Record<string, readonly string[]>>;
  /** The job before, which tests or makes an artifact. */
  readonly needs?: string;
}

/** One that no call replaces, and what is missing. */
export interface NotReplaced extends Pick<Replaced, 'repository' | 'file' | 'commit'> {
  readonly why: string;
}

const RUN = 'deploy-cloud-run.yml';

/** Ids that the workflow keeps in secrets: a call takes them from variables, as `with` knows no secrets. */
const PROJECT = '${{ vars.GCP_PROJECT_ID }}';
const PUBLIC = { invokers: 'allUsers' };

function federation(provider: string, account: string): Record<string, string> {
  return {
    workload_identity_provider: `\${{ vars.${provider} }}`,
    service_account: `\${{ vars.${account} }}`,
  };
}

function key(secret: string): Record<string, string> {
  return { credentials_json: `\${{ secrets.${secret} }}` };
}

/** Variables with the values of secrets, one per line. @param names `NAME`, or `NAME=SECRET` */
function fromSecrets(...names: readonly string[]): Record<string, string> {
  const lines = names.map((pair) => {
    const [name, secret = name] = pair.split('=');
    return `${name}=\${{ secrets.${secret} }}\n`;
  });
  return { secret_env_vars: lines.join('') };
}

export const REPLACED: readonly Replaced[] = [
  {
    repository: 'BuildCanada/OutcomeTracker',
    file: 'deploy-cloud-run.yml',
    commit: '0a71f1f3bbf094619c803580fd8c79240a9b71c6',
    does: 'creates the repository, builds, deploys a public service with settings, and requests it',
    workflow: RUN,
    with: {
      ...{ project_id: 'promisetrackerapp', region: 'us-central1', service: 'promise-tracker-pipeline' },
      ...{ repository: 'promise-tracker', memory: '2Gi', cpu: '2', concurrency: '10', max_instances: '5' },
      ...{
        request_timeout: '3600s',
        check_url: '/',
        ...PUBLIC,
        ...federation('WIF_PROVIDER', 'WIF_SERVICE_ACCOUNT'),
      },
      env_vars: 'PYTHONPATH=/app\nENVIRONMENT=production\nGITHUB_SHA=${{ github.sha }}\n',
    },
    secrets: {},
  },
  {
    repository: 'CognitiveOS-Project/registry-server',
    file: 'deploy-cloud-run.yml',
    commit: 'a39abdef7cb3e61f167e3deb665a6604b759f1dd',
    does: 'builds to gcr.io with a key, deploys a public service with variables from secrets, and requests its health check',
    workflow: RUN,
    with: {
      ...{ project_id: PROJECT, region: 'us-central1', service: 'registry-server' },
      ...{
        image_name: `gcr.io/${PROJECT}/registry-server`,
        min_instances: '0',
        max_instances: '10',
        port: '8080',
      },
      ...{ memory: '512Mi', cpu: '1', concurrency: '80', request_timeout: '300s', ...PUBLIC },
      ...{ env_vars: 'S3_REGION=auto', check_url: '/v1/health' },
    },
    secrets: {
      ...key('GCP_SA_KEY'),
      ...fromSecrets(
        ...['S3_ENDPOINT=R2_ENDPOINT', 'S3_BUCKET=R2_BUCKET', 'S3_ACCESS_KEY=R2_ACCESS_KEY'],
        ...['S3_SECRET_KEY=R2_SECRET_KEY', 'BASE_DOMAIN'],
      ),
    },
  },
  {
    repository: 'kou7306/jphacks_backend',
    file: 'cloudrun.yml',
    commit: '120e6588ceafc4d9b56c6955a3c556755cbcdb73',
    does: 'builds to a repository in another region, deploys a public service with a database URL from a secret',
    workflow: RUN,
    with: {
      ...{ project_id: '${{ vars.PROJECT_ID }}', region: 'us-west1', service: 'jphacks-backend', ...PUBLIC },
      ...{ repository: 'jphacks-backend', repository_location: 'asia-northeast1' },
    },
    secrets: { ...key('GCP_SA_KEY'), ...fromSecrets('DATABASE_URL', 'DIRECT_URL') },
  },
  {
    repository: 'fgosc/fgosccalc',
    file: 'cloudrun.yml',
    commit: 'b37ae890cf353581f03c738d9af4319775629b97',
    does: 'checks out submodules, writes a file before the build, builds with Cloud Build, deploys a public service',
    workflow: RUN,
    with: {
      ...{ project_id: 'fgosccalc', region: 'asia-northeast1', service: 'fgosccalc', ...PUBLIC },
      ...{ image_name: 'gcr.io/fgosccalc/fgosccalc', submodules: 'true' },
      prepare_command: 'git log -1 > static/version',
    },
    secrets: key('GCLOUD_AUTH'),
  },
  {
    repository: 'starful/starful.net',
    file: 'cloudrun.yml',
    commit: '0ad36ce59bcae8b01bd3dd64ccf77a5654ad098c',
    does: 'builds and deploys a public site with the tag latest',
    workflow: RUN,
    with: {
      ...{ project_id: '${{ vars.GCP_PROJECT }}', region: '${{ vars.GCP_REGION }}', service: 'starful-site' },
      ...{ repository: 'cloud-run-source-deploy', repository_location: 'asia-northeast1', ...PUBLIC },
    },
    secrets: key('GCP_SA_KEY'),
  },
  {
    repository: 'jharlap/good-day-app',
    file: 'cloudrun.yml',
    commit: '0383c632bc900036cc49ed2d78a73cfa4f4a8e8c',
    does: 'deploys in an environment, with Secret Manager secrets (invalid as it stands: a step has no environment)',
    workflow: RUN,
    with: {
      ...{ project_id: '${{ vars.GCP_PROJECT }}', region: 'us-central1', service: 'good-day-app' },
      ...{ image_name: 'gcr.io/${{ vars.GCP_PROJECT }}/good-day-app', environment: 'production' },
      env_vars: 'DATABASE_DSN=root@tcp(127.0.0.1:3306)/good-day',
      service_secrets:
        'SLACK_BOT_TOKEN=slack-bot-token:latest\nSLACK_SIGNING_SECRET=slack-signing-secret:latest\n',
    },
    secrets: key('GCP_SA_KEY'),
  },
  {
    repository: 'omeryldzk/sportsapi',
    file: 'cloudrun.yml',
    commit: '388f8a33c8d28932810614f25ae7e3f4c1d030aa',
    does: 'builds with Maven in an earlier job, copies its artifact into the image, deploys a public service',
    workflow: RUN,
    needs: 'build',
    with: {
      ...{ project_id: PROJECT, region: 'us-central1', service: 'footballapi', ...PUBLIC },
      ...{ image_name: `gcr.io/${PROJECT}/footballapi`, artifact: 'build', artifact_path: '.docker/build' },
    },
    secrets: key('GCP_SA_KEY'),
  },
  {
    repository: 'danielhendel/oli',
    file: 'cloudrun.yml',
    commit: 'f00a208333184c89c0f1a4668c9b6ca786490fa4',
    does: 'builds a subdirectory with Cloud Build, deploys, and merges variables from secrets into the existing ones',
    workflow: RUN,
    with: {
      ...{
        project_id: '${{ vars.GOOGLE_PROJECT_ID }}',
        region: '${{ vars.GOOGLE_REGION }}',
        service: 'oli-cloudrun',
      },
      ...{ image_name: 'gcr.io/${{ vars.GOOGLE_PROJECT_ID }}/oli-cloudrun', context: 'cloudrun', ...PUBLIC },
      env_vars_update_strategy: 'merge',
    },
    secrets: {
      ...key('GCP_SA_KEY'),
      ...fromSecrets(
        ...[
          'BACKEND_BASE_URL',
          'FRONTEND_REDIRECT',
          'JWT_STATE_SECRET',
          'OURA_CLIENT_ID',
          'OURA_CLIENT_SECRET',
        ],
        ...['WITHINGS_CLIENT_ID', 'WITHINGS_CLIENT_SECRET'],
      ),
    },
  },
  {
    repository: 'WindsorMacmillan/SevenZipBackup',
    file: 'cloudrun.yml',
    commit: '69d6472c0140b65870d295835e2ac58374808750',
    does: 'builds and deploys a subdirectory, and leaves the callers unchanged',
    workflow: RUN,
    with: {
      ...{ project_id: 'drivebackup-276620', region: 'us-central1', service: 'authenticator' },
      ...{ image_name: 'gcr.io/drivebackup-276620/authenticator', context: './Authenticator' },
    },
    secrets: key('GCP_SA_KEY'),
  },
  {
    repository: 'lalelisealstad/data-job-dash',
    file: 'cloudrun.yml',
    commit: '5494cba4bb03b58754063691c7c562563ebe9cf1',
    does: 'builds with a build argument, deploys with deploy-cloudrun and inputs that it does not have',
    workflow: RUN,
    with: {
      ...{ project_id: 'mybookdashboard', region: 'europe-north1', service: 'job-dashboard', ...PUBLIC },
      ...{ image_name: 'gcr.io/mybookdashboard/job-dash', tags: 'latest', build_args: 'HTTP_PORT=8080' },
      env_vars: 'FOO=bar\nZIP=zap\n',
    },
    secrets: key('GCP_SA_KEY'),
  },
  {
    repository: 'DailyOPIc/DailyOPIc-BE',
    file: 'deploy-cloud-run.yml',
    commit: '0e146076bfb43879c7ff2682359884d7054b12d9',
    does: 'after tests, deploys without traffic under a tag, requests the health check there, then moves the traffic',
    workflow: RUN,
    needs: 'test',
    with: {
      ...{ project_id: PROJECT, region: '${{ vars.GCP_REGION }}', service: '${{ vars.CLOUD_RUN_SERVICE }}' },
      ...{
        repository: '${{ vars.ARTIFACT_REGISTRY_REPOSITORY }}',
        tags: 'sha-${{ github.sha }}',
        check_url: '/health',
      },
      runtime_service_account: 'dailyopic-cloudrun@opicmobile-45cd5.iam.gserviceaccount.com',
      ...federation('GCP_WORKLOAD_IDENTITY_PROVIDER', 'GCP_DEPLOY_SERVICE_ACCOUNT'),
    },
    secrets: {},
  },
  {
    repository: '1EdTech/openbadges-specification',
    file: 'deploy-cloud-run.yml',
    commit: '05da66fc26301f0ebc9466aa28a4ee193279334c',
    does: 'checks out a chosen branch, builds for a platform with buildx, deploys with flags, a probe and an ingress',
    workflow: RUN,
    with: {
      ...{ project_id: PROJECT, region: '${{ vars.GCP_REGION }}', service: '${{ vars.CLOUD_RUN_SERVICE }}' },
      image_name: `\${{ vars.GCP_REGION }}-docker.pkg.dev/${PROJECT}/\${{ vars.ARTIFACT_REPO }}/\${{ vars.IMAGE_NAME }}`,
      ...{ ref: '${{ github.event.inputs.branch || github.ref }}', buildx: true, platforms: 'linux/amd64' },
      ...{ build_args: 'ASTRO_BASE_PATH=${{ vars.PATH }}', ...PUBLIC, port: '4321', memory: '1Gi' },
      ...{ ingress: 'internal-and-cloud-load-balancing', request_timeout: '60s', min_instances: '1' },
      startup_probe: 'initialDelaySeconds=10,timeoutSeconds=10,periodSeconds=120,failureThreshold=10',
      env_vars:
        'ASTRO_BASE_PATH=${{ vars.PATH }}\nAUTH0_DOMAIN=${{ vars.AUTH0_DOMAIN }}\nAUTH0_CLIENT_ID=${{ vars.AUTH0_CLIENT_ID }}\nAUTH0_AUDIENCE=${{ vars.AUTH0_AUDIENCE }}\nAUTH_REDIRECT_URI=${{ vars.AUTH_REDIRECT_URI }}\nAUTH_POST_LOGIN_REDIRECT=${{ vars.AUTH_POST_LOGIN_REDIRECT }}\n',
    },
    secrets: {
      ...key('GOOGLE_CREDENTIALS'),
      ...fromSecrets('AUTH0_CLIENT_SECRET', 'AUTH_COOKIE_SECRET', 'MPS_API_KEY'),
    },
  },
  {
    repository: 'AmineMokhtari/odata-gateway-bq',
    file: 'deploy-cloud-run.yml',
    commit: '99de9aadbd87f4e66755fd074f846cad7d59c64b',
    does: 'after tests, builds and deploys two public services of one repository',
    workflow: RUN,
    needs: 'test',
    matrix: { part: ['backend', 'frontend'] },
    with: {
      ...{ project_id: PROJECT, region: 'us-central1', service: 'odata-bq-${{ matrix.part }}', ...PUBLIC },
      ...{
        image_name: `gcr.io/${PROJECT}/odata-bq-\${{ matrix.part }}`,
        file: '${{ matrix.part }}/Dockerfile',
      },
    },
    secrets: key('GCP_SA_KEY'),
  },
  {
    repository: 'BIMS-Tech/giyapay-headless-cms',
    file: 'deploy-cloud-run.yml',
    commit: 'cffe9bf35e49c3c4faff635446020825551eb524',
    does: 'builds with a build argument and two tags, deploys a public service with variables from secrets',
    workflow: RUN,
    with: {
      ...{
        project_id: 'giyapay-qr-test',
        region: 'europe-west1',
        service: 'giyapay-headless-cms',
        ...PUBLIC,
      },
      ...{
        image_name: 'gcr.io/giyapay-qr-test/giyapay-headless-cms',
        build_args: 'NEXT_TELEMETRY_DISABLED=1',
      },
      ...{ memory: '2Gi', cpu: '2', max_instances: '10' },
      env_vars: 'NODE_ENV=production\nNEXT_TELEMETRY_DISABLED=1\n',
    },
    secrets: {
      ...key('GCP_SA_KEY'),
      ...fromSecrets(
        ...['CONTENTFUL_SPACE_ID', 'CONTENTFUL_ACCESS_TOKEN', 'CONTENTFUL_PREVIEW_ACCESS_TOKEN'],
        ...['CONTENTFUL_SPACE_ENVIRONMENT', 'NEXT_PUBLIC_BASE_URL'],
      ),
    },
  },
  {
    repository: 'fielddaylab/fielddaysite',
    file: 'cloudrun.yml',
    commit: '0fae8de1250089ccb9129e52a7e16986bcc252c9',
    does: 'deploys a site from its Dockerfile with the input source, keyless, with flags',
    workflow: RUN,
    with: {
      ...{
        project_id: PROJECT,
        region: '${{ vars.GCP_REGION }}',
        service: 'fielddaysite-staging',
        ...PUBLIC,
      },
      ...{ repository: 'cloud-run-source-deploy', min_instances: '0', max_instances: '3', memory: '512Mi' },
      ...federation('GCP_WIF_PROVIDER', 'GCP_DEPLOY_SERVICE_ACCOUNT'),
    },
    secrets: {},
  },
  {
    repository: 'FocusNestProject/focusnest-services',
    file: 'deploy-gateway.yml',
    commit: 'fb930ea656d416a35abaa9dee28a7c1de26d2572',
    does: 'one of several services of a repository, with its own Dockerfile, variables and secret variables',
    workflow: RUN,
    with: {
      ...{ project_id: PROJECT, region: '${{ vars.GCP_REGION }}', service: 'gateway-api', ...PUBLIC },
      ...{ repository: 'focusnest', file: 'gateway-api/Dockerfile', port: '8080' },
      env_vars:
        'AUTH_MODE=clerk\nACTIVITY_SERVICE_URL=${{ vars.ACTIVITY_SERVICE_URL }}\nUSER_SERVICE_URL=${{ vars.USER_SERVICE_URL }}\nSESSION_SERVICE_URL=${{ vars.SESSION_SERVICE_URL }}\nMEDIA_SERVICE_URL=${{ vars.MEDIA_SERVICE_URL }}\nANALYTICS_SERVICE_URL=${{ vars.ANALYTICS_SERVICE_URL }}\nWEBHOOK_SERVICE_URL=${{ vars.WEBHOOK_SERVICE_URL }}\n',
      ...federation('GCP_WORKLOAD_IDENTITY_PROVIDER', 'GCP_SERVICE_ACCOUNT_EMAIL'),
    },
    secrets: fromSecrets('CLERK_JWKS_URL', 'CLERK_AUDIENCE', 'CLERK_ISSUER'),
  },
  {
    repository: 'everydaystudy/golf-db-loader',
    file: 'deploy-cloud-run-job.yml',
    commit: '39f57ed524bd903bcd7c6ed132109954674f85ad',
    does: 'creates or updates a job, and runs it when started by hand',
    workflow: RUN,
    with: {
      ...{ project_id: 'buoyant-ability-465005-d7', region: 'us-central1', job: 'golf-loader-all' },
      image_name: 'us-central1-docker.pkg.dev/buoyant-ability-465005-d7/golf-db-loader/golf-loader',
      execute: "${{ github.event_name == 'workflow_dispatch' }}",
    },
    secrets: key('GCP_SA_KEY'),
  },
  {
    repository: 'histopathai/image-processing-service',
    file: 'deploy-cloud-run-job.yml',
    commit: '19d09895cfe72634f389cd2a8f74493ebb73e653',
    does: 'deploys a job with tasks, retries and resources, and runs it on one branch',
    workflow: RUN,
    with: {
      ...{ project_id: PROJECT, region: '${{ vars.GCP_REGION }}', job: 'image-processing-service' },
      ...{
        repository: 'histopath-docker-repo',
        max_retries: '3',
        request_timeout: '3600s',
        parallelism: '1',
      },
      ...{ tasks: '1', cpu: '4', memory: '8Gi', execution_environment: 'gen2' },
      env_vars: `APP_ENV=PROD\nPROJECT_ID=${PROJECT}\nINPUT_MOUNT_PATH=/mnt/input\nOUTPUT_MOUNT_PATH=/mnt/output\nLOG_LEVEL=INFO\nLOG_FORMAT=json\nTILE_SIZE=256\nOVERLAP=0\nQUALITY=85\nDZI_LAYOUT=dz\nDZI_SUFFIX=jpeg\nTHUMBNAIL_SIZE=256\nTHUMBNAIL_QUALITY=90\n`,
      execute: "${{ github.ref == 'refs/heads/develop' }}",
    },
    secrets: {
      ...key('GCP_SA_KEY'),
      ...fromSecrets(
        ...['GCS_ORIGINAL_BUCKET_NAME', 'GCS_PROCESSED_BUCKET_NAME'],
        ...['IMAGE_PROCESSING_SUB_ID=GCP_IMAGE_PROCESSING_SUB_ID'],
        'IMAGE_PROCESS_RESULT_TOPIC_ID=GCP_IMAGE_PROCESS_RESULT_TOPIC_ID',
      ),
    },
  },
  {
    repository: 'Ch3w3y/gcp_data_science',
    file: 'deploy-job.yml',
    commit: '3ce8617eef00b4aa7aa3b0f1934b8ac475434f39',
    does: 'deploys a job with a bucket as a volume, and runs it on a schedule',
    workflow: RUN,
    with: {
      ...{ project_id: 'smart-shoreline-484407-p2', region: 'europe-west2', job: 'trud-data-pipeline' },
      image_name: 'europe-west2-docker.pkg.dev/smart-shoreline-484407-p2/rpydatasci/pipeline-image',
      ...{ tasks: '1', max_retries: '1', request_timeout: '60m', execution_environment: 'gen2' },
      volumes: 'name=gcs-volume,type=cloud-storage,bucket=r-projects-test,mount-path=/mnt/gcs',
      env_vars: 'BQ_DATASET_ID=trud_data\nGCS_MOUNT_PATH=/mnt/gcs\n',
      execute: "${{ github.event_name != 'push' }}",
    },
    secrets: { ...key('GCP_CREDENTIALS'), ...fromSecrets('TRUD_API_KEY') },
  },
];

export const NOT_REPLACED: readonly NotReplaced[] = [
  {
    repository: 'CT2689-Tech/DeclutrMail',
    file: 'deploy-cloud-run.yml',
    commit: '056b220b316fd0a53bb976efb61fd9e16ab4dd66',
    why: 'two services run one image with different commands. Use two calls, and set `image` of the second to the output `image` of the first',
  },
  {
    repository: 'goodlittlescript/gcp-django',
    file: 'cloudrun.yml',
    commit: '1e3359fe74058b97437565a2d363012f7a83bde3',
    why: 'the settings are in a file of gcloud flags (`--flags-file`). Turn them into inputs first',
  },
  {
    repository: 'prauc/rauchfuss.io',
    file: 'cloudrun.yml',
    commit: '1c532cb259acac1d825a5acd7b70ce710fd4e6c7',
    why: 'tests run in the built image before it is pushed: there is no step between build and push',
  },
  {
    repository: 'BramAlkema/svg2ooxml',
    file: 'deploy-cloud-run.yml',
    commit: '13c11984f14c38f72f80a13cb5b352485cc63573',
    why: 'cloudbuild.yaml defines what is built and deployed. Turn its steps into inputs first',
  },
  {
    repository: 'miketo-combany/sangxanh-be',
    file: 'cloudrun.yml',
    commit: '07606805438741fef135acd0f1172fc849356df5',
    why: 'it runs the container on a virtual machine over SSH, despite its name',
  },
  {
    repository: 'dolr-ai/recommendation-engine',
    file: 'cloudrun.yml',
    commit: '080f81e0759c64e9e101b79eff2b90a274c0a9f5',
    why: 'it only builds and pushes. Use a step with build-and-push',
  },
];
