import type { Deployed, Resources } from '@gangway/emulator';
import { resourceLines } from '../cloud/status.ts';

/** Something that answers, and how to call it. */
export interface Answer {
  readonly name: string;
  readonly url: string;
  /** A line for a shell. */
  readonly curl: string;
  /** What it answered: `401 without a key, 200 with it`. */
  readonly said: string;
}

/** Calls what was deployed, and says how a person does. */
export async function report(resources: Resources): Promise<readonly Answer[]> {
  const lines = resourceLines(resources);
  if (lines.length === 0) {
    console.log('\nNothing was deployed.');
    return [];
  }
  console.log(`\nDeployed:\n${lines.join('\n')}`);
  const answers = await Promise.all([
    ...resources.gateways.map((gateway) => askGateway(gateway, resources)),
    ...resources.services.filter(({ open }) => open).map((service) => askOpen(service.name, service.url)),
    ...resources.apps.filter(({ url }) => url !== '').map(({ name, url }) => askOpen(name, url)),
  ]);
  for (const { name, said, curl } of answers) console.log(`\n${name} answers ${said}:\n  ${curl}`);
  const closed = resources.services.filter(({ open }) => !open);
  if (closed.length > 0)
    console.log(
      `\n${closed.map(({ name }) => name).join(', ')} take${closed.length === 1 ? 's' : ''} only callers with roles/run.invoker.`,
    );
  return answers;
}

async function askGateway(gateway: Deployed, { keys }: Resources): Promise<Answer> {
  const { name, url, path, managedService } = gateway;
  const address = new URL(path, url).href;
  const key = keys.find(({ services }) => managedService !== undefined && services.includes(managedService));
  const without = await statusOf(address);
  if (!key) return { name, url, curl: `curl ${address}`, said: String(without) };
  const withKey = await statusOf(address, { 'x-api-key': key.key });
  return {
    name,
    url,
    curl: `curl -H 'x-api-key: ${key.key}' ${address}`,
    said: `${without} without a key, ${withKey} with it`,
  };
}

async function askOpen(name: string, url: string): Promise<Answer> {
  return { name, url, curl: `curl ${url}`, said: String(await statusOf(url)) };
}

async function statusOf(
  url: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<number | string> {
  try {
    return (await fetch(url, { headers, redirect: 'manual', signal: AbortSignal.timeout(30_000) })).status;
  } catch (error) {
    return `nothing (${(error as Error).message})`;
  }
}
