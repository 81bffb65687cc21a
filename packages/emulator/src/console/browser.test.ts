import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import axe from 'axe-core';
import { afterAll, beforeAll, describe, expect, it, onTestFailed } from 'vitest';
import { findChromium, startBrowser, type TestBrowser } from '../../test/browser.ts';
import { caller, tokenOf } from '../../test/client.ts';
import { registryToken } from '../../test/fly.ts';
import { apiClient, deployGateway, startBackend, type TestBackend } from '../../test/gateway.ts';
import { buildImage, pushImage } from '../../test/image.ts';
import { type RunningCloud, startCloud } from '../cloud.ts';
import { ownerToken } from '../fly/sign-in/owner.ts';
import { LOOPBACK, listenAt } from '../kernel/forward/listening.ts';

// needs: chromium

const PROJECT = 'projects/demo-project';
const HOSTILE = '<img src=x onerror="document.title=\'taken\'">';
const PARTS = ['timeline', 'refusals', 'run', 'gateways', 'images', 'fly', 'access'];

/** What axe finds wrong in a page that has it. */
const VIOLATIONS = `axe.run().then(({ violations }) =>
  violations.map(({ id, nodes }) => id + ': ' + nodes.map(({ html }) => html).join(' | ')))`;

/** What a page tries that wants to see the console of a local cloud, or to use it. */
const intrusion = (origin: string) => `(async () => {
  const path = '${origin}/_gangway/console/api';
  const outcome = (promise) => promise.then(() => 'let in', () => 'refused');
  const happened = (target, good) => new Promise((resolve) => {
    target.addEventListener(good, () => resolve('let in'));
    target.addEventListener('error', () => resolve('refused'));
  });
  const script = document.createElement('script');
  script.src = '${origin}/_gangway/console/console-app.js';
  const loads = happened(script, 'load');
  document.head.append(script);
  const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' };
  return [
    await outcome(fetch(path + '/inventory')),
    await outcome(fetch(path + '/call', init)),
    await happened(new EventSource(path + '/events'), 'open'),
    await loads,
  ];
})()`;

