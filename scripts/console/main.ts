/**
 * Takes the picture of the console that the README shows: the demo's pipeline has deployed an API to a local cloud, and a step that may
 * not do what it tries was refused.
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { baseImage, installPackages, startEngine } from '@gangway/engine';
import { runAction } from '@gangway/runner';
import { startBrowser } from '../../packages/emulator/test/browser.ts';
import { deploy } from '../demo/deploy.ts';
import { pipeline } from '../demo/pipeline.ts';
import { createTerminal } from '../demo/terminal.ts';
import { startLocalCloud } from '../local-cloud.ts';

const PICTURE = join(import.meta.dirname, '../../docs/console.png');
/** Pixels: small enough for a page of text, wide enough for both columns. */
const SIZE = { width: 1180, height: 740 };

const progress = { onProgress: console.log };
await installPackages(['chromium'], console.log);
const engine = await startEngine(progress);
const local = await startLocalCloud(engine, 0);
const browser = await startBrowser();
try {
  const temp = join(local.folder, 'runner');
  await mkdir(temp);
  const { GANGWAY_WORKLOAD_IDENTITY_PROVIDER: provider = '', GANGWAY_SERVICE_ACCOUNT: deployer = '' } =
    local.exports;
  const gateway = local.exports.GANGWAY_GATEWAY_SERVICE_ACCOUNT ?? '';
  const steps = pipeline({
    base: await baseImage(engine, progress),
    workloadIdentityProvider: provider,
    serviceAccount: deployer,
    gatewayServiceAccount: gateway,
  });
  const { signal } = new AbortController();
  const job = { env: local.stepEnvironment, temp, signal };
  await deploy({ ...job, steps, terminal: createTerminal(process.stdout) });
  // An account that may sign in and nothing else.
  const { accounts } = local.cloud.iamAdmin;
  const { email } = accounts.add(
    local.cloud.project.id,
    `auditor@${local.cloud.project.id}.iam.gserviceaccount.com`,
  );
  const [, pool = ''] = /^(.*)\/providers\//.exec(provider) ?? [];
  local.cloud.contracts.accounts.grant(
    email,
    'roles/iam.workloadIdentityUser',
    `principalSet://iam.googleapis.com/${pool}/attribute.repository/example/fastapi-on-cloud-run`,
  );
  await runAction({
    ...job,
    action: 'enable-service',
    inputs: {
      project_id: local.cloud.project.id,
      workload_identity_provider: provider,
      service_account: email,
      services: 'pubsub.googleapis.com',
    },
  });
  const { page } = await browser.open(local.cloud.origin);
  await page.setViewportSize(SIZE);
  await page.emulateMedia({ reducedMotion: 'reduce', colorScheme: 'light' });
  await page.locator('.answers li').first().waitFor();
  await page.screenshot({ path: PICTURE });
  console.log(`${PICTURE} is taken.`);
} finally {
  await browser.close();
  await local.close();
  await engine.stop();
}
