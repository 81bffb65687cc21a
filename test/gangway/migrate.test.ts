import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { baseImage, type Engine, find, startEngine } from '@gangway/engine';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

// needs: base-image, act
// takes minutes

const GANGWAY = fileURLToPath(new URL('../../dist/gangway/index.js', import.meta.url));
const BASE = 'gangway-migrate/python:3.12-slim';
const [act] = find('act');

describe.runIf(act)('gangway migrate in a repository that is not ours', () => {
  const root = mkdtempSync(join(tmpdir(), 'gangway-migrate-'));
  const env = { ...process.env, XDG_STATE_HOME: join(root, 'state') };
  let engine: Engine;

  beforeAll(async () => {
    engine = await startEngine();
    docker('tag', await baseImage(engine), BASE);
  });

  afterAll(async () => {
    docker('rmi', BASE);
    await engine?.stop();
    rmSync(root, { recursive: true });
  });

  it('shows what a workflow becomes and writes nothing, then writes it, and it deploys', () => {
    const shop = repository('shop', SCRIPTS);
    const shown = gangway(shop, 'migrate');
    expect(shown.status, shown.stderr).toBe(0);
    expect(shown.stdout).toContain('gcloud run deploy → deploy-cloud-run');
    expect(shown.stdout).toContain('+        uses: gangway-dev/gangway/actions/build-and-push@v1');
    expect(shown.stdout).toMatch(/line \d+: a secret pasted into a shell script/);
    expect(workflowOf(shop)).toBe(SCRIPTS);

    const written = gangway(shop, 'migrate', '--write');
    expect(written.status, written.stderr).toBe(0);
    expect(workflowOf(shop)).not.toMatch(/gcloud|docker build|google-github-actions/);

    const ran = gangway(shop, 'run');
    expect(ran.status, ran.stdout + ran.stderr).toBe(0);
    expect(ran.stdout).toMatch(/✓ .*Build and push/);
    expect(ran.stdout).toMatch(/✓ .*Smoke test/);
    expect(ran.stdout).toMatch(/^shop answers 200/m);
  });

  it('does so for the actions of google-github-actions and docker', () => {
    const shop = repository('actions', ACTIONS);
    expect(gangway(shop, 'migrate', '.github/workflows/deploy.yml', '--write').status).toBe(0);
    expect(workflowOf(shop)).not.toMatch(/deploy-cloudrun|build-push-action|login-action/);
    const ran = gangway(shop, 'run');
    expect(ran.status, ran.stdout + ran.stderr).toBe(0);
    expect(ran.stdout).toMatch(/^shop answers 200/m);
  });

  it.each([
    [['migrate', 'nowhere.yml'], 'nowhere.yml is not there.'],
    [['migrate', '.github/workflows'], 'is a folder. Name workflows'],
    [['migrate', 'Dockerfile'], 'ends neither in .yml nor in .yaml'],
    [['migrate', '--wrong'], "unknown option '--wrong'"],
  ])('refuses %j', (args, message) => {
    const name = `misuse${args.join('').replace(/\W/g, '')}`;
    const { status, stderr } = gangway(repository(name, SCRIPTS), ...args);
    expect(stderr).toContain(message);
    expect(status).toBe(2);
  });

  it('leaves a workflow that does not parse, says so, and ends with 1', () => {
    const broken = SCRIPTS.replace('runs-on: ubuntu-latest', 'runs: ubuntu-latest');
    const folder = repository('broken', broken);
    const { status, stdout } = gangway(folder, 'migrate', '--write');
    expect(stdout).toMatch(/deploy\.yml does not parse, and stays as it is:\n {2}line \d+: /);
    expect(status).toBe(1);
    expect(workflowOf(folder)).toBe(broken);
  });

  function repository(name: string, workflow: string): string {
    const folder = join(root, name);
    const files = { ...SERVICE, '.github/workflows/deploy.yml': workflow };
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    const git = (...args: string[]) => execFileSync('git', args, { cwd: folder });
    git('init', '--quiet', '--initial-branch=main');
    git('remote', 'add', 'origin', 'https://github.com/acme/shop.git');
    return folder;
  }

  function workflowOf(folder: string): string {
    return readFileSync(join(folder, '.github/workflows/deploy.yml'), 'utf8');
  }

  function gangway(folder: string, ...args: string[]) {
    return spawnSync(process.execPath, [GANGWAY, ...args], { cwd: folder, env, encoding: 'utf8' });
  }

  function docker(...args: string[]): void {
    execFileSync(engine.docker, args, { env: { ...process.env, ...engine.environment }, stdio: 'ignore' });
  }
});

