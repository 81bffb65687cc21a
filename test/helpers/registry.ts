import type { RunningCloud } from '@gangway/emulator';

interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
  readonly platform?: { readonly os: string; readonly architecture: string };
  readonly annotations?: Readonly<Record<string, string>>;
}

/** What is read of manifests and indexes. */
interface Manifest {
  readonly mediaType: string;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly config: Descriptor;
  readonly layers: readonly Descriptor[];
  readonly manifests: readonly Descriptor[];
}

interface ImageConfig {
  readonly created: string;
  readonly architecture: string;
  readonly config: { readonly Labels?: Readonly<Record<string, string>> };
  readonly history: readonly { readonly created: string }[];
}

/** Reads an image as a client of the registry does, without a cache between. */
export function registryOf(cloud: RunningCloud, image: string) {
  const { token } = cloud.tokens.issue(
    { member: 'user:owner@example.com', memberOf: [], email: 'owner@example.com' },
    3600,
  );
  const get = (path: string) =>
    fetch(`${cloud.origin}/v2/${image}/${path}`, {
      headers: { authorization: `Bearer ${token}`, accept: '*/*' },
    });
  return {
    /** Digest that a tag names. */
    async digest(tag: string): Promise<string | undefined> {
      const response = await get(`manifests/${tag}`);
      return response.ok ? (response.headers.get('docker-content-digest') ?? undefined) : undefined;
    },
    async manifest(reference: string): Promise<Manifest> {
      return (await (await get(`manifests/${reference}`)).json()) as Manifest;
    },
    async list(): Promise<{ readonly tags: readonly string[] }> {
      return (await (await get('tags/list')).json()) as { tags: string[] };
    },
    async config(reference: string): Promise<ImageConfig> {
      const { config } = await this.manifest(reference);
      return (await (await get(`blobs/${config.digest}`)).json()) as ImageConfig;
    },
  };
}
