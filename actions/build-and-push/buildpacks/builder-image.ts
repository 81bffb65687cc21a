import { log } from '@gangway/action';
import type { TokenClient } from '@gangway/auth';
import { registryOverride } from '@gangway/google-cloud';
import { fields, list, parseJson, text } from '@gangway/http';
import { dockerName, parseImageName, parseReference } from '@gangway/registry';
import { NoKey } from '@gangway/sources';
import { readReference } from '../inputs/reference.ts';
import { imageDigest, labelsOf } from '../sources/base-images.ts';
import { PLATFORM } from '../sources/platform.ts';

/** Google's builder, which `gcloud run deploy --source` builds with, too: of Ubuntu 24, in General Availability since February 2026. */
export const GOOGLES = 'gcr.io/buildpacks/builder:google-24';

/** A builder image as its registry has it. */
export interface BuilderImage {
  /** As the user or project.toml names it. */
  readonly name: string;
  /** What pack is told: by digest, where that is known. */
  readonly reference: string;
  /** Digests of the builder and the image that it builds on; or why they are not known. */
  readonly digests: readonly [builder: string, run: string] | NoKey;
  /** Registries of Google's that the step's token reads, too. */
  readonly hosts: readonly string[];
  /** Whether its buildpacks may run in the container that has the registry's credentials. */
  readonly trusted: boolean;
}

/**
 * Asks the registries what the builder is now, so that pack builds with what the key says.
 *
 * @param own the registry that the credentials are for
 */
export async function findBuilderImage(name: string, own: string, auth: TokenClient): Promise<BuilderImage> {
  const given = inDocker(name);
  const trusted = isTrusted(given);
  try {
    const digest = await imageDigest(given, own, auth);
    const reference = `${given.replace(/@.*$/, '').replace(/:[^:/]*$/, '')}@${digest}`;
    const run = await runImage(reference, own, auth);
    const digests = [digest, await imageDigest(run, own, auth)] as const;
    return { name, reference, digests, trusted, hosts: hostsOf(given, run) };
  } catch (error) {
    if (!(error instanceof NoKey)) throw error;
    return { name, reference: given, digests: error, trusted, hosts: hostsOf(given) };
  }
}

/** As Docker writes it, on the registry that stands in for Google's where one does. */
function inDocker(name: string): string {
  const reference = readReference(name);
  const known = reference && parseImageName(`${reference.host}/${reference.path}`);
  if (!reference || !known) return name;
  const { tag, digest } = reference;
  return `${dockerName(known, registryOverride())}${tag && `:${tag}`}${digest ? `@${digest}` : ''}`;
}

interface Metadata {
  readonly stack?: { readonly runImage?: { readonly image?: string } };
  readonly images?: readonly { readonly image?: string }[];
}

const IMAGE = fields<{ image?: string }>({ image: text });
const METADATA = fields<Metadata>({
  stack: fields<NonNullable<Metadata['stack']>>({ runImage: IMAGE }),
  images: list(IMAGE),
});

/**
 * The image that the builder puts what it built on.
 *
 * @see https://github.com/buildpacks/spec/blob/main/platform.md#run-image-resolution
 */
async function runImage(builder: string, own: string, auth: TokenClient): Promise<string> {
  const labels = await labelsOf(builder, PLATFORM, own, auth);
  const metadata = labels?.['io.buildpacks.builder.metadata'];
  if (!metadata) throw new NoKey(`the builder ${builder} doesn't name its run image`);
  const { stack, images } = parseJson(
    Buffer.from(metadata),
    `The metadata of the builder ${builder}`,
    METADATA,
  );
  const run = images?.[0]?.image ?? stack?.runImage?.image;
  if (!run) throw new NoKey(`the builder ${builder} doesn't name its run image`);
  log.debug(`The builder ${builder} builds on ${run}.`);
  return run;
}

function hostsOf(...names: string[]): string[] {
  const hosts = names.flatMap((name) => parseReference(name)?.host ?? []);
  return [...new Set(hosts.filter((host) => /^[a-z0-9-]+-docker\.pkg\.dev$/.test(host)))];
}

/** Those of the makers that pack itself trusts (https://buildpacks.io/docs/for-app-developers/concepts/trusted_builders/). */
function isTrusted(name: string): boolean {
  const { host, path } = parseReference(name) ?? {};
  if (host === 'gcr.io') return /^(buildpacks|serverless-runtimes|gae-runtimes)\//.test(path ?? '');
  return host === 'registry-1.docker.io' && /^(heroku\/builder|paketobuildpacks\/)/.test(path ?? '');
}
