import { createHmac } from 'node:crypto';
import type { Platform } from '../../kernel/service/platform.ts';

/** What `gcloud auth application-default login` leaves behind. */
export interface AuthorizedUserFile {
  readonly type: 'authorized_user';
  readonly client_id: string;
  readonly client_secret: string;
  readonly refresh_token: string;
  readonly quota_project_id: string;
}

/** The Application Default Credentials of the project's owner, good as long as the cloud runs. */
export function authorizedUser(cloud: Pick<Platform, 'keys' | 'project'>): AuthorizedUserFile {
  const secret = (purpose: string): string =>
    createHmac('sha256', cloud.keys.requestSecret).update(purpose).digest('base64url');
  return {
    type: 'authorized_user',
    client_id: 'local.apps.googleusercontent.com',
    client_secret: secret('client'),
    refresh_token: `1//${secret('refresh')}`,
    quota_project_id: cloud.project.id,
  };
}
