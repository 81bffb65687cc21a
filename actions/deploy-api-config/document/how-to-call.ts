import { blocks, code, fence, type Markdown, md } from '@gangway/markdown';
import type { Operation } from '@gangway/openapi';

const HEADERS: Readonly<Record<string, readonly string[]>> = {
  open: [],
  'api-key': ['x-api-key: $API_KEY'],
  jwt: ['Authorization: Bearer $TOKEN'],
  'api-key+jwt': ['x-api-key: $API_KEY', 'Authorization: Bearer $TOKEN'],
};

/** How a person calls the gateway, by an operation of its own, and where the key is. */
export function howToCall(url: string | undefined, operations: readonly Operation[]): Markdown | string {
  const shown = operations.filter(({ security }) => HEADERS[security] !== undefined);
  const example =
    shown.find(({ method, security }) => method === 'get' && security !== 'open') ??
    shown.find(({ method }) => method === 'get') ??
    shown[0];
  if (!url || !example) return '';
  const { method, path, security } = example;
  const line = [
    'curl',
    ...(method === 'get' ? [] : [`--request ${method.toUpperCase()}`]),
    ...(HEADERS[security] ?? []).map((header) => `--header "${header}"`),
    // A path is the document's own text: quoted, it is one word whatever is in it.
    quoted(`${url}${path}`),
  ].join(' ');
  return blocks(
    'To call it:',
    fence(line, 'sh'),
    security.includes('api-key')
      ? md`The key stays with Google: ${code('gcloud services api-keys list')} names the keys, and ${code('gcloud services api-keys get-key-string KEY --location=global')} prints one.`
      : '',
    security.includes('jwt') ? md`Use a token from an issuer that the document names.` : '',
  );
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
