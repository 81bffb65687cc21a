import { expect, it } from 'vitest';
import { clientOf } from './client.ts';

it.each([
  [
    'google-cloud-sdk gcloud/500.0.0 command/gcloud.run.deploy invocation-id/8f2e environment/None interactive/False',
    'gcloud run deploy',
    '8f2e',
  ],
  ['google-cloud-sdk gcloud/500.0.0 command/None invocation-id/8f2e', 'gcloud', '8f2e'],
  ['gangway (deploy-cloud-run)', 'gangway deploy-cloud-run', 'gangway deploy-cloud-run'],
  ['gangway', 'gangway', 'gangway'],
  ['google-github-actions:auth/3.0.0', 'google-github-actions/auth', 'google-github-actions/auth'],
  [
    'docker/27.3.1 go/go1.22 git-commit/ce12230 kernel/6.1 os/linux arch/amd64 UpstreamClient(Docker-Client/27.3.1 \\(linux\\))',
    'docker',
    'docker',
  ],
  ['flyctl/0.4.1', 'flyctl', 'flyctl'],
  ['curl/8.5.0', 'curl', 'curl'],
  ['Go-http-client/1.1 lego/4', 'lego', 'lego'],
  ['node', 'node', 'node'],
  ['Mozilla/5.0 (X11; Linux x86_64)', 'browser', 'browser'],
  ['', 'unknown client', 'unknown client'],
])('reads %j', (agent, name, run) => {
  expect(clientOf(agent)).toEqual({ name, run });
});
