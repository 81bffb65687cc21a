import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { caller, tokenOf } from '../../../test/client.ts';
import { type RunningCloud, startCloud } from '../../cloud.ts';
import { manualClock } from '../../kernel/clock.ts';
import { OWNER } from '../../seeded.ts';

const API = 'aiplatform.googleapis.com';
const ask = (text: string) => ({ contents: [{ role: 'user', parts: [{ text }] }] });
const pathOf = (model: string, location = 'global', verb = 'generateContent', project = 'demo-project') =>
  `/v1/projects/${project}/locations/${location}/publishers/google/models/${model}:${verb}`;
const FLASH = pathOf('gemini-3.5-flash');

const clock = manualClock(Date.parse('2026-11-01T00:00:00Z'));
let cloud: RunningCloud;
let owner: ReturnType<typeof caller>;
beforeAll(async () => {
  cloud = await startCloud({ clock });
  owner = caller(cloud, tokenOf(cloud, OWNER));
});
afterAll(() => cloud.close());

it('is off until somebody enables it', async () => {
  const { status, body } = await owner('POST', `/aiplatform${FLASH}`, ask('hello'));
  expect(status).toBe(403);
  expect(JSON.stringify(body)).toContain('Vertex AI API has not been used in project 123456789012 before');
  cloud.serviceUsage.enabled.add(API);
});

it('answers by its path and by the name of its host, with the id or the number of the project', async () => {
  for (const path of [`/aiplatform${FLASH}`, FLASH.replace('demo-project', '123456789012')]) {
    const { status, body } = await owner('POST', path, ask('hello there'));
    expect(status).toBe(200);
    expect(body).toMatchObject({
      candidates: [
        {
          content: {
            role: 'model',
            parts: [{ text: "A canned answer in place of gemini-3.5-flash's to: hello there" }],
          },
          finishReason: 'STOP',
        },
      ],
      usageMetadata: { promptTokenCount: 2 },
      modelVersion: 'gemini-3.5-flash',
    });
  }
});

it('takes fields in either case, a message for a list of one, and an answer that a program sets', async () => {
  const { answer } = cloud.vertexAi;
  cloud.vertexAi.answer = (contents) => ({ text: `${contents.length} said` });
  const body = { contents: { parts: { text: 'x' } }, generation_config: { max_output_tokens: 5 } };
  expect((await owner('POST', FLASH, body)).body).toMatchObject({
    candidates: [{ content: { parts: [{ text: '1 said' }] } }],
  });
  cloud.vertexAi.answer = answer;
});

it('streams events or a list, which add up to the same text', async () => {
  const long = 'word '.repeat(30).trim();
  const stream = pathOf('gemini-3.5-flash', 'global', 'streamGenerateContent');
  const url = `${cloud.origin}${stream}?alt=sse`;
  const response = await fetch(url, {
    method: 'POST',
    headers: { authorization: `Bearer ${tokenOf(cloud, OWNER)}`, 'content-type': 'application/json' },
    body: JSON.stringify(ask(long)),
  });
  expect(response.headers.get('content-type')).toMatch(/^text\/event-stream/);
  const events = (await response.text()).trim().split('\r\n\r\n');
  const chunks = events.map((event) => JSON.parse(event.replace(/^data: /, '')) as Chunk);
  expect(chunks.length).toBeGreaterThan(2);
  const text = (all: readonly Chunk[]) =>
    all
      .flatMap(({ candidates = [] }) => candidates.flatMap(({ content }) => content?.parts[0]?.text))
      .join('');
  expect(text(chunks)).toContain(long);
  expect(chunks.map(({ candidates }) => candidates?.[0]?.finishReason).filter(Boolean)).toEqual(['STOP']);
  const { body } = await owner('POST', stream, ask(long));
  expect(text(body as unknown as Chunk[])).toBe(text(chunks));
});

it.each([
  ['/block', { promptFeedback: { blockReason: 'SAFETY' } }],
  ['/block PROHIBITED_CONTENT', { promptFeedback: { blockReason: 'PROHIBITED_CONTENT' } }],
  ['/finish SAFETY', { candidates: [{ finishReason: 'SAFETY' }] }],
])('gives no text to "%s", with status 200', async (prompt, answer) => {
  const { status, body } = await owner('POST', FLASH, ask(prompt));
  expect(status).toBe(200);
  expect(body).toMatchObject(answer);
  expect(JSON.stringify(body)).not.toContain('"text"');
});

it('may answer without candidates', async () => {
  const { status, body } = await owner('POST', FLASH, ask('/nothing'));
  expect([status, body.candidates, body.promptFeedback]).toEqual([200, undefined, undefined]);
});

