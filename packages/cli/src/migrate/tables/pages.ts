import { API_GATEWAY, SERVICES_ENABLE } from './api-gateway.ts';
import { BUILD_PUSH, METADATA } from './build-push-action.ts';
import { DEPLOY_CLOUDRUN, RUN_FLAGS } from './cloud-run.ts';
import { BUILDS_SUBMIT, DOCKER_BUILD } from './docker-build.ts';
import { FLYCTL_ACTIONS, FLYCTL_DEPLOY, REVIEW_APPS } from './fly.ts';
import type { Table } from './mapping.ts';
import { AUTH, LOGIN, SETUP_GCLOUD } from './sign-in.ts';

/** The tables of each page of docs/migrating, by the mark where each stands. */
export const PAGES: Readonly<Record<string, Readonly<Record<string, Table>>>> = {
  'deploy-cloudrun': {
    'deploy-cloudrun': DEPLOY_CLOUDRUN,
    flags: RUN_FLAGS,
    auth: AUTH,
    'setup-gcloud': SETUP_GCLOUD,
  },
  'docker-actions': {
    'build-push-action': BUILD_PUSH,
    'metadata-action': METADATA,
    'login-action': LOGIN,
  },
  'fly-actions': {
    'flyctl-actions': FLYCTL_ACTIONS,
    'flyctl-deploy': FLYCTL_DEPLOY,
    'fly-pr-review-apps': REVIEW_APPS,
  },
  'gcloud-scripts': {
    'docker-build': DOCKER_BUILD,
    'builds-submit': BUILDS_SUBMIT,
    'run-deploy': RUN_FLAGS,
    'api-gateway': API_GATEWAY,
    'services-enable': SERVICES_ENABLE,
  },
};
