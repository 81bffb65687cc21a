import { service } from '../../contracts.ts';
import { stsRoutes } from './exchange.ts';

/** The Security Token Service API v1 (https://cloud.google.com/iam/docs/reference/sts/rest). */
export const sts = service({
  name: 'sts.googleapis.com',
  title: 'Security Token Service API',
  enabled: true,
  needs: ['pools', 'tokens', 'clusterAccess'],
  routes: stsRoutes,
  // google-github-actions' own name for its endpoints.
  env: ({ origin }) => ({ GHA_ENDPOINT_OVERRIDE_sts: `${origin}/sts/v1` }),
});
