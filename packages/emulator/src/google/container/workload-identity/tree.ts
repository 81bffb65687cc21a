import type { Node } from '../../metadata/answer.ts';
import type { Asker, MetadataSite } from './asker.ts';

const SCOPES = [
  'https://www.googleapis.com/auth/cloud-platform',
  'https://www.googleapis.com/auth/userinfo.email',
];

/**
 * What the metadata server of Kubernetes Engine tells, but for tokens: less than that of a machine.
 *
 * @param email of the asker's account
 * @see https://cloud.google.com/kubernetes-engine/docs/concepts/workload-identity#instance_metadata
 */
export function metadataTree({ cluster, project }: MetadataSite, asker: Asker, email: string): Node {
  const [, location = '', name = ''] = /\/locations\/([^/]+)\/clusters\/([^/]+)$/.exec(cluster) ?? [];
  const zone = /-[a-z]$/.test(location) ? location : `${location}-a`;
  const account = { aliases: ['default'], email, scopes: SCOPES };
  return {
    instance: {
      attributes: { 'cluster-location': location, 'cluster-name': name },
      hostname: `${asker.node}.${zone}.c.${project.id}.internal`,
      'service-accounts': { [email]: account, default: account },
      zone: `projects/${project.number}/zones/${zone}`,
    },
    project: { 'numeric-project-id': project.number, 'project-id': project.id },
    universe: { 'universe-domain': 'googleapis.com' },
  };
}
