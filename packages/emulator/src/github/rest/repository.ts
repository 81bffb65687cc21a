import type { Route } from '../../kernel/http/route.ts';
import type { Context } from '../context.ts';
import { inRepository, repositoryOf } from './access.ts';

/** What any token of a job may read of its repository (https://docs.github.com/en/rest/repos/repos#get-a-repository). */
export const repositoryRoutes: readonly Route<Context>[] = [
  inRepository('GET', '', ['metadata', 'contents', 'deployments', 'pull-requests'], (call) => {
    const full_name = repositoryOf(call);
    const [login = '', name = ''] = full_name.split('/');
    return {
      body: {
        name,
        full_name,
        private: true,
        visibility: 'private',
        owner: { login, type: 'Organization' },
        html_url: `https://github.com/${full_name}`,
        description: null,
        fork: false,
        default_branch: 'main',
        license: null,
      },
    };
  }),
];
