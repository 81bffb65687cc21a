import { createPrivateKey } from 'node:crypto';

/** A credential configuration as Google's tools write it: of whatever type, its fields not yet checked. */
export interface CredentialsFile {
  readonly type?: string;
  readonly client_email?: string;
  readonly private_key?: string;
  readonly private_key_id?: string;
  readonly project_id?: string;
  readonly quota_project_id?: string;
  readonly audience?: string;
  readonly service_account_impersonation_url?: string;
  readonly source_credentials?: CredentialsFile;
  readonly [field: string]: unknown;
}

/** How deep one wrapping may lie in another: JSON in a JSON string in base64 in quotes. */
const DEPTH = 4;

/**
 * Reads a credential configuration in every form in which it was found in secrets: as it is, in base64 (also
 * wrapped to lines), in quotes, as a JSON string, with a byte order mark, with real line breaks inside the private
 * key, with escaped ones outside of it.
 *
 * @returns undefined when it is none
 */
export function parseCredentials(text: string, depth = DEPTH): CredentialsFile | undefined {
  const clean = text.replace(/^\uFEFF/, '').trim();
  for (const candidate of [clean, escapeInStrings(clean), breakOutsideStrings(clean)]) {
    const value = parseJson(candidate);
    if (typeof value === 'string' && depth > 0) return parseCredentials(value, depth - 1);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as CredentialsFile;
  }
  if (depth === 0) return undefined;
  for (const inner of [unquoted(clean), unescaped(clean), decoded(clean)]) {
    const file = inner !== undefined && inner !== clean ? parseCredentials(inner, depth - 1) : undefined;
    if (file) return file;
  }
  return undefined;
}

/**
 * A private key as PEM, whatever became of its line breaks on the way into a secret.
 *
 * @returns undefined when it is no private key
 */
export function repairPrivateKey(pem: string): string | undefined {
  const plain = pem.replaceAll('\\r', '').replaceAll('\\n', '\n');
  const [, label = '', body = ''] =
    /-----BEGIN ([A-Z ]*PRIVATE KEY)-----([\s\S]*?)-----END [A-Z ]*PRIVATE KEY-----/.exec(plain) ?? [];
  const lines = body.replace(/\s/g, '').match(/.{1,64}/g);
  if (!lines) return undefined;
  const repaired = `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
  try {
    createPrivateKey(repaired);
    return repaired;
  } catch {
    return undefined;
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Not this form; no message may quote the text.
    return undefined;
  }
}

/** Line breaks that a shell or an editor made real inside strings, escaped again. */
function escapeInStrings(text: string): string {
  return text.replace(/"(?:[^"\\]|\\[\s\S])*"/g, (string) =>
    string.replaceAll('\r', '').replaceAll('\n', '\\n').replaceAll('\t', '\\t'),
  );
}

/** `\n` and `\t` written out between the strings, made real again. */
function breakOutsideStrings(text: string): string {
  return text.replace(/("(?:[^"\\]|\\[\s\S])*")|(?:\\[rnt])+/g, (_, string?: string) =>
    string === undefined ? ' ' : escapeInStrings(string),
  );
}

function unquoted(text: string): string | undefined {
  return /^(['"`])([\s\S]*)\1$/.exec(text)?.[2];
}

/** `{\"type\": …}`: the inside of a JSON string. */
function unescaped(text: string): string | undefined {
  if (!text.includes('\\"')) return undefined;
  const value = parseJson(`"${text.replaceAll('\r', '').replaceAll('\n', '\\n').replaceAll('\t', '\\t')}"`);
  return typeof value === 'string' ? value : undefined;
}

function decoded(text: string): string | undefined {
  const joined = text.replace(/\s|\\n/g, '');
  if (!/^[\w+/-]{16,}={0,2}$/.test(joined)) return undefined;
  return Buffer.from(joined, 'base64').toString('utf8');
}
