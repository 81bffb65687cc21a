import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The variables GitHub's runner sets for a step, without those of its files; `given` wins over all of them. */
export async function environmentOf(
  workspace: string,
  temp: string,
  given: Readonly<Record<string, string>>,
): Promise<Record<string, string>> {
  const event = await writeEvent(temp);
  const { PATH = '/usr/local/bin:/usr/bin:/bin', HOME = temp, NODE_COMPILE_CACHE } = process.env;
  return {
    PATH,
    HOME,
    // Tests run the same bundles hundreds of times, and Node needs to compile each of them only once.
    ...(NODE_COMPILE_CACHE ? { NODE_COMPILE_CACHE } : {}),
    CI: 'true',
    GITHUB_ACTIONS: 'true',
    GITHUB_ACTOR: 'octocat',
    GITHUB_API_URL: 'https://api.github.com',
    GITHUB_EVENT_NAME: 'push',
    GITHUB_EVENT_PATH: event,
    GITHUB_JOB: 'deploy',
    GITHUB_REF: 'refs/heads/main',
    GITHUB_REF_NAME: 'main',
    GITHUB_REF_TYPE: 'branch',
    GITHUB_REPOSITORY: 'example/fastapi-on-cloud-run',
    GITHUB_REPOSITORY_OWNER: 'example',
    GITHUB_RUN_ATTEMPT: '1',
    GITHUB_RUN_ID: '1',
    GITHUB_RUN_NUMBER: '1',
    GITHUB_SERVER_URL: 'https://github.com',
    GITHUB_SHA: '0123456789abcdef0123456789abcdef01234567',
    GITHUB_WORKFLOW: 'Deploy',
    GITHUB_WORKSPACE: workspace,
    RUNNER_ARCH: process.arch === 'arm64' ? 'ARM64' : 'X64',
    RUNNER_ENVIRONMENT: 'self-hosted',
    RUNNER_NAME: 'gangway',
    RUNNER_OS: process.platform === 'darwin' ? 'macOS' : process.platform === 'win32' ? 'Windows' : 'Linux',
    RUNNER_TEMP: temp,
    RUNNER_TOOL_CACHE: join(temp, 'tool-cache'),
    ...given,
  };
}

/** Replaces the file atomically: other steps of the job may be reading it. */
async function writeEvent(temp: string): Promise<string> {
  const event = join(temp, 'event.json');
  const directory = await mkdtemp(join(temp, 'event-'));
  await writeFile(join(directory, 'event.json'), '{}');
  await rename(join(directory, 'event.json'), event);
  await rm(directory, { recursive: true });
  return event;
}

/** `INPUT_*` as the runner spells them: upper case, spaces as underscores, everything else kept. */
export function inputVariables(inputs: ReadonlyMap<string, string>): Record<string, string> {
  return Object.fromEntries(
    [...inputs].map(([name, value]) => [`INPUT_${name.replaceAll(' ', '_').toUpperCase()}`, value]),
  );
}
