import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { parseCredentials, repairPrivateKey } from './parse-credentials.ts';

const { privateKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
});
const key = {
  type: 'service_account',
  project_id: 'demo-project',
  private_key_id: 'abc',
  private_key: privateKey,
  client_email: 'ci@demo-project.iam.gserviceaccount.com',
};
const pretty = JSON.stringify(key, null, 2);
const base64 = Buffer.from(pretty).toString('base64');

describe('a key file is read', () => {
  it.each([
    ['as it is', pretty],
    ['in one line', JSON.stringify(key)],
    ['with newlines around it', `\n\n${pretty}\r\n\n`],
    ['with a byte order mark', `\uFEFF${pretty}`],
    ['with CRLF', pretty.replaceAll('\n', '\r\n')],
    ['with real line breaks in the key', pretty.replaceAll('\\n', '\n')],
    ['with CRLF in the key', pretty.replaceAll('\\n', '\r\n')],
    ['with escaped line breaks between the fields', pretty.replaceAll('\n', '\\n')],
    ['with every line break escaped twice', pretty.replaceAll('\\n', '\\\\n')],
    ['in single quotes', `'${pretty}'`],
    ['in double quotes', `"${pretty}"`],
    ['as a JSON string', JSON.stringify(pretty)],
    ['as the inside of a JSON string', JSON.stringify(pretty).slice(1, -1)],
    ['with quotes escaped but line breaks real', pretty.replaceAll('\\n', '\\\\n').replaceAll('"', '\\"')],
    ['in base64', base64],
    ['in base64 on lines of 76', base64.replace(/(.{76})/g, '$1\n')],
    ['in base64 in quotes', `"${base64}"`],
    ['in base64url', Buffer.from(pretty).toString('base64url')],
    ['in base64 twice', Buffer.from(base64).toString('base64')],
    ['in base64 with a byte order mark inside', Buffer.from(`\uFEFF${pretty}`).toString('base64')],
  ])('%s', (_, text) => {
    const file = parseCredentials(text);
    expect({ ...file, private_key: repairPrivateKey(file?.private_key ?? '') }).toEqual(key);
  });

  it.each([
    ['nothing', ''],
    ['a path', '/home/runner/key.json'],
    ['a word', 'secret'],
    ['the key alone', privateKey],
    ['a list', '[{}]'],
    ['a file cut off', pretty.slice(0, 400)],
  ])('but %s is none', (_, text) => expect(parseCredentials(text)).toBeUndefined());
});

describe('a private key', () => {
  it.each([
    ['whose line breaks became spaces', privateKey.replaceAll('\n', ' ')],
    ['whose line breaks are gone', privateKey.replaceAll('\n', '')],
    ['whose line breaks are written out', privateKey.replaceAll('\n', '\\n')],
    ['with indented lines', privateKey.replaceAll('\n', '\n    ')],
  ])('%s is mended', (_, text) => expect(repairPrivateKey(text)).toBe(privateKey));

  it.each([
    ['cut off', privateKey.slice(0, 300)],
    ['damaged', privateKey.replace(/\n.{64}\n/, '\n')],
    ['without anything', ''],
  ])('%s is refused', (_, text) => expect(repairPrivateKey(text)).toBeUndefined());
});