const SERVICE: Readonly<Record<string, string>> = {
  'main.py':
    'from fastapi import FastAPI\n\napp = FastAPI()\n\n\n@app.get("/")\ndef root():\n    return {"ok": True}\n',
  Dockerfile: `FROM ${BASE}
WORKDIR /srv
COPY main.py .
CMD ["sh", "-c", "exec python -m uvicorn main:app --host 0.0.0.0 --port $PORT"]
`,
};

const SCRIPTS = `name: Deploy
on:
  push:
    branches: [main]
env:
  PROJECT: acme-shop-prod
  REGION: europe-west1
jobs:
  deploy:
    runs-on: ubuntu-latest
    permissions:
      contents: read
      id-token: write
    steps:
      - uses: actions/checkout@v4
      - uses: google-github-actions/auth@v2
        with:
          workload_identity_provider: \${{ vars.WIF_PROVIDER }}
          service_account: ci-deployer@acme-shop-prod.iam.gserviceaccount.com
      - uses: google-github-actions/setup-gcloud@v2
      - run: gcloud auth configure-docker $REGION-docker.pkg.dev --quiet
      - name: Build and push
        run: |
          IMAGE="$REGION-docker.pkg.dev/$PROJECT/shop/shop:$GITHUB_SHA"
          docker build -t "$IMAGE" .
          docker push "$IMAGE"
          echo "IMAGE=$IMAGE" >> "$GITHUB_ENV"
      - name: Deploy
        run: |
          gcloud run deploy shop --image "$IMAGE" --project "$PROJECT" --region "$REGION" \\
            --allow-unauthenticated --memory 512Mi --set-env-vars "MODE=test,TOKEN=\${{ secrets.TOKEN }}"
      - name: Announce
        run: echo "\${{ secrets.TOKEN }}" | wc -c
      - name: Smoke test
        run: |
          URL=$(gcloud run services describe shop --project "$PROJECT" --region "$REGION" --format 'value(status.url)')
          curl --fail --silent "$URL/"
`;

const ACTIONS = `name: Deploy
on: push
jobs:
  deploy:
    runs-on: ubuntu-latest
    permissions: { contents: read, id-token: write }
    steps:
      - uses: actions/checkout@v4
      - id: auth
        uses: google-github-actions/auth@v2
        with:
          token_format: access_token
          workload_identity_provider: \${{ vars.WIF_PROVIDER }}
          service_account: ci-deployer@acme-shop-prod.iam.gserviceaccount.com
      - uses: docker/login-action@v3
        with:
          registry: europe-west1-docker.pkg.dev
          username: oauth2accesstoken
          password: \${{ steps.auth.outputs.access_token }}
      - uses: docker/build-push-action@v6
        with:
          context: .
          push: true
          tags: europe-west1-docker.pkg.dev/acme-shop-prod/shop/shop:\${{ github.sha }}
      - uses: google-github-actions/deploy-cloudrun@v2
        with:
          service: shop
          region: europe-west1
          image: europe-west1-docker.pkg.dev/acme-shop-prod/shop/shop:\${{ github.sha }}
          flags: --allow-unauthenticated
`;
