import { service } from '../../contracts.ts';
import { operationRoutes } from '../../kernel/operations/routes.ts';
import { type Declaration, prefixOf } from '../../kernel/service/declaration.ts';
import type { Platform } from '../../kernel/service/platform.ts';
import { OTHER_APIS } from './catalog.ts';
import { denied } from './errors.ts';
import { serviceUsageRoutes } from './services.ts';
import { ServiceUsageState } from './state.ts';

const API = 'serviceusage.googleapis.com';

/** What is on in every new project, as far as it matters here (https://cloud.google.com/service-usage/docs/enabled-service). */
const ENABLED_BY_GOOGLE = [
  'cloudapis',
  'logging',
  'monitoring',
  'servicemanagement',
  'serviceusage',
  'storage',
];

/** What API Gateway needs and the local cloud does not have. */
const ENABLED_BESIDES = ['servicemanagement', 'servicecontrol'];

/** The Service Usage API v1 (https://cloud.google.com/service-usage/docs/reference/rest). */
export const serviceUsage = service({
  name: API,
  title: 'Service Usage API',
  enabled: true,
  overrides: ['serviceusage', 'servicemanagement'],
  scopes: { full: ['service.management'], read: ['cloud-platform.read-only'] },
  permissions: {
    'servicemanagement.services':
      'bind check create delete get list quota report update getIamPolicy setIamPolicy',
    'serviceusage.apiKeys': 'regenerate revert',
    'serviceusage.operations': 'cancel delete get list',
    'serviceusage.services': 'disable enable get list use',
  },
  deployerRoles: ['roles/serviceusage.serviceUsageAdmin', 'roles/servicemanagement.serviceConsumer'],
  needs: ['iam'],
  state: ({ catalogue }: Platform) => ({ serviceUsage: new ServiceUsageState(apisOf(catalogue)) }),
  provides: ({ serviceUsage }) => ({
    apis: {
      isEnabled: (api) => serviceUsage.enabled.has(api),
      titleOf: (api) => serviceUsage.titleOf(api),
      isKnown: (api) => serviceUsage.apis.has(api),
      register: (name, title) => serviceUsage.managed.set(name, title),
    },
  }),
  routes: [
    ...serviceUsageRoutes,
    ...operationRoutes({
      api: API,
      version: 'v1',
      published: { root: ['get', 'cancel'] },
      denied: (verb, permission, name, project) => denied(`${verb} operation [${name}]`, permission, project),
    }),
  ],
  save: ({ serviceUsage: { enabled, managed } }) => ({ enabled, managed }),
  restore({ serviceUsage }, { enabled, managed }) {
    for (const name of enabled) serviceUsage.enabled.add(name);
    for (const [name, title] of managed) serviceUsage.managed.set(name, title);
  },
  seed({ catalogue, serviceUsage }, bare) {
    const others = bare ? ENABLED_BY_GOOGLE : ENABLED_BESIDES;
    for (const name of others) serviceUsage.enabled.add(`${name}.googleapis.com`);
    if (bare) return;
    for (const { name, enabled } of catalogue) if (enabled) serviceUsage.enabled.add(name);
  },
});

/** The APIs that a project can enable: those of the local cloud, and others. */
function apisOf(catalogue: readonly Declaration[]): ReadonlyMap<string, string> {
  const own = catalogue
    .filter((declaration) => declaration.name.endsWith('.googleapis.com') && prefixOf(declaration))
    .map(({ name, title }) => [name, title] as const);
  return new Map([...own, ...Object.entries(OTHER_APIS)]);
}
