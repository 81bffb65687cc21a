import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from './command.ts';

/** For TLS; PEM. */
export interface Certificate {
  readonly key: string;
  readonly certificate: string;
}

/**
 * Makes a certificate that signs itself, for two days. Needs openssl.
 * @param names as a subject's alternative names: `DNS:*.example.com`, `IP:127.0.0.1`
 */
export async function selfSigned(names: readonly string[]): Promise<Certificate> {
  const folder = await mkdtemp(join(tmpdir(), 'gangway-certificate-'));
  const [key, certificate] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const subject = ['-subj', '/CN=Gangway test', '-addext', `subjectAltName=${names.join(',')}`];
  const files = ['-keyout', key, '-out', certificate, '-days', '2', '-nodes'];
  try {
    await run('openssl', ['req', '-x509', '-newkey', 'rsa:2048', ...files, ...subject]);
    return { key: await readFile(key, 'utf8'), certificate: await readFile(certificate, 'utf8') };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
