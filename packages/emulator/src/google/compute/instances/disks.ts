import type { Context } from '../context.ts';
import { invalid, notFound } from '../errors.ts';
import { linkTo, nameIn, pathOf } from '../links.ts';
import { DISK_TYPES } from '../places/catalogue.ts';
import { newestOf, PUBLIC_IMAGES, type PublicImage } from '../places/images.ts';

/** A disk of a new instance, as it is asked for. */
export interface AskedDisk {
  readonly boot?: boolean;
  readonly autoDelete?: boolean;
  readonly deviceName?: string;
  readonly mode?: string;
  readonly source?: string;
  readonly initializeParams?: {
    readonly sourceImage?: string;
    readonly diskName?: string;
    readonly diskSizeGb?: string;
    readonly diskType?: string;
    readonly labels?: Readonly<Record<string, string>>;
  };
}

/** What a boot disk begins as. */
export interface BootDisk {
  readonly asked: AskedDisk;
  readonly image: PublicImage;
  /** e.g. `pd-standard` */
  readonly type: string;
  /** GB */
  readonly size: number;
}

/**
 * The boot disk of an instance or a template: made of a public image.
 *
 * @throws ComputeError for none, or an image that there is not
 */
export function bootDiskOf(cloud: Context, disks: readonly AskedDisk[], field: string): BootDisk {
  const boot = disks.findIndex((disk) => disk.boot);
  const asked = disks[boot];
  if (!asked) throw invalid(field, '', 'A boot disk must be specified.');
  if (disks.length > 1)
    throw invalid(field, '', 'The local cloud has one disk for each instance, which it boots from.');
  const { sourceImage, diskSizeGb, diskType } = asked.initializeParams ?? {};
  const at = `${field}[${boot}].initializeParams`;
  if (sourceImage === undefined)
    throw invalid(`${at}.sourceImage`, '', 'The local cloud makes a boot disk of a public image alone.');
  const image = imageOf(cloud, sourceImage, `${at}.sourceImage`);
  const size = diskSizeGb === undefined ? image.diskSizeGb : Number(diskSizeGb);
  if (size < image.diskSizeGb)
    throw invalid(
      `${at}.diskSizeGb`,
      String(diskSizeGb),
      `Requested disk size cannot be smaller than the image size (${image.diskSizeGb} GB)`,
    );
  const type = diskType === undefined ? 'pd-standard' : nameIn(diskType);
  if (!DISK_TYPES.has(type)) throw invalid(`${at}.diskType`, diskType, 'The disk type does not exist.');
  return { asked, image, type, size };
}

/** The image that a link names: itself, the newest of a family, or what a zone sees of one. @throws ComputeError 404 */
function imageOf(cloud: Context, link: string, field: string): PublicImage {
  const { project, path } = pathOf(link, cloud.project.id, field, 'global/images');
  const [, family] = /^(?:global\/images\/family|zones\/[^/]+\/imageFamilyViews)\/([^/]+)$/.exec(path) ?? [];
  const image = family
    ? newestOf(project, family)
    : PUBLIC_IMAGES.find((one) => one.project === project && path === `global/images/${one.name}`);
  if (!image) throw notFound(`projects/${project}/${family ? `global/images/family/${family}` : path}`);
  return image;
}

/** A boot disk as an instance shows it. */
export function attached(
  cloud: Context,
  zone: string,
  disk: string,
  { asked, image, size }: BootDisk,
): object {
  const { id } = cloud.project;
  return {
    kind: 'compute#attachedDisk',
    index: 0,
    boot: true,
    autoDelete: asked.autoDelete ?? false,
    deviceName: asked.deviceName ?? 'persistent-disk-0',
    mode: asked.mode ?? 'READ_WRITE',
    interface: 'SCSI',
    type: 'PERSISTENT',
    source: linkTo(id, `zones/${zone}/disks/${disk}`),
    diskSizeGb: String(size),
    architecture: image.architecture,
    guestOsFeatures: ['UEFI_COMPATIBLE', 'VIRTIO_SCSI_MULTIQUEUE', 'GVNIC'].map((type) => ({ type })),
    licenses: [
      linkTo(image.project, `global/licenses/${image.project === 'cos-cloud' ? 'cos' : image.family}`),
    ],
  };
}

/** A disk by itself. */
export function diskFields(
  cloud: Context,
  zone: string,
  { image, type, size }: BootDisk,
): Record<string, unknown> {
  const { id } = cloud.project;
  return {
    sizeGb: String(size),
    status: 'READY',
    sourceImage: linkTo(image.project, `global/images/${image.name}`),
    type: linkTo(id, `zones/${zone}/diskTypes/${type}`),
    architecture: image.architecture,
    physicalBlockSizeBytes: '4096',
  };
}
