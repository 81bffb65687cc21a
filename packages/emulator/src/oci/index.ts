export { RegistryError } from './errors.ts';
export type { Action, Bearer, Credentials, ImageHome, Target } from './home.ts';
export {
  type Image,
  Images,
  parentOf,
  type SavedImages,
  type StoredManifest,
  sizeOf,
  tagsOf,
} from './images.ts';
export { digestOf, isDigest, type Manifest, OCI_INDEX, parseManifest } from './manifest.ts';
