// needs: oci-conformance
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type RunningCloud, startCloud } from '@gangway/emulator';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

/** What the suites find: names of cases. */
interface Verdict {
  readonly passed: readonly string[];
  readonly failed: readonly string[];
}

/** Where a suite runs: two repositories, of which one mounts from the other, and how to sign in. */
interface Registry {
  readonly first: string;
  readonly second: string;
  readonly user: string;
  readonly password: string;
}

let cloud: RunningCloud;
let folder: string;
beforeAll(async () => {
  cloud = await startCloud({ simulateMachines: true });
  folder = await mkdtemp(join(tmpdir(), 'gangway-oci-'));
});
afterAll(async () => {
  await cloud?.close();
  if (folder) await rm(folder, { recursive: true, force: true });
});

describe("OCI's conformance suite of today", () => {
  it('finds nothing that Artifact Registry does otherwise', async () => {
    const { passed, failed } = await newest(await artifactRegistry('today'));
    expect(failed).toEqual([]);
    expect(passed.length).toBeGreaterThan(500);
  });

  it("finds nothing that Fly.io's registry does otherwise", async () => {
    const { passed, failed } = await newest(await flyRegistry('today'));
    expect(failed).toEqual([]);
    expect(passed.length).toBeGreaterThan(500);
  });
});

describe("OCI's conformance suite of 1.1", () => {
  /** OCI leaves it to a registry whether it deletes blobs; the suite of 1.1.1 takes 405, this one does not yet. */
  const BLOBS = [
    'Content Management Blob delete DELETE request to blob URL should yield 202 response',
    'Content Management Blob delete GET request to deleted blob URL should yield 404 response',
  ];

  it('finds in Artifact Registry only that it deletes no blobs, and no manifests that something refers to', async () => {
    const { passed, failed } = await earlier(await artifactRegistry('before'));
    // Each deletes by its digest what still has a tag or a parent: GOOGLE_MANIFEST_DANGLING_TAG and _PARENT_IMAGE.
    const referenced = [
      'Pull Teardown Delete manifest created in setup',
      'Push Teardown Delete manifest created in tests',
      'Content Discovery Teardown Delete created manifest & associated tags',
      'Content Discovery Teardown References teardown',
    ];
    expect([...failed].sort()).toEqual([...BLOBS, ...referenced].sort());
    expect(passed.length).toBeGreaterThan(65);
  });

  it("finds in Fly.io's registry only that it deletes no blobs, and forgets an image that has nothing left", async () => {
    const { passed, failed } = await earlier(await flyRegistry('before'));
    const forgotten =
      'Content Management Manifest delete GET request to tags list should reflect manifest deletion';
    expect([...failed].sort()).toEqual([...BLOBS, forgotten].sort());
    expect(passed.length).toBeGreaterThan(65);
  });
});

async function artifactRegistry(name: string): Promise<Registry> {
  const owner = { member: 'user:owner@example.com', memberOf: [], email: 'owner@example.com' };
  const { token } = cloud.tokens.issue(owner, 3600);
  const parent = `projects/${cloud.project.id}/locations/us-central1`;
  const image = async (id: string) => {
    const url = `${cloud.addressOf('artifactregistry.googleapis.com')}/v1/${parent}/repositories?repositoryId=${id}`;
    await post(url, token, { format: 'DOCKER' });
    return `us-central1-docker.pkg.dev/${cloud.project.id}/${id}/image`;
  };
  return {
    first: await image(`${name}-a`),
    second: await image(`${name}-b`),
    user: 'oauth2accesstoken',
    password: token,
  };
}

async function flyRegistry(name: string): Promise<Registry> {
  const { word } = cloud.fly.tokens.issue({ kind: 'user', name: 'owner@example.com' });
  const app = async (id: string) => {
    await post(`${cloud.origin}/v1/apps`, word, { app_name: id, org_slug: 'personal' });
    return id;
  };
  return { first: await app(`${name}-a`), second: await app(`${name}-b`), user: 'x', password: word };
}

async function post(url: string, token: string, body: unknown): Promise<void> {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
  expect(answer.ok, await answer.text()).toBe(true);
}

function newest({ first, second, user, password }: Registry): Promise<Verdict> {
  return carryOut('oci-conformance', (results) => ({
    OCI_REGISTRY: new URL(cloud.origin).host,
    OCI_TLS: 'disabled',
    OCI_REPO1: first,
    OCI_REPO2: second,
    OCI_USERNAME: user,
    OCI_PASSWORD: password,
    OCI_RESULTS_DIR: results,
    // Neither Google nor Fly.io documents any digest but sha256, and the specification asks for no other.
    OCI_DATA_SHA512: 'false',
  }));
}

function earlier({ first, second, user, password }: Registry): Promise<Verdict> {
  return carryOut('oci-conformance-1.1', (results) => ({
    OCI_ROOT_URL: cloud.origin,
    OCI_NAMESPACE: first,
    OCI_CROSSMOUNT_NAMESPACE: second,
    OCI_USERNAME: user,
    OCI_PASSWORD: password,
    OCI_REPORT_DIR: results,
    OCI_TEST_PULL: '1',
    OCI_TEST_PUSH: '1',
    OCI_TEST_CONTENT_DISCOVERY: '1',
    OCI_TEST_CONTENT_MANAGEMENT: '1',
  }));
}

/** Runs a suite, which ends with 1 where it finds something, and reads its report. */
async function carryOut(
  program: string,
  settings: (results: string) => Record<string, string>,
): Promise<Verdict> {
  const results = await mkdtemp(join(folder, 'results-'));
  const env = { PATH: process.env.PATH ?? '', HOME: folder, ...settings(results) };
  const output = await new Promise<string>((resolve) => {
    execFile(program, [], { cwd: results, env, maxBuffer: 64 * 1024 * 1024 }, (_, stdout, stderr) =>
      resolve(`${stdout}\n${stderr}`),
    );
  });
  const report = await readFile(join(results, 'junit.xml'), 'utf8').catch(() => {
    throw new Error(output);
  });
  const cases = [...report.matchAll(/<testcase name="([^"]*)"[^>]*?(?:\/>|>([\s\S]*?)<\/testcase>)/g)].map(
    ([, name = '', inside = '']) => ({
      name: name
        .replace(/^(?:\[It\] )?OCI (?:Distribution )?Conformance Tests? ?/, '')
        .replaceAll('&amp;', '&'),
      inside,
    }),
  );
  const failed = cases.filter(({ inside }) => inside.includes('<failure'));
  const passed = cases.filter(({ inside }) => !/<(?:failure|skipped|disabled)/.test(inside));
  return { passed: passed.map(({ name }) => name), failed: failed.map(({ name }) => name) };
}
