import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DefaultTheme } from 'vitepress';
import { pageOf, pagesIn } from './pages.ts';

type Item = DefaultTheme.SidebarItem;

export const navigation: DefaultTheme.NavItem[] = [
  { text: 'Get started', link: '/get-started/fastapi', activeMatch: '^/get-started/' },
  { text: 'Guides', link: '/set-up' },
  { text: 'Reference', link: '/reference/build-and-push', activeMatch: '^/reference/' },
  { text: 'Troubleshooting', link: '/troubleshooting' },
];

/**
 * Every page in reading order. Folders that grow by themselves, such as actions and examples, are listed from what they hold.
 *
 * @param root the repository
 */
export function sidebar(root: string): Item[] {
  return [
    group('Get started', [
      page('What Gangway does', 'overview'),
      page('FastAPI in ten minutes', 'get-started/fastapi'),
      page('Any OpenAPI service', 'get-started/openapi-service'),
      page('Fly.io', 'get-started/fly'),
    ]),
    group('Set up', [
      page('Set up a project', 'set-up'),
      page('Many repositories', 'how-to/many-repositories'),
      page('Environments', 'how-to/environments'),
      page('Identities on GKE', 'how-to/kubernetes-identities'),
      page('Terraform', 'how-to/terraform'),
      page('Sign-in and credentials', 'credentials'),
    ]),
    group('Deploy', [
      page('Reusable workflows', 'workflows'),
      page('OpenAPI documents', 'openapi'),
      page('Previews on Cloud Run', 'previews'),
      page('Previews on Fly.io', 'previews-on-fly'),
      page('Promotion', 'promotion'),
      page('Rollback', 'rollback'),
      page('Private networks', 'how-to/private-networks'),
    ]),
    group('Operate', [
      page('Costs', 'how-to/costs'),
      page('Logs, metrics and an alert', 'how-to/observability'),
      page('Verify what you run', 'verify'),
    ]),
    group('Migrate', [
      ...listed(root, 'docs/migrating'),
      page('Workflows that Gangway replaces', 'replaced-workflows'),
    ]),
    group('Examples', listed(root, 'examples')),
    group('Reference', [
      ...listed(root, 'actions'),
      page('The gangway command', 'reference/gangway'),
      page('NAME=VALUE inputs', 'pairs'),
      page('Requirements', 'requirements'),
      page('Versions', 'versions'),
      page('Changelog', 'changelog'),
    ]),
    group('Explanation', [
      page('Security model', 'security-model'),
      page('Threat model', 'threat-model'),
      page('The local cloud', 'local-cloud'),
      page('Benchmarks', 'benchmarks'),
    ]),
    group('Help', [page('Troubleshooting', 'troubleshooting'), page('Questions', 'questions')]),
  ].filter(({ items }) => items?.length);
}

function group(text: string, items: Item[]): Item {
  return { text, items, collapsed: false };
}

function page(text: string, link: string): Item {
  return { text, link: `/${link}` };
}

/** The pages of a folder, each by its own title. */
function listed(root: string, folder: string): Item[] {
  return pagesIn(root, folder).map((file) => {
    const [, title = file] = /^# (.+)$/m.exec(readFileSync(join(root, file), 'utf8')) ?? [];
    return page(title.replaceAll('`', ''), pageOf(file).replace(/(index)?\.md$/, ''));
  });
}
