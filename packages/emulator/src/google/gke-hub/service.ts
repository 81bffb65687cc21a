import { service } from '../../contracts.ts';
import { gatewayRoutes } from './gateway.ts';
import { membershipRoutes } from './memberships.ts';

const GATEWAY = 'generateCredentials get patch post put delete';
const EDIT = GATEWAY.split(' ').map((verb) => `gkehub.gateway.${verb}`);
const READ = ['gkehub.gateway.generateCredentials', 'gkehub.gateway.get'];
const MEMBERS = ['gkehub.memberships.get', 'gkehub.memberships.list'];

/** The GKE Hub API v1, as far as it tells which clusters are in the fleet (https://cloud.google.com/kubernetes-engine/fleet-management/docs/reference/rest). */
export const gkeHub = service({
  name: 'gkehub.googleapis.com',
  title: 'GKE Hub API',
  scopes: { read: ['cloud-platform.read-only'] },
  permissions: {
    'gkehub.memberships': 'create delete get list update',
    'gkehub.gateway': `${GATEWAY} stream`,
  },
  // https://cloud.google.com/iam/docs/roles-permissions/gkehub
  roles: {
    'roles/gkehub.admin': ['gkehub.memberships.*'],
    'roles/gkehub.viewer': MEMBERS,
    'roles/gkehub.gatewayAdmin': ['gkehub.gateway.*'],
    'roles/gkehub.gatewayEditor': EDIT,
    'roles/gkehub.gatewayReader': READ,
    'roles/editor': ['gkehub.memberships.*', ...EDIT],
    'roles/viewer': [...MEMBERS, ...READ],
  },
  needs: ['iam', 'clusterAccess'],
  routes: membershipRoutes,
});

/** The Connect gateway, by which API servers of the fleet are reached (https://cloud.google.com/kubernetes-engine/enterprise/multicluster-management/gateway). */
export const connectGateway = service({
  name: 'connectgateway.googleapis.com',
  title: 'Connect Gateway API',
  // A region's own host.
  hosts: ['*-connectgateway.googleapis.com'],
  needs: ['iam', 'clusterAccess'],
  routes: gatewayRoutes,
});
