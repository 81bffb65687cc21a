import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { find } from '@gangway/engine';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadPage, NETWORK_CHANGED } from '../../packages/emulator/test/load-page.ts';
import { type BuiltSite, ROOT, type Served } from './built-site.ts';

const [program] = find('chromium');
/** Where the pictures stay, for whoever wants to look at them. */
const PICTURES = process.env.GANGWAY_SCREENSHOTS ?? join(ROOT, 'node_modules/.cache/site-screenshots');

/** Pages of each kind: the first one, a tutorial, a long table, pictures, a table of errors. */
const PAGES = [
  '',
  'get-started/fastapi.html',
  'reference/deploy-cloud-run.html',
  'security-model.html',
  'troubleshooting.html',
];
/** Without a graphics card Chromium would compute all that one does. */
const ARGUMENTS = ['--no-sandbox', '--disable-gpu', '--disable-software-rasterizer'];
const WIDTHS = { phone: 390, desktop: 1280 };

interface Seen {
  /** Of the page with what is beside the window. */
  readonly width: number;
  readonly broken: readonly string[];
  readonly shown: readonly string[];
  /** Pictures of which a part is beyond the edge, until one scrolls. */
  readonly cut: readonly string[];
  readonly dark: boolean;
}

/** Runs in the page, for which these sources have no types. */
const LOOK = `({
  width: document.documentElement.scrollWidth,
  broken: [...document.images].filter((image) => image.naturalWidth === 0).map((image) => image.src),
  shown: [...document.images].filter((image) => image.offsetParent !== null).map((image) => image.src),
  cut: [...document.querySelectorAll('.picture')].filter((picture) => picture.scrollWidth > picture.clientWidth).map((picture) => picture.innerHTML),
  dark: document.documentElement.classList.contains('dark'),
})`;

/** What a reader sees of the site, in Chromium. */
export function describeAppearance(site: () => BuiltSite): void {
  describe.skipIf(!program)(`in a browser${program ? '' : ' (needs Chromium)'}`, () => {
    let served: Served;
    let browser: Browser;
    beforeAll(async () => {
      mkdirSync(PICTURES, { recursive: true });
      served = await site().serve();
      browser = await chromium.launch({ executablePath: program ?? '', args: ARGUMENTS });
    });
    afterAll(async () => {
      await browser?.close();
      await served?.[Symbol.asyncDispose]();
    });

    // A page is loaded once for all widths: to load it takes most of the time.
    it.each(PAGES.flatMap((page) => [[page, 'light'] as const, [page, 'dark'] as const]))(
      'shows /%s in %s whole at any width, with its pictures and without errors',
      async (path, colorScheme) => {
        const page = await browser.newPage({ viewport: { width: WIDTHS.phone, height: 900 }, colorScheme });
        const troubles = troublesOf(page, served.origin);
        await load(page, `${served.origin}/${path}`, troubles);
        const name = path.replace(/\.html$/, '').replaceAll('/', '-') || 'home';
        for (const [device, width] of Object.entries(WIDTHS)) {
          await page.setViewportSize({ width, height: 900 });
          // The sidebar comes and goes slowly.
          await page.screenshot({
            path: join(PICTURES, `${name}-${device}-${colorScheme}.png`),
            animations: 'disabled',
          });
          const seen = (await page.evaluate(LOOK)) as Seen;
          expect(seen.broken, device).toEqual([]);
          expect(seen.width, device).toBeLessThanOrEqual(width);
          expect(seen.dark, device).toBe(colorScheme === 'dark');
          if (width === WIDTHS.desktop) expect(seen.cut).toEqual([]);
          // Of a picture's two forms, the one that goes with the page.
          const other = colorScheme === 'dark' ? '-light.' : '-dark.';
          expect(
            seen.shown.filter((source) => source.includes(other)),
            device,
          ).toEqual([]);
        }
        await page.close();
        expect(troubles).toEqual([]);
      },
    );

    it('finds a page by what is on it', async () => {
      const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
      await load(page, `${served.origin}/`);
      await page.locator('.VPNavBarSearch button').click();
      await page.locator('#localsearch-input').fill('job_workflow_ref');
      await page.locator('.VPLocalSearchBox .result').first().waitFor();
      const found = await page.locator('.VPLocalSearchBox .result').allTextContents();
      expect(found.join('\n')).toMatch(/Deploy from many repositories/);
      await page.screenshot({ path: join(PICTURES, 'search-desktop-light.png') });
      await page.close();
    });
  });
}

async function load(page: Page, url: string, troubles: string[] = []): Promise<void> {
  await loadPage(page, url, { waitUntil: 'networkidle' }, () => {
    troubles.length = 0;
  });
}

/** Errors of a page, and requests to another host, as they come. */
function troublesOf(page: Page, origin: string): string[] {
  const troubles: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' && !message.text().includes(NETWORK_CHANGED))
      troubles.push(message.text());
  });
  page.on('pageerror', (error) => troubles.push(error.message));
  page.on('request', (request) => {
    const url = request.url();
    if (!url.startsWith(origin) && !url.startsWith('data:')) troubles.push(url);
  });
  return troubles;
}
