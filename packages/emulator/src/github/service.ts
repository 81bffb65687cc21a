import { service } from '../contracts.ts';
import { REPOSITORY, seededAccounts, seededProvider } from '../seeded.ts';
import { GITHUB_ISSUER, githubRequestUrl, githubRoutes } from './id-token.ts';
import { claimsOf, githubRequestToken } from './request-token.ts';
import { API } from './rest/access.ts';
import { commentRoutes } from './rest/comments.ts';
import { deploymentRoutes } from './rest/deployments.ts';
import { pullRoutes } from './rest/pulls.ts';
import { repositoryRoutes } from './rest/repository.ts';
import { Repositories } from './rest/state.ts';
import { githubToken } from './rest/token.ts';

/**
 * GitHub, as far as jobs that deploy need it: their ID tokens (https://docs.github.com/actions/reference/security/oidc),
 * their pull requests, and what they write to the repository, which are comments and deployments.
 */
export const github = service({
  name: 'token.actions.githubusercontent.com',
  title: "GitHub's OIDC provider, comments and deployments",
  hosts: ['*.actions.githubusercontent.com'],
  prefix: undefined,
  issuer: { issuer: GITHUB_ISSUER, jwksUris: [`${GITHUB_ISSUER}/.well-known/jwks`] },
  needs: ['accounts', 'iam', 'pools'],
  state: () => ({ githubRepositories: new Repositories() }),
  routes: [...githubRoutes, ...repositoryRoutes, ...commentRoutes, ...deploymentRoutes, ...pullRoutes],
  /** Jobs of the repository may act as the deployer, and hold its roles themselves for direct federation. */
  seed({ accounts, catalogue, iam, job, pools, project }, bare) {
    if (bare) return;
    const name = seededProvider(project);
    const { repository = REPOSITORY } = job;
    const [owner] = repository.split('/');
    pools.add({
      name,
      issuer: GITHUB_ISSUER,
      allowedAudiences: [],
      attributeMapping: {
        'google.subject': 'assertion.sub',
        'attribute.repository': 'assertion.repository',
        'attribute.repository_owner': 'assertion.repository_owner',
        'attribute.actor': 'assertion.actor',
        'attribute.ref': 'assertion.ref',
      },
      attributeCondition: `assertion.repository_owner == '${owner}'`,
    });
    const pool = name.replace(/\/providers\/.*$/, '');
    const jobs = `principalSet://iam.googleapis.com/${pool}/attribute.repository/${repository}`;
    accounts.grant(seededAccounts(project).deployer, 'roles/iam.workloadIdentityUser', jobs);
    for (const { deployerRoles = [] } of catalogue)
      for (const role of deployerRoles) iam.grant(`projects/${project.id}`, role, jobs);
  },
  save: ({ githubRepositories }) => githubRepositories.save(),
  restore: ({ githubRepositories }, saved) => githubRepositories.restore(saved),
  env: (context) => ({
    ACTIONS_ID_TOKEN_REQUEST_URL: githubRequestUrl(context),
    ACTIONS_ID_TOKEN_REQUEST_TOKEN: githubRequestToken(context, claimsOf(context.job)),
    GITHUB_API_URL: `${context.origin}${API}`,
    GANGWAY_GITHUB_TOKEN: githubToken(context, context.job.repository ?? REPOSITORY, {
      contents: 'read',
      deployments: 'write',
      'pull-requests': 'write',
    }),
    GANGWAY_WORKLOAD_IDENTITY_PROVIDER: seededProvider(context.project),
  }),
});
