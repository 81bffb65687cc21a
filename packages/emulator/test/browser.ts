import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { type BrowserContext, chromium, type Page } from 'playwright-core';
import { loadPage, NETWORK_CHANGED } from './load-page.ts';

// needs: chromium

/** A browser with a profile of its own, which knows nobody and goes nowhere by itself. */
export interface TestBrowser {
  readonly context: BrowserContext;
  /** Opens a page; what its console complains of, and which addresses it asks, are noted. */
  open(url: string): Promise<NotedPage>;
  close(): Promise<void>;
}

interface NotedPage {
  readonly page: Page;
  readonly complaints: readonly string[];
  readonly asked: readonly string[];
}

/** Where Chromium is; undefined where this machine has none. */
export function findChromium(): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter);
  return folders.map((folder) => join(folder, 'chromium')).find((path) => existsSync(path));
}

/**
 * Starts Chromium.
 *
 * @param names host names that lead to loopback, as those of an attacker would
 */
export async function startBrowser(names: readonly string[] = []): Promise<TestBrowser> {
  const profile = await mkdtemp(join(tmpdir(), 'gangway-browser-'));
  const rules = names.map((name) => `MAP ${name} 127.0.0.1`).join(', ');
  const executablePath = findChromium();
  if (!executablePath) throw new Error('There is no Chromium.');
  const context = await chromium.launchPersistentContext(profile, {
    executablePath,
    headless: true,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      ...(rules === '' ? [] : [`--host-resolver-rules=${rules}`]),
    ],
  });
  // A machine that compiles beside the tests gives a page little time.
  context.setDefaultTimeout(90_000);
  return {
    context,
    async open(url) {
      const page = await context.newPage();
      const complaints: string[] = [];
      const asked: string[] = [];
      page.on('console', (message) => {
        if (message.type() !== 'error' && message.type() !== 'warning') return;
        if (!message.text().includes(NETWORK_CHANGED)) complaints.push(message.text());
      });
      page.on('pageerror', (error) => complaints.push(String(error)));
      page.on('request', (request) => asked.push(request.url()));
      await loadPage(page, url, {}, () => {
        for (const notes of [complaints, asked]) notes.length = 0;
      });
      return { page, complaints, asked };
    },
    async close() {
      await context.close();
      await rm(profile, { recursive: true, force: true });
    },
  };
}
