import type { Volume } from '../api/resources.ts';
import type { Aliases } from './container.ts';
import type { Reader } from './reader.ts';

type SecretItem = NonNullable<NonNullable<Volume['secret']>['items']>[number];

/** A volume of Knative's serving API as the API v2 has it (https://cloud.google.com/run/docs/reference/rest/v1/Volume). */
export function readVolume(volume: Reader, aliases: Aliases): Volume {
  return volume.object<Volume>({
    name: (name) => ({ name: name.text() }),
    secret: (secret) => ({ secret: readSecret(secret, aliases) }),
    emptyDir: (directory) => ({
      emptyDir: directory.object<NonNullable<Volume['emptyDir']>>({
        medium: (medium) => {
          // Google leaves out what is not specified.
          const word = medium.word({ Memory: 'MEMORY', Disk: 'DISK', '': undefined });
          return word === undefined ? undefined : { medium: word };
        },
        sizeLimit: (size) => ({ sizeLimit: size.text() }),
      }),
    }),
    nfs: (nfs) => ({
      nfs: nfs.object<NonNullable<Volume['nfs']>>({
        server: (server) => ({ server: server.text() }),
        path: (path) => ({ path: path.text() }),
        readOnly: (readOnly) => ({ readOnly: readOnly.boolean() }),
      }),
    }),
    filestore: (filestore) => ({
      filestore: filestore.object<{ volume?: string }>({ volume: (name) => ({ volume: name.text() }) }),
    }),
    csi: (csi) => ({ gcs: readBucket(csi) }),
  });
}

function readSecret(secret: Reader, aliases: Aliases): NonNullable<Volume['secret']> {
  return secret.object<NonNullable<Volume['secret']>>({
    secretName: (name) => ({ secret: aliases.get(name.text()) ?? name.text() }),
    defaultMode: (mode) => ({ defaultMode: mode.number() }),
    items: (items) => ({
      items: items.list((item) =>
        item.object<SecretItem>({
          key: (key) => ({ version: key.text() }),
          path: (path) => ({ path: path.text() }),
          mode: (mode) => ({ mode: mode.number() }),
        }),
      ),
    }),
  });
}

/** Cloud Storage is mounted by a driver of its own (https://cloud.google.com/run/docs/configuring/services/cloud-storage-volume-mounts). */
function readBucket(csi: Reader): NonNullable<Volume['gcs']> {
  return csi.object<NonNullable<Volume['gcs']>>({
    driver: (driver) => driver.word({ 'gcsfuse.run.googleapis.com': undefined }),
    readOnly: (readOnly) => ({ readOnly: readOnly.boolean() }),
    volumeAttributes: (attributes) =>
      attributes.object<NonNullable<Volume['gcs']>>({
        bucketName: (bucket) => ({ bucket: bucket.text() }),
        mountOptions: (options) => ({ mountOptions: options.text().split(',') }),
      }),
  });
}
