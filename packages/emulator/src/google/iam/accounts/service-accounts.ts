import { createHash } from 'node:crypto';
import { ApiError, alreadyExists } from '../../../kernel/errors.ts';
import type { ServiceAccount } from './service-account.ts';
import { restoreKey, type SavedKey, savedKeyOf } from './system-key.ts';

interface SavedAccounts {
  readonly accounts: readonly ServiceAccount[];
  readonly deleted: readonly ServiceAccount[];
  readonly system: readonly ({ readonly uniqueId: string } & SavedKey)[];
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

  /** Every account, to be kept: those that were deleted, too, and the keys that Google holds. */
  save(): SavedAccounts {
    const known = [...this.list(), ...this.#deleted];
    const system = known.flatMap((account) => {
      const key = savedKeyOf(account);
      return key ? [{ uniqueId: account.uniqueId, ...key }] : [];
    });
    return { accounts: this.list(), deleted: this.#deleted, system };
  }

  restore({ accounts, deleted, system }: SavedAccounts): void {
    for (const account of accounts) this.#byEmail.set(account.email, account);
    this.#deleted.push(...deleted);
    for (const { uniqueId, id, privateKey } of system) {
      const account = [...accounts, ...deleted].find((one) => one.uniqueId === uniqueId);
      if (account) restoreKey(account, { id, privateKey });
    }
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

/** 21 digits that stay the same for an e-mail. */
function uniqueId(email: string): string {
  const digits = BigInt(`0x${createHash('sha256').update(email).digest('hex')}`).toString();
  return `1${digits.slice(0, 20)}`;
}
