import { ActionError } from '@gangway/action';
import type { Inputs } from '../inputs.ts';
import { type Boot, cloudConfig, MARK, ownBoot } from '../machine/cloud-config.ts';
import type { Container } from '../machine/container.ts';
import { DECLARATION_KEY, readDeclaration } from '../machine/declaration.ts';
import { KEPT_KEY, type Kept, readKept, writeKept } from '../machine/kept.ts';
import { mergedContainer } from '../machine/merged-container.ts';

/** What a machine is to boot with, as metadata, and how that differs from what it has. */
export interface WantedBoot extends Boot {
  /** Undefined takes a key away. */
  readonly items: Readonly<Record<string, string | undefined>>;
  /** To be compared: what runs the container, with which settings. */
  readonly before: object | undefined;
  readonly after: object;
  readonly container: Container;
  /** Whether the machine itself tells that it runs this. */
  readonly reports: boolean;
}

export interface Where {
  readonly projectId: string;
  readonly universe: string;
}

const USER_DATA = 'user-data';
/** Set until a machine that tells nothing of itself has answered: a deploy that was cut short is then seen. */
export const PENDING_KEY = 'gangway-pending';
/** Bytes that a value of metadata may have (https://cloud.google.com/compute/docs/metadata/overview#limitations). */
const MOST = 262_144;

/**
 * @param of the machine, for errors
 * @param metadata that it has; empty for a new one
 * @param image by digest
 * @throws ActionError for user data that somebody else wrote, or that is too long
 */
export function wantedBoot(
  of: string,
  metadata: ReadonlyMap<string, string>,
  image: string,
  inputs: Inputs,
  where: Where,
): WantedBoot {
  const wanted =
    inputs.cloudInit === undefined
      ? madeBoot(of, metadata, image, inputs, where)
      : givenBoot(metadata, image, inputs.cloudInit);
  const bytes = Buffer.byteLength(wanted.userData);
  if (bytes > MOST)
    throw new ActionError(
      `The user data of ${of} has ${bytes} bytes, more than Compute Engine's limit of ${MOST}.`,
      {
        code: 'user-data-too-long',
        hint: 'put long values into secrets, or into the image',
      },
    );
  return wanted;
}

function madeBoot(
  of: string,
  metadata: ReadonlyMap<string, string>,
  image: string,
  inputs: Inputs,
  where: Where,
): WantedBoot {
  const userData = metadata.get(USER_DATA);
  if (userData !== undefined && !userData.includes(MARK)) throw foreign(of);
  const current = currentOf(of, metadata);
  const container = mergedContainer(current?.container ?? {}, inputs.container);
  const boot = cloudConfig({ name: inputs.name, image, container, ...where });
  const isMigrated = metadata.has(DECLARATION_KEY);
  return {
    ...boot,
    items: {
      [USER_DATA]: boot.userData,
      'enable-guest-attributes': 'TRUE',
      [KEPT_KEY]: writeKept({ image, container }),
      [DECLARATION_KEY]: undefined,
      [PENDING_KEY]: undefined,
    },
    before: current && {
      runs: isMigrated ? DECLARATION_KEY : UNIT,
      image: current.image,
      container: current.container,
    },
    after: { runs: UNIT, image, container },
    container,
    reports: true,
  };
}

const UNIT = 'systemd unit';

function currentOf(of: string, metadata: ReadonlyMap<string, string>): Kept | undefined {
  const declaration = metadata.get(DECLARATION_KEY);
  if (declaration !== undefined) {
    const { image = '', container } = readDeclaration(of, declaration);
    return { image, container };
  }
  const kept = metadata.get(KEPT_KEY);
  return kept === undefined ? undefined : readKept(of, kept);
}

function givenBoot(metadata: ReadonlyMap<string, string>, image: string, file: string): WantedBoot {
  const boot = ownBoot(file, image);
  const before = metadata.get(USER_DATA);
  const runs = metadata.has(DECLARATION_KEY) ? DECLARATION_KEY : before?.includes(MARK) ? UNIT : 'cloud_init';
  return {
    ...boot,
    items: {
      [USER_DATA]: boot.userData,
      [KEPT_KEY]: undefined,
      [DECLARATION_KEY]: undefined,
    },
    before:
      before === undefined && runs !== DECLARATION_KEY
        ? undefined
        : { runs, userData: shortened(before ?? '') },
    after: { runs: 'cloud_init', userData: shortened(boot.userData) },
    container: {},
    reports: false,
  };
}

/** A file is shown by its size and the images in it: whatever else is in it may be a secret. */
function shortened(userData: string): string {
  const images = [...new Set(userData.match(/[\w./-]+@sha256:[0-9a-f]{64}/g) ?? [])];
  return [`${Buffer.byteLength(userData)} bytes`, ...images].join(', ');
}

function foreign(of: string): ActionError {
  return new ActionError(`${of} has user data that this action didn't write, and would lose it.`, {
    code: 'user-data-foreign',
    hint: `keep that file in the repository, with \${IMAGE} where the image goes, and give it as cloud_init; or remove it: gcloud compute instances remove-metadata ${of} --keys=user-data`,
  });
}
