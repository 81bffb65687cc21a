import type { PythonPackages } from './python-packages.ts';

/** Google's own Python clients of the services that the local cloud has, as people install them. */
export const googleClients: PythonPackages = {
  name: 'google-clients',
  title: "Google's Python clients",
  recipe: 1,
  packages: [
    'google-cloud-api-gateway==1.18.0',
    'google-cloud-api-keys==0.9.1',
    'google-cloud-artifact-registry==1.23.0',
    'google-cloud-iam==2.27.0',
    'google-cloud-resource-manager==1.19.0',
    'google-cloud-run==0.16.2',
    'google-cloud-secret-manager==2.32.0',
    'google-cloud-service-usage==1.18.0',
  ],
};
