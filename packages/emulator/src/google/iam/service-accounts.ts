import { createHash, generateKeyPair, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import { ApiError, alreadyExists } from '../../kernel/errors.ts';
import type { Context } from './context.ts';
import { systemKeyOf } from './system-key.ts';

const generateRsa = promisify(generateKeyPair);

export interface ServiceAccountKey {
  /** The `private_key_id` of the key file and the `kid` of what it signs. */
  readonly id: string;
  /** SubjectPublicKeyInfo, PEM. */
  readonly publicKey: string;
  /** Milliseconds since the epoch. */
  readonly created: number;
  /** Kept, and good for nothing. */
  disabled?: boolean;
}

export interface ServiceAccount {
  readonly email: string;
  /** The number that outlives renames; the `sub` of its ID tokens. */
  readonly uniqueId: string;
  readonly projectId: string;
  readonly displayName: string;
  readonly description: string;
  disabled: boolean;
  /** Exempt from the hour's limit by the constraint iam.allowServiceAccountCredentialLifetimeExtension. */
  extendedLifetime?: boolean;
  readonly keys: ServiceAccountKey[];
}

/** The key file a person downloads (https://cloud.google.com/iam/docs/keys-create-delete). */
export interface KeyFile {
  readonly type: 'service_account';
  readonly project_id: string;
  readonly private_key_id: string;
  readonly private_key: string;
  readonly client_email: string;
  readonly client_id: string;
  readonly auth_uri: string;
  readonly token_uri: string;
  readonly auth_provider_x509_cert_url: string;
  readonly client_x509_cert_url: string;
  readonly universe_domain: string;
}

/** The keys by which an account can sign in: its own, and the one that Google holds. */
export function usableKeys(account: ServiceAccount): Pick<ServiceAccountKey, 'id' | 'publicKey'>[] {
  const system = systemKeyOf(account);
  return [...account.keys.filter(({ disabled }) => !disabled), ...(system ? [system] : [])];
}

/** The service accounts of the project. */
export class ServiceAccounts {
  readonly #byEmail = new Map<string, ServiceAccount>();
  readonly #deleted: ServiceAccount[] = [];

  list(): ServiceAccount[] {
    return [...this.#byEmail.values()];
  }

  ofEmail(email: string): ServiceAccount | undefined {
    return this.#byEmail.get(email);
  }

  /** @param id an e-mail or a unique id */
  find(id: string): ServiceAccount | undefined {
    return this.ofEmail(id) ?? this.list().find(({ uniqueId }) => uniqueId === id);
  }

  /** @throws ApiError NOT_FOUND in the words of the IAM API */
  get(id: string): ServiceAccount {
    const account = this.find(id);
    if (!account) throw new ApiError('NOT_FOUND', `Unknown service account: ${id}`);
    return account;
  }

  /** @throws ApiError ALREADY_EXISTS when the e-mail is taken */
  add(projectId: string, email: string, { displayName = '', description = '' } = {}): ServiceAccount {
    if (this.#byEmail.has(email)) throw alreadyExists(`projects/${projectId}/serviceAccounts/${email}`);
    const before = this.#deleted.filter((account) => account.email === email).length;
    const account = {
      email,
      uniqueId: uniqueId(before === 0 ? email : `${email}#${before}`),
      projectId,
      displayName,
      description,
      disabled: false,
      keys: [],
    };
    this.#byEmail.set(email, account);
    return account;
  }

  /** Deletes an account, which can be restored by its unique id until another has its e-mail. */
  delete(account: ServiceAccount): void {
    this.#byEmail.delete(account.email);
    this.#deleted.push(account);
  }

  /** Whether the account of that e-mail was deleted, and no other has it. */
  isDeleted(email: string): boolean {
    return !this.#byEmail.has(email) && this.#deleted.some((account) => account.email === email);
  }

  /** Brings a deleted account back. @throws ApiError NOT_FOUND, ALREADY_EXISTS */
  undelete(uniqueId: string): ServiceAccount {
    const index = this.#deleted.findIndex((account) => account.uniqueId === uniqueId);
    const account = this.#deleted[index];
    if (!account) throw new ApiError('NOT_FOUND', `Unknown service account: ${uniqueId}`);
    const { email, projectId } = account;
    if (this.#byEmail.has(email)) throw alreadyExists(`projects/${projectId}/serviceAccounts/${email}`);
    this.#deleted.splice(index, 1);
    this.#byEmail.set(email, account);
    return account;
  }
}

/**
 * Creates a key of a service account and returns the key file, whose private half the cloud does not keep.
 *
 * @throws ApiError NOT_FOUND for an unknown account
 */
export async function createServiceAccountKey(
  cloud: Pick<Context, 'iamAdmin' | 'clock'>,
  email: string,
): Promise<KeyFile> {
  const account = cloud.iamAdmin.accounts.get(email);
  const { privateKey, publicKey } = await generateRsa('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  const id = randomBytes(20).toString('hex');
  account.keys.push({ id, publicKey, created: cloud.clock.now() });
  return {
    type: 'service_account',
    project_id: account.projectId,
    private_key_id: id,
    private_key: privateKey,
    client_email: account.email,
    client_id: account.uniqueId,
    auth_uri: 'https://accounts.google.com/o/oauth2/auth',
    token_uri: 'https://oauth2.googleapis.com/token',
    auth_provider_x509_cert_url: 'https://www.googleapis.com/oauth2/v1/certs',
    client_x509_cert_url: `https://www.googleapis.com/robot/v1/metadata/x509/${encodeURIComponent(account.email)}`,
    universe_domain: 'googleapis.com',
  };
}

/** 21 digits that stay the same for an e-mail. */
function uniqueId(email: string): string {
  const digits = BigInt(`0x${createHash('sha256').update(email).digest('hex')}`).toString();
  return `1${digits.slice(0, 20)}`;
}
