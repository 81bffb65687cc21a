import type { Page, Request } from 'playwright-core';

/** With it Chromium drops what it loads when a network of this machine changes, as one does when a container starts. */
export const NETWORK_CHANGED = 'net::ERR_NETWORK_CHANGED';
const TRIES = 10;

/**
 * Goes to an address, again and again where {@link NETWORK_CHANGED} kept some of the page away.
 *
 * @param again is called before each further try
 * @throws Error when no try brought all of it, or what Chromium says of another trouble
 */
export async function loadPage(
  page: Page,
  url: string,
  options: Parameters<Page['goto']>[1] = {},
  again: () => void = () => {},
): Promise<void> {
  let dropped: string[] = [];
  const note = (request: Request) => {
    if (request.failure()?.errorText === NETWORK_CHANGED) dropped.push(request.url());
  };
  page.on('requestfailed', note);
  try {
    for (let left = TRIES; left > 0; left -= 1) {
      dropped = [];
      await page.goto(url, options).catch((error: Error) => {
        if (!error.message.includes(NETWORK_CHANGED)) throw error;
        dropped.push(url);
      });
      if (dropped.length === 0) return;
      again();
    }
  } finally {
    page.off('requestfailed', note);
  }
  throw new Error(`The networks of this machine change all the time: not loaded were ${dropped.join(', ')}`);
}
