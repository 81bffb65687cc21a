import { createHash } from 'node:crypto';
import type { Call, Reply } from '../../../kernel/http/call.ts';
import type { Route } from '../../../kernel/http/route.ts';
import type { Context } from '../context.ts';
import { notFound } from '../errors.ts';
import { isOwn, publicRoute } from '../guarded.ts';
import { linkTo } from '../links.ts';
import { listed } from '../listing/listed.ts';
import { printed } from '../time.ts';
import { newestOf, PUBLIC_IMAGES, type PublicImage } from './images.ts';

const DAY = 24 * 3_600_000;
/** The time of day at which images are built. */
const BUILT_AT = 'T09:30:00.000-08:00';

/** Public images; the project itself has none (https://cloud.google.com/compute/docs/reference/rest/v1/images). */
export const imageRoutes: readonly Route<Context>[] = [
  publicRoute('GET', '/global/images', 'compute.images.list', list),
  publicRoute('GET', '/global/images/{name}', 'compute.images.get', (call, { clock }) => {
    const { project = '', name = '' } = call.params;
    const image = PUBLIC_IMAGES.find((one) => one.project === project && one.name === name);
    if (!image) throw notFound(`projects/${project}/global/images/${name}`);
    return { body: shown(image, clock.now()) };
  }),
  publicRoute('GET', '/global/images/family/{family}', 'compute.images.getFromFamily', (call, { clock }) => ({
    body: shown(ofFamily(call), clock.now()),
  })),
  publicRoute(
    'GET',
    '/zones/{zone}/imageFamilyViews/{family}',
    'compute.imageFamilyViews.get',
    (call, { clock }) => ({
      body: { image: shown(ofFamily(call), clock.now()) },
    }),
  ),
];

function list(call: Call, cloud: Context): Reply {
  const { project = '' } = call.params;
  const known = new Set(PUBLIC_IMAGES.map((image) => image.project));
  if (!known.has(project) && !isOwn(project, cloud)) throw notFound(`projects/${project}`);
  const images = PUBLIC_IMAGES.filter((image) => image.project === project);
  const now = cloud.clock.now();
  return listed(
    call,
    'compute#imageList',
    images.map((image) => shown(image, now)),
  );
}

function ofFamily({ params: { project = '', family = '' } }: Call): PublicImage {
  const image = newestOf(project, family);
  if (!image) throw notFound(`projects/${project}/global/images/family/${family}`);
  return image;
}

function shown(image: PublicImage, now: number) {
  const { project, name, family, title, age, architecture, diskSizeGb, isDeprecated } = image;
  const built = builtBefore(now - age * DAY);
  const id = createHash('sha256').update(name).digest().readBigUInt64BE() >> 1n;
  return {
    kind: 'compute#image',
    id: String(id),
    creationTimestamp: `${built}${BUILT_AT}`,
    ...{ name, family, architecture },
    description: `${title}, ${architecture} built on ${built}`,
    sourceType: 'RAW',
    rawDisk: { source: '', containerType: 'TAR' },
    status: 'READY',
    ...(isDeprecated && { deprecated: { state: 'DEPRECATED' } }),
    archiveSizeBytes: '1073741824',
    diskSizeGb: String(diskSizeGb),
    licenses: [linkTo(project, `global/licenses/${project === 'cos-cloud' ? 'cos' : family}`)],
    guestOsFeatures: ['UEFI_COMPATIBLE', 'VIRTIO_SCSI_MULTIQUEUE', 'GVNIC', 'SEV_CAPABLE'].map((type) => ({
      type,
    })),
    storageLocations: ['us'],
    selfLink: linkTo(project, `global/images/${name}`),
  };
}

/** The last day on which an image was built before that moment, in milliseconds since the epoch. */
export function builtBefore(moment: number): string {
  const day = printed(moment).slice(0, 10);
  return Date.parse(`${day}${BUILT_AT}`) <= moment ? day : printed(moment - DAY).slice(0, 10);
}
