import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { parse } from 'yaml';
import { workflowFrom } from '../run/workflow.ts';
import { guess } from './guess.ts';
import { workflowText } from './workflow-text.ts';

const root = mkdtempSync(join(tmpdir(), 'gangway-guess-'));
afterAll(() => rmSync(root, { recursive: true }));

function folder(name: string, files: Readonly<Record<string, string>>): string {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name, path)), { recursive: true });
    writeFileSync(join(root, name, path), text);
  }
  return join(root, name);
}

const command = (module: string, name: string) =>
  `python -c 'import json, ${module} as m; print(json.dumps(m.${name}.openapi()))'`;

it.each([
  [
    'CMD ["uvicorn", "app.main:app", "--host", "0.0.0.0", "--port", "8000"]',
    command('app.main', 'app'),
    '8000',
  ],
  ['CMD exec uvicorn shop.api:api --port $PORT', command('shop.api', 'api'), undefined],
  [
    'CMD ["sh", "-c", "exec gunicorn -k uvicorn.workers.UvicornWorker main:app --bind :${PORT}"]',
    command('main', 'app'),
    undefined,
  ],
  ['CMD ["fastapi", "run", "app/main.py", "--port", "80"]', command('app.main', 'app'), '80'],
  ['CMD ["fastapi", "run", "src/shop/main.py"]\nEXPOSE 9000', command('shop.main', 'app'), '9000'],
  ['ENTRYPOINT ["python", "-m", "uvicorn", \\\n  "a:app"]\nEXPOSE 8080', command('a', 'app'), undefined],
])('finds the application in %s', (line, specCommand, port) => {
  const found = guess(folder('by-dockerfile', { Dockerfile: `FROM python\n${line}\n` }));
  expect(found.specCommand?.command).toBe(specCommand);
  expect(found.port).toBe(port);
});

it.each([
  ['src/shop/main.py', 'from fastapi import FastAPI\napp = FastAPI()\n', command('shop.main', 'app')],
  [
    'shop/__init__.py',
    'import fastapi\napi: fastapi.FastAPI = fastapi.FastAPI(title="x")\n',
    command('shop', 'api'),
  ],
  ['tests/fake.py', 'app = FastAPI()\n', undefined],
])('finds the application in the source %s', (path, source, specCommand) => {
  const at = folder(`by-source-${path.replaceAll('/', '-')}`, {
    Dockerfile: 'FROM x\nCMD ["./start"]\n',
    [path]: source,
  });
  expect(guess(at).specCommand?.command).toBe(specCommand);
});

it('takes a document, names the service by the folder, and asks for a Dockerfile', () => {
  expect(guess(folder('My_Shop (2)', { Dockerfile: 'FROM x', 'openapi.yaml': '' }))).toEqual({
    service: 'my-shop-2',
    spec: 'openapi.yaml',
  });
  expect(() => guess(folder('empty', { 'a.py': '' }))).toThrow(/has no Dockerfile/);
});

it('writes a workflow that GitHub parses, with what differs from the defaults', async () => {
  const common = {
    service: 'shop',
    region: 'europe-west1',
    repository: 'apis',
    branch: 'main',
    isPublic: false,
  };
  const text = workflowText({ ...common, context: 'services/shop', specCommand: command('a', 'app') });
  await workflowFrom('.github/workflows/deploy.yml', text);
  expect(parse(text).jobs.deploy).toMatchObject({
    uses: 'gangway-dev/gangway/.github/workflows/deploy-api.yml@v1',
    with: { context: 'services/shop', spec_command: command('a', 'app'), api_key: true },
  });
  const plain = parse(workflowText({ ...common, context: '.', port: '3000', isPublic: true }));
  expect(plain.jobs.deploy).toMatchObject({
    uses: 'gangway-dev/gangway/.github/workflows/deploy-cloud-run.yml@v1',
    with: { region: 'europe-west1', service: 'shop', repository: 'apis', port: '3000', invokers: 'allUsers' },
  });
});
