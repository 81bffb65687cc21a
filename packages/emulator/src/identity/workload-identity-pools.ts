import { notFound } from '../errors.ts';

/** An OIDC provider of a pool: whose tokens are taken and what they become. */
export interface Provider {
  /** `projects/NUMBER/locations/global/workloadIdentityPools/POOL/providers/PROVIDER` */
  readonly name: string;
  readonly issuer: string;
  /** Audiences a token may be for; none means the provider's own name, with or without `https:`. */
  readonly allowedAudiences: readonly string[];
  /** From `google.subject` or `attribute.NAME` to CEL over `assertion`. */
  readonly attributeMapping: Readonly<Record<string, string>>;
  /** CEL over `assertion`, `google` and `attribute`; without it every token of the issuer is taken. */
  readonly attributeCondition?: string;
  disabled?: boolean;
}

/** The workload identity pools and their providers (https://cloud.google.com/iam/docs/workload-identity-federation). */
export class WorkloadIdentityPools {
  readonly #providers = new Map<string, Provider>();

  add(provider: Provider): void {
    this.#providers.set(provider.name, provider);
  }

  find(name: string): Provider | undefined {
    return this.#providers.get(name);
  }

  /** @throws ApiError NOT_FOUND */
  get(name: string): Provider {
    const provider = this.find(name);
    if (!provider) throw notFound(name);
    return provider;
  }

  /** The providers whose name starts with a pool's. */
  list(pool: string): Provider[] {
    return [...this.#providers.values()].filter(({ name }) => name.startsWith(`${pool}/providers/`));
  }
}

/** The audiences a token for this provider may carry. */
export function audiencesOf({ name, allowedAudiences }: Provider): readonly string[] {
  return allowedAudiences.length > 0
    ? allowedAudiences
    : [`https://iam.googleapis.com/${name}`, `//iam.googleapis.com/${name}`];
}
