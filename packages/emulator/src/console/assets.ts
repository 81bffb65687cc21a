import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';

/** The page itself, among the assets. */
export const PAGE = 'page.html';

const SCRIPT = 'text/javascript; charset=utf-8';
const STYLE = 'text/css; charset=utf-8';

/** Every file of the page, each named in full: a bundler takes along what it finds named so. */
const FILES: Readonly<Record<string, readonly [location: string | URL, type: string]>> = {
  [PAGE]: [new URL('./page/page.html', import.meta.url), 'text/html; charset=utf-8'],
  'page.css': [new URL('./page/page.css', import.meta.url), STYLE],
  'page-frame.css': [new URL('./page/page-frame.css', import.meta.url), STYLE],
  'page-timeline.css': [new URL('./page/page-timeline.css', import.meta.url), STYLE],
  'page-things.css': [new URL('./page/page-things.css', import.meta.url), STYLE],
  'page-narrow.css': [new URL('./page/page-narrow.css', import.meta.url), STYLE],
  'icon.svg': [new URL('./page/icon.svg', import.meta.url), 'image/svg+xml'],
  'console-app.js': [new URL('./page/console-app.js', import.meta.url), SCRIPT],
  'console-html.js': [new URL('./page/console-html.js', import.meta.url), SCRIPT],
  'console-live.js': [new URL('./page/console-live.js', import.meta.url), SCRIPT],
  'console-parts.js': [new URL('./page/console-parts.js', import.meta.url), SCRIPT],
  'console-timeline.js': [new URL('./page/console-timeline.js', import.meta.url), SCRIPT],
  'console-refusals.js': [new URL('./page/console-refusals.js', import.meta.url), SCRIPT],
  'console-run.js': [new URL('./page/console-run.js', import.meta.url), SCRIPT],
  'console-gateways.js': [new URL('./page/console-gateways.js', import.meta.url), SCRIPT],
  'console-images.js': [new URL('./page/console-images.js', import.meta.url), SCRIPT],
  'console-fly.js': [new URL('./page/console-fly.js', import.meta.url), SCRIPT],
  'console-access.js': [new URL('./page/console-access.js', import.meta.url), SCRIPT],
  'preact.mjs': [new URL('../../../../node_modules/preact/dist/preact.mjs', import.meta.url), SCRIPT],
  'hooks.mjs': [new URL('../../../../node_modules/preact/hooks/dist/hooks.mjs', import.meta.url), SCRIPT],
  'htm.mjs': [new URL('../../../../node_modules/htm/dist/htm.mjs', import.meta.url), SCRIPT],
};

/** Nothing from anywhere else, nothing inline but what is named by its digest, and no other page around it. */
function policyOf(inline: readonly string[]): string {
  const digests = inline.map((text) => ` 'sha256-${createHash('sha256').update(text).digest('base64')}'`);
  return [
    "default-src 'none'",
    `script-src 'self'${digests.join('')}`,
    "style-src 'self'",
    "img-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

interface Asset {
  readonly content: Buffer;
  readonly headers: Readonly<Record<string, string>>;
}

/** A file of the page, by its name; undefined where there is none of that name. */
export async function assetOf(name: string): Promise<Asset | undefined> {
  const [location, type] = (Object.hasOwn(FILES, name) && FILES[name]) || [];
  if (!location || !type) return undefined;
  const content = await readFile(location);
  // The map of imports, which says where the page finds the libraries that its scripts name.
  const inline = name === PAGE ? [...content.toString('utf8').matchAll(/importmap">([^<]*)</g)] : [];
  const headers = headersOf(
    type,
    inline.map(([, text = '']) => text),
  );
  return { content, headers };
}

/** What goes with everything that the console answers, of that type. @param inline scripts in the page that may run */
export function headersOf(type: string, inline: readonly string[] = []): Record<string, string> {
  return {
    'content-type': type,
    'content-security-policy': policyOf(inline),
    'cache-control': 'no-store',
    'cross-origin-resource-policy': 'same-origin',
    'cross-origin-opener-policy': 'same-origin',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
  };
}
