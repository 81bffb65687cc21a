import 'reflect-metadata';
import { createPrivateKey, randomBytes, webcrypto, X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509CertificateGenerator,
} from '@peculiar/x509';

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const DAY = 24 * 3600 * 1000;
/** Of the authority, and of what it signs; Apple's clients take no server's certificate of more than 825 days. */
const LIFETIME = 30 * DAY;

/** A certificate authority of one local cloud. Its key is in memory alone, and is gone with it. */
export interface Authority {
  /** What clients are to trust, PEM. */
  readonly certificate: string;
  /** What TLS shows for a host, made when it is first asked for. */
  identityOf(host: string): Promise<Identity>;
}

/** A key, and the certificates that lead from it to the authority's; PEM. */
export interface Identity {
  readonly key: string;
  readonly cert: string;
}

/** Makes an authority that is good from yesterday on: clocks differ. */
export async function createAuthority(now = Date.now()): Promise<Authority> {
  const keys = await generate();
  const validity = { notBefore: new Date(now - DAY), notAfter: new Date(now + LIFETIME) };
  const name = `CN=Gangway local cloud ${randomBytes(4).toString('hex')}`;
  const certificate = await X509CertificateGenerator.createSelfSigned({
    serialNumber: serial(),
    name,
    ...validity,
    signingAlgorithm: ALGORITHM,
    keys,
    extensions: [
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  const identities = new Map<string, Promise<Identity>>();
  const make = async (host: string): Promise<Identity> => {
    const own = await generate();
    const type = isIP(host) ? 'ip' : 'dns';
    const leaf = await X509CertificateGenerator.create({
      serialNumber: serial(),
      subject: [{ CN: [host.slice(0, 64)] }],
      issuer: certificate.subject,
      ...validity,
      signingAlgorithm: ALGORITHM,
      publicKey: own.publicKey,
      signingKey: keys.privateKey,
      extensions: [
        new BasicConstraintsExtension(false, undefined, true),
        new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
        new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
        new SubjectAlternativeNameExtension([{ type, value: host }]),
        await SubjectKeyIdentifierExtension.create(own.publicKey),
        await AuthorityKeyIdentifierExtension.create(keys.publicKey),
      ],
    });
    const key = createPrivateKey({
      key: Buffer.from(await webcrypto.subtle.exportKey('pkcs8', own.privateKey)),
      format: 'der',
      type: 'pkcs8',
    });
    return {
      key: key.export({ format: 'pem', type: 'pkcs8' }).toString(),
      cert: `${pem(leaf.rawData)}${pem(certificate.rawData)}`,
    };
  };
  return {
    certificate: pem(certificate.rawData),
    identityOf(host) {
      const known = identities.get(host) ?? make(host);
      identities.set(host, known);
      return known;
    },
  };
}

function generate(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(ALGORITHM, true, [
    'sign',
    'verify',
  ]) as Promise<webcrypto.CryptoKeyPair>;
}

/** Positive, as X.509 wants it. */
function serial(): string {
  return `01${randomBytes(15).toString('hex')}`;
}

function pem(raw: ArrayBuffer): string {
  return new X509Certificate(Buffer.from(raw)).toString();
}
