import { service } from '../../contracts.ts';
import { operationRoutes } from '../../kernel/operations/routes.ts';
import type { Platform } from '../../kernel/service/platform.ts';
import { ContainerPlane } from './containers/plane.ts';
import type { RunStates } from './context.ts';
import { runJobRoutes } from './jobs/routes.ts';
import { RunJobsState } from './jobs/state.ts';
import { runJobV1Routes } from './jobs/v1-routes.ts';
import { restoreRun, resumeRun, saveRun } from './keeping.ts';
import { logEntry } from './log-entry.ts';
import { runV1Routes } from './v1/routes.ts';
import { runAgent } from './v2/deployment/instance.ts';
import { runRoutes } from './v2/routes.ts';
import { RunState } from './v2/state.ts';
import { workerPoolRoutes } from './worker-pools/routes.ts';
import { WorkerPoolsState } from './worker-pools/state.ts';

const API = 'run.googleapis.com';

/** The Cloud Run Admin API, v1 and v2 (https://cloud.google.com/run/docs/reference/rest), and the containers themselves. */
export const run = service({
  name: API,
  title: 'Cloud Run Admin API',
  // A region's own host.
  hosts: ['*-run.googleapis.com'],
  enabled: true,
  scopes: { full: ['run'], read: ['run.readonly'] },
  permissions: {
    'run.jobs': 'create delete get list run update getIamPolicy setIamPolicy',
    'run.locations': 'list',
    'run.operations': 'delete get list',
    'run.revisions': 'delete get list',
    'run.routes': 'get invoke list',
    'run.services': 'create delete get list update getIamPolicy setIamPolicy',
    'run.workerpools': 'create delete get list update getIamPolicy setIamPolicy',
  },
  deployerRoles: ['roles/run.admin'],
  needs: ['iam', 'accounts', 'tokens', 'idTokens', 'repositories', 'secrets'],
  state: (platform: Platform): RunStates => ({
    run: new RunState(),
    runJobs: new RunJobsState(),
    workerPools: new WorkerPoolsState(),
    containers: new ContainerPlane(platform),
  }),
  provides: ({ containers, project }) => ({
    logSources: [
      {
        entries: async () =>
          (await containers.output(() => true)).map((output) => logEntry(output, project.id)),
      },
    ],
  }),
  routes: [
    ...runRoutes,
    ...runJobRoutes,
    ...workerPoolRoutes,
    ...runV1Routes,
    ...runJobV1Routes,
    ...operationRoutes({ api: API, version: 'v2', published: { location: ['get', 'list'] } }),
  ],
  seed(context) {
    const { iam, project } = context;
    iam.grant(
      `projects/${project.id}`,
      'roles/artifactregistry.reader',
      `serviceAccount:${runAgent(context)}`,
    );
  },
  save: saveRun,
  restore: restoreRun,
  resume: resumeRun,
  settle: ({ containers }) => containers.keepOutput(),
  stop: ({ containers }) => containers.close(),
  remains: ({ containers }) => containers.remains,
});