describe.skipIf(!findChromium())(
  'the console in Chromium (needs Chromium; npm test installs it)',
  { timeout: 180_000 },
  () => {
    let cloud: RunningCloud;
    let backend: TestBackend;
    let browser: TestBrowser;
    beforeAll(async () => {
      backend = await startBackend();
      browser = showingFailures(await startBrowser(['evil.example']));
      cloud = await startCloud({ simulateMachines: true });
    }, 60_000);
    afterAll(async () => {
      await browser?.close();
      await cloud?.close();
      await backend?.close();
    });

    it('shows requests as they come, and what they made, without being asked', async () => {
      const { page, complaints, asked } = await browser.open(cloud.origin);
      await expect.poll(() => page.textContent('main')).toContain('No request yet');
      const { finish, token } = apiClient(cloud);
      const image = buildImage([{ path: 'a', mode: 0o644, content: 'hello' }]);
      await finish('POST', `/v1/${PROJECT}/locations/us-central1/repositories?repositoryId=apis`, {
        format: 'DOCKER',
      });
      await page
        .getByText('/v1/projects/demo-project/locations/us-central1/repositories?repositoryId=apis')
        .waitFor();
      await pushImage(
        `${cloud.origin}/v2/us-central1-docker.pkg.dev/demo-project/apis/hello`,
        token,
        image,
        'v1',
      );
      await page.getByText('/v2/us-central1-docker.pkg.dev/demo-project/apis/hello/manifests/v1').waitFor();
      await page.getByRole('link', { name: 'Images 1' }).click();
      await page.getByRole('cell', { name: 'v1' }).waitFor();
      await page.getByText('1 layer').click();
      await page.getByText(image.blobs[1]?.digest.slice(7, 19) ?? 'no layer').waitFor();
      expect(complaints).toEqual([]);
      expect(asked.filter((url) => !url.startsWith(`${cloud.origin}/`))).toEqual([]);
      await page.close();
    });

    it('says who was refused what, and how to grant it', async () => {
      const { page } = await browser.open(`${cloud.origin}/?part=refusals`);
      await page.getByText('Nothing was refused.').waitFor();
      const call = caller(cloud, tokenOf(cloud, 'gateway@demo-project.iam.gserviceaccount.com'));
      expect((await call('GET', `/v2/${PROJECT}/locations/us-central1/services/web`)).status).toBe(403);
      await page.getByText("Permission 'run.services.get' denied on").waitFor();
      const command = await page.locator('.command code').textContent();
      expect(command).toBe(
        'gcloud run services add-iam-policy-binding web --region=us-central1 --project=demo-project --member=serviceAccount:gateway@demo-project.iam.gserviceaccount.com --role=roles/run.viewer',
      );
      await page.getByRole('link', { name: 'Refusals 1' }).waitFor();
      await page.close();
    });

    it('calls a gateway with a key and without, and takes names for text', async () => {
      const { managedService } = await deployGateway(cloud, {
        swagger: '2.0',
        info: { title: HOSTILE, version: '1' },
        host: 'x',
        paths: {
          '/hello': {
            get: {
              operationId: 'hello',
              responses: { 200: { description: 'ok' } },
              security: [{ key: [] }],
              'x-google-backend': { address: `${backend.origin}/`, disable_auth: true },
            },
          },
        },
        securityDefinitions: { key: { type: 'apiKey', name: 'key', in: 'query' } },
      });
      cloud.serviceUsage.enabled.add(managedService);
      const { finish } = apiClient(cloud);
      await finish('POST', `/v2/${PROJECT}/locations/global/keys?keyId=web`, {
        displayName: HOSTILE.slice(0, 60),
        restrictions: { apiTargets: [{ service: managedService }] },
      });
      const { page, complaints } = await browser.open(`${cloud.origin}/?part=gateways`);
      const form = page.getByRole('form', { name: 'Call gw' });
      await form.getByLabel('Key').selectOption('');
      await form.getByRole('button', { name: 'Call' }).click();
      await form.getByText('401 Unauthorized').waitFor();
      await form.getByLabel('Key').selectOption({ index: 1 });
      await form.getByRole('button', { name: 'Call' }).click();
      await form.getByText('200 OK').waitFor();
      expect(await form.locator('.answer pre').first().textContent()).toContain('"x-api-key": "***"');
      await page.getByText('OpenAPI document').click();
      await page.getByText(`"title":${JSON.stringify(HOSTILE)}`).waitFor();
      await page.getByRole('link', { name: 'Access' }).click();
      await page.getByText(HOSTILE.slice(0, 60)).first().waitFor();
      expect(await page.title()).toBe('Gangway local cloud');
      expect(await page.locator('main img').count()).toBe(0);
      expect(complaints).toEqual([]);
      await page.close();
    });

    it('says that the local cloud has an error, in place of looking for ever', async () => {
      const { page } = await browser.open('about:blank');
      await page.route('**/api/inventory', (route) =>
        route.fulfill({ status: 500, contentType: 'application/json', body: '{"error":"It broke."}' }),
      );
      await page.goto(`${cloud.origin}/?part=gateways`);
      await page.getByRole('alert').getByText('It broke.').waitFor();
      await page.unrouteAll();
      await page.getByRole('heading', { name: 'Gateways' }).waitFor();
      await page.close();
    });

    it('shows the machines of Fly.io, and names of secrets alone', async () => {
      const token = ownerToken(cloud).word;
      const call = caller(cloud, token);
      await call('POST', '/v1/apps', { app_name: 'hello-fly', org_slug: 'personal' });
      await call('POST', '/v1/apps/hello-fly/secrets/API_TOKEN', { value: 'not-to-be-seen' });
      const image = buildImage([{ path: 'a', mode: 0o644, content: 'hello' }]);
      await pushImage(
        `${cloud.origin}/v2/hello-fly`,
        await registryToken(cloud.origin, token, 'hello-fly'),
        image,
        'v1',
      );
      const machine = await call('POST', '/v1/apps/hello-fly/machines', {
        config: {
          image: 'registry.fly.io/hello-fly:v1',
          services: [{ internal_port: 80, ports: [{ port: 80 }] }],
        },
      });
      const { page } = await browser.open(`${cloud.origin}/?part=fly`);
      await page.getByRole('cell', { name: String(machine.body.id) }).waitFor();
      await page.getByRole('cell', { name: 'started' }).waitFor();
      await page.getByText('API_TOKEN').waitFor();
      expect(await page.content()).not.toContain('not-to-be-seen');
      await page.close();
    });

    it('works by keyboard alone', async () => {
      const { page } = await browser.open(cloud.origin);
      const step = page.locator('.step .head').first();
      await step.waitFor();
      const focused = () => page.evaluate('document.activeElement.textContent.trim()');
      await page.keyboard.press('Tab');
      expect(await focused()).toBe('Skip to the content');
      for (const name of ['Timeline', 'Refusals']) {
        await page.keyboard.press('Tab');
        expect(await focused()).toContain(name);
      }
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { name: 'Refusals', level: 2 }).waitFor();
      expect(new URL(page.url()).search).toBe('?part=refusals');
      await page.goBack();
      await step.focus();
      const before = await step.getAttribute('aria-expanded');
      await page.keyboard.press('Enter');
      await expect.poll(() => step.getAttribute('aria-expanded')).not.toBe(before);
      const outline = await page.evaluate('getComputedStyle(document.activeElement).outlineStyle');
      expect(outline).toBe('solid');
      await page.close();
    });

    it.each([
      [390, 'light'],
      [390, 'dark'],
      [1440, 'light'],
      [1440, 'dark'],
    ] as const)('is accessible and fits at %i pixels, %s', async (width, colorScheme) => {
      const { page } = await browser.open(cloud.origin);
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await page.setViewportSize({ width, height: 900 });
      await page.evaluate(axe.source);
      for (const part of PARTS) {
        await page.locator(`nav a[href="/?part=${part}"]`).click();
        await page.locator(`nav a[aria-current][href="/?part=${part}"]`).waitFor();
        await page.locator('main h2').first().waitFor();
        // All that can be opened is looked at, too.
        for (const summary of await page.locator('main summary').all()) await summary.click();
        const violations = await page.evaluate(VIOLATIONS);
        expect(violations, part).toEqual([]);
        const overflow = await page.evaluate('document.documentElement.scrollWidth - innerWidth');
        expect(overflow, part).toBeLessThanOrEqual(0);
      }
      await page.close();
    });

    it('is of no use to a page elsewhere', async () => {
      const server = createServer(
        (_, response) => void response.setHeader('content-type', 'text/html').end('<p>hi'),
      );
      await listenAt(server, LOOPBACK, 0);
      const { port } = server.address() as AddressInfo;
      for (const [what, address] of [
        ['another port of loopback', `http://127.0.0.1:${port}/`],
        ['another site', `http://evil.example:${port}/`],
      ] as const) {
        const { page } = await browser.open(address);
        const tried = await page.evaluate(intrusion(cloud.origin));
        expect(tried, what).toEqual(['refused', 'refused', 'refused', 'refused']);
        await page.close();
      }
      // A name of the attacker's that leads to the cloud itself.
      const { port: own } = new URL(cloud.origin);
      const { page } = await browser.open(`http://evil.example:${own}/`);
      expect(await page.textContent('body')).toContain('does not answer for the host');
      await page.close();
      server.close();
    });

    it('comes back when the local cloud does', async () => {
      const first = await startCloud();
      const { page } = await browser.open(first.origin);
      await page.getByText('live', { exact: true }).waitFor();
      await fetch(`${first.origin}/before-the-stop`);
      await page.getByTitle('/before-the-stop').waitFor();
      await first.close();
      await page.getByText('not connected').waitFor();
      const second = await startCloud({ port: Number(new URL(first.origin).port) });
      await page.getByText('live', { exact: true }).waitFor();
      await expect.poll(() => page.getByTitle('/before-the-stop').count()).toBe(0);
      await page.close();
      await second.close();
    });
  },
);

/** Prints what a page shows, and what its console complains of, when the test that opened it fails. */
function showingFailures(browser: TestBrowser): TestBrowser {
  return {
    ...browser,
    async open(url) {
      const opened = await browser.open(url);
      onTestFailed(async () => {
        const shown = await opened.page.innerText('body', { timeout: 5000 }).catch(String);
        console.error([url, ...opened.complaints, shown].join('\n'));
      });
      return opened;
    },
  };
}