describe('refusals in the words of Google', () => {
  it.each([
    ['a model that never was', 'gemini-99', 'global'],
    ['a model that was retired', 'gemini-2.5-flash', 'us-central1'],
    ['a model that is served elsewhere', 'gemini-3.5-flash', 'us-central1'],
    ['a location that is none', 'gemini-3.5-flash', 'mars'],
  ])('of %s', async (_, model, location) => {
    const { status, body } = await owner('POST', pathOf(model, location), ask('x'));
    expect(status).toBe(404);
    expect(body).toMatchObject({
      error: {
        status: 'NOT_FOUND',
        message: `Publisher Model \`projects/demo-project/locations/${location}/publishers/google/models/${model}\` was not found or your project does not have access to it. Please ensure you are using a valid model version. For more information, see: https://cloud.google.com/vertex-ai/generative-ai/docs/learn/model-versions`,
      },
    });
  });

  it.each([
    [{}, 'Unable to submit request because at least one contents field is required.'],
    [
      { contents: [{ role: 'user' }] },
      'it must include at least one parts field, which describes the prompt',
    ],
    [{ contents: [{ role: 'system', parts: [{ text: 'x' }] }] }, 'Please use a valid role: user, model.'],
    [ask(''), 'it has an empty text parameter.'],
    [
      { ...ask('x'), prompt: 'x' },
      'Invalid JSON payload received. Unknown name "prompt": Cannot find field.',
    ],
    [
      { ...ask('x'), generationConfig: { temperature: 3 } },
      'it has a temperature value of 3 but the supported range is from 0 (inclusive) to 2.0001 (exclusive).',
    ],
  ])('of the body %j', async (body, message) => {
    const answer = await owner('POST', FLASH, body);
    expect(answer.status).toBe(400);
    expect(answer.body).toMatchObject({
      error: { status: 'INVALID_ARGUMENT', message: expect.stringContaining(message) },
    });
  });

  it('of a caller without the permission, whatever the model, and of one with it on another project', async () => {
    const email = 'vertex@demo-project.iam.gserviceaccount.com';
    const principal = { member: `serviceAccount:${email}`, memberOf: ['allAuthenticatedUsers'], email };
    const account = caller(cloud, cloud.tokens.issue(principal, 3600).token);
    for (const model of ['gemini-3.5-flash', 'gemini-99']) {
      const { status, body } = await account('POST', pathOf(model), ask('x'));
      expect(status).toBe(403);
      const resource = `projects/demo-project/locations/global/publishers/google/models/${model}`;
      expect(body).toMatchObject({
        error: {
          message: `Permission 'aiplatform.endpoints.predict' denied on resource '//${API}/${resource}' (or it may not exist).`,
          details: [{ reason: 'IAM_PERMISSION_DENIED', metadata: { resource } }],
        },
      });
    }
    cloud.iam.grant('projects/demo-project', 'roles/aiplatform.user', principal.member);
    expect((await account('POST', FLASH, ask('x'))).status).toBe(200);
    expect(
      (await account('POST', pathOf('gemini-3.5-flash', 'global', 'generateContent', 'other'), ask('x')))
        .status,
    ).toBe(403);
  });

  it("of a location that is not the host's own, and of a host that there is none of", async () => {
    expect(await at('aiplatform.googleapis.com', 'global')).toMatch(/^200/);
    expect(await at('aiplatform.eu.rep.googleapis.com', 'eu')).toMatch(/^200/);
    expect(await at('global-aiplatform.googleapis.com', 'global')).toMatch(/^404/);
    expect(await at('us-central1-aiplatform.googleapis.com', 'global')).toMatch(
      /^400[\s\S]*The valid location ID is `us-central1`\./,
    );
  });
});

/** Status and body of a question to the host. */
function at(host: string, location: string): Promise<string> {
  const headers = {
    host,
    authorization: `Bearer ${tokenOf(cloud, OWNER)}`,
    'content-type': 'application/json',
  };
  return new Promise((resolve, reject) => {
    const asked = request(
      `${cloud.origin}${pathOf('gemini-3.5-flash', location)}`,
      { method: 'POST', headers },
      async (response) => {
        let body = '';
        for await (const chunk of response) body += String(chunk);
        resolve(`${response.statusCode} ${body}`);
      },
    );
    asked.on('error', reject).end(JSON.stringify(ask('x')));
  });
}

interface Chunk {
  readonly candidates?: readonly {
    readonly content?: { readonly parts: readonly { readonly text: string }[] };
    readonly finishReason?: string;
  }[];
}
