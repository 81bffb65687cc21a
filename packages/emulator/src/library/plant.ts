import type { RunningCloud } from '../cloud.ts';
import { seededAccounts } from '../seeded.ts';
import type { Planted, Seed } from './seed.ts';

/** Makes in a running cloud what a seed names and what is not there yet. @throws Error that names what can't be made */
export function plant(cloud: RunningCloud, repository: string, seed: Seed): Planted {
  const { project, iam, iamAdmin, contracts } = cloud;
  const { deployer } = seededAccounts(project);
  const projects = (seed.projects ?? []).filter((id) => id !== project.id && id !== project.number);
  const known = [project.id, ...projects];
  for (const id of projects)
    for (const { role, members } of iam.get(`projects/${project.id}`).bindings)
      for (const member of members) iam.grant(`projects/${id}`, role, member);

  const providers = (seed.providers ?? []).filter((name) => !iamAdmin.pools.find(name));
  const [model] = iamAdmin.pools.listPools().flatMap(({ name }) => iamAdmin.pools.list(name));
  for (const name of providers) {
    if (!/^projects\/\d+\/locations\/global\/workloadIdentityPools\/[^/]+\/providers\/[^/]+$/.test(name))
      throw new Error(
        `"${name}" is not a workload identity provider: projects/NUMBER/locations/global/workloadIdentityPools/POOL/providers/PROVIDER.`,
      );
    if (model) iamAdmin.pools.add({ ...githubProvider(cloud, model), name });
  }
  const pools = iamAdmin.pools.listPools().map(({ name }) => name);
  const jobs = pools.map(
    (pool) => `principalSet://iam.googleapis.com/${pool}/attribute.repository/${repository}`,
  );
  const rolesOf = (member: string) =>
    iam.get(`projects/${project.id}`).bindings.filter(({ members }) => members.includes(member));

  const accounts: string[] = [];
  const add = (name: string) => {
    const email = name.includes('@') ? name : `${name}@${project.id}.iam.gserviceaccount.com`;
    if (!iamAdmin.accounts.ofEmail(email)) {
      const [, owner = project.id] = /@(.+)\.iam\.gserviceaccount\.com$/.exec(email) ?? [];
      iamAdmin.accounts.add(owner, email, { displayName: 'Named by a workflow' });
      accounts.push(email);
    }
    return email;
  };
  for (const name of seed.service_accounts ?? []) add(name);
  for (const name of seed.deployers ?? []) {
    const email = add(name);
    for (const id of known)
      for (const { role } of rolesOf(`serviceAccount:${deployer}`))
        iam.grant(`projects/${id}`, role, `serviceAccount:${email}`);
    for (const member of jobs) contracts.accounts.grant(email, 'roles/iam.workloadIdentityUser', member);
  }
  // Jobs may also hold the roles themselves, through any of the pools.
  for (const member of jobs)
    for (const id of known)
      for (const { role } of rolesOf(`serviceAccount:${deployer}`)) iam.grant(`projects/${id}`, role, member);

  const repositories: string[] = [];
  for (const text of seed.repositories ?? []) {
    const name = /^[a-z0-9-]+\/[a-z0-9-]+$/.test(text)
      ? `projects/${project.id}/locations/${text.replace('/', '/repositories/')}`
      : text;
    if (!/^projects\/[^/]+\/locations\/[^/]+\/repositories\/[^/]+$/.test(name))
      throw new Error(`"${text}" is not a repository of Artifact Registry: LOCATION/NAME.`);
    if (cloud.artifactRegistry.find(name)) continue;
    const now = new Date(cloud.clock.now()).toISOString();
    cloud.artifactRegistry.add({
      name,
      format: 'DOCKER',
      mode: 'STANDARD_REPOSITORY',
      createTime: now,
      updateTime: now,
    });
    repositories.push(name);
  }
  for (const api of seed.apis ?? []) cloud.serviceUsage.enabled.add(api);
  const secrets = Object.entries(seed.secrets ?? {});
  // A project that has secrets has their API.
  if (secrets.length > 0) cloud.serviceUsage.enabled.add('secretmanager.googleapis.com');
  for (const [id, value] of secrets) plantSecret(cloud, id, value);
  const personal = cloud.fly.organizations.get('personal');
  const apps = (seed.fly_apps ?? []).filter((name) => !cloud.fly.findApp(name));
  for (const name of apps) if (personal) cloud.fly.addApp(name, personal);
  return { accounts, repositories, providers, projects, fly_apps: apps };
}

function githubProvider<P extends { name: string; issuer: string }>(
  { iamAdmin }: RunningCloud,
  fallback: P,
): P {
  const all = iamAdmin.pools.listPools().flatMap(({ name }) => iamAdmin.pools.list(name));
  return (all.find(({ issuer }) => issuer.includes('githubusercontent')) as P | undefined) ?? fallback;
}

function plantSecret({ secretManager, project, clock }: RunningCloud, id: string, value: string): void {
  const data = Buffer.from(value).toString('base64');
  const there = secretManager.secrets.get(id);
  if (there?.versions.at(-1)?.data === data) return;
  const version = { createTime: clock.now(), data };
  if (there) there.versions.push(version);
  else
    secretManager.secrets.set(id, {
      name: `projects/${project.number}/secrets/${id}`,
      createTime: clock.now(),
      replication: { automatic: {} },
      versions: [version],
    });
}
