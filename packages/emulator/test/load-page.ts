import type { Page, Request } from 'playwright-core';

/** Chromium cancels its requests with this error when a network interface changes, for example when a container starts. */
export const NETWORK_CHANGED = 'net::ERR_NETWORK_CHANGED';
const TRIES = 10;

/**
 * Opens a URL, and opens it again if requests of the page failed with {@link NETWORK_CHANGED}.
 *
 * @param again is called before each further attempt
 * @throws Error if requests failed in every attempt, or if the page can't be opened for another reason
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
  throw new Error(
    `The network interfaces changed during each of ${TRIES} attempts to open ${url}. Not loaded: ${dropped.join(', ')}`,
  );
}
