import { requireCaller } from '../../kernel/access.ts';
import { timestamp } from '../../kernel/clock.ts';
import { ApiError } from '../../kernel/errors.ts';
import type { Call, Reply } from '../../kernel/http/call.ts';
import { type Handler, type Route, route } from '../../kernel/http/route.ts';
import { isHost, locationOf, serves } from './catalogue.ts';
import type { Context } from './context.ts';
import { type Answer, type Content, textOf } from './model.ts';
import { readContents } from './request.ts';

const API = 'aiplatform.googleapis.com';
const PERMISSION = 'aiplatform.endpoints.predict';
/** Google's own SDK asks for v1beta1. */
const MODELS = ['v1', 'v1beta1'].map(
  (version) => `/${version}/projects/{project}/locations/{location}/publishers/google/models/{model}`,
);

/** https://cloud.google.com/vertex-ai/generative-ai/docs/reference/rest/v1/projects.locations.publishers.models */
export const generateRoutes: readonly Route<Context>[] = MODELS.flatMap((model) => [
  guarded(`${model}:generateContent`, (call, cloud) => ({ body: respond(call, cloud) })),
  guarded(`${model}:streamGenerateContent`, stream),
  guarded(`${model}:countTokens`, (call) => ({ body: { totalTokens: tokensIn(readContents(call)) } })),
]);

/** Who may not predict is not told whether there is such a model. */
function guarded(template: string, handler: Handler<Context>): Route<Context> {
  return route('POST', template, undefined, (call, cloud) => {
    const host = call.url.hostname;
    if (!isHost(host)) throw new ApiError('NOT_FOUND', `There is no host ${host}.`);
    const caller = requireCaller(call, cloud, API);
    const { id, number } = cloud.project;
    const { project = '', location = '', model = '' } = call.params;
    const named = (of: string) => `projects/${of}/locations/${location}/publishers/google/models/${model}`;
    const resource = named(project === number ? id : project);
    if (!resource.startsWith(`projects/${id}/`) || !cloud.iam.allows(caller, PERMISSION, resource))
      throw denied(named(project));
    const only = locationOf(host);
    if (only !== undefined && only !== location) throw elsewhere(only);
    if (!serves(location, model, cloud.clock.now())) throw noModel(named(project));
    return handler(call, cloud);
  });
}

function denied(resource: string): ApiError {
  const message = `Permission '${PERMISSION}' denied on resource '//${API}/${resource}' (or it may not exist).`;
  return new ApiError('PERMISSION_DENIED', message, [
    {
      '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
      reason: 'IAM_PERMISSION_DENIED',
      domain: API,
      metadata: { permission: PERMISSION, resource },
    },
  ]);
}

/** In the same words whether it never was there, is not there yet, was retired, or is served elsewhere. */
function noModel(resource: string): ApiError {
  return new ApiError(
    'NOT_FOUND',
    `Publisher Model \`${resource}\` was not found or your project does not have access to it. Please ensure you are using a valid model version. For more information, see: https://cloud.google.com/vertex-ai/generative-ai/docs/learn/model-versions`,
  );
}

function elsewhere(location: string): ApiError {
  return new ApiError(
    'INVALID_ARGUMENT',
    `List of found errors:\t1.Field: model; Message: The provided location ID doesn't match the endpoint. The valid location ID is \`${location}\`.\t`,
  );
}

function respond(call: Call, cloud: Context): Record<string, unknown> {
  const contents = readContents(call);
  const { model = '' } = call.params;
  const answer = cloud.vertexAi.answer(contents, model);
  const prompt = tokensIn(contents);
  const answered = tokensIn([{ parts: [{ text: answer.text ?? '' }] }]);
  return {
    ...said(answer),
    usageMetadata: {
      promptTokenCount: prompt,
      ...(answered > 0 && { candidatesTokenCount: answered }),
      totalTokenCount: prompt + answered,
      trafficType: 'ON_DEMAND',
    },
    modelVersion: model,
    createTime: timestamp(cloud.clock.now()),
    responseId: Buffer.from(`${cloud.clock.now()}`).toString('base64url'),
  };
}

/** What is blocked comes with status 200 and without text (https://cloud.google.com/vertex-ai/generative-ai/docs/multimodal/configure-safety-filters). */
function said({ text, finishReason = 'STOP', blockReason }: Answer): Record<string, unknown> {
  if (blockReason !== undefined)
    return {
      promptFeedback: {
        blockReason,
        blockReasonMessage: 'The prompt is blocked, as the local cloud was asked to.',
      },
    };
  if (text !== undefined)
    return { candidates: [{ content: { role: 'model', parts: [{ text }] }, finishReason }] };
  return finishReason === 'STOP' ? {} : { candidates: [{ finishReason }] };
}

/** An answer of text in a few pieces, as events with `alt=sse`, else as a list. */
function stream(call: Call, cloud: Context): Reply {
  const { candidates, ...rest } = respond(call, cloud) as { candidates?: readonly Candidate[] };
  const [candidate] = candidates ?? [];
  const { finishReason } = candidate ?? {};
  const { usageMetadata: _, ...head } = rest as Record<string, unknown>;
  const pieces = textOf(candidate?.content).match(/.{1,40}/gs) ?? [];
  const chunks: object[] = pieces.map((text) => ({
    candidates: [{ content: { role: 'model', parts: [{ text }] } }],
    ...head,
  }));
  const last = { ...(finishReason && { candidates: [{ ...lastText(pieces), finishReason }] }), ...rest };
  chunks.splice(-1, chunks.length > 0 ? 1 : 0, last);
  if (call.query.get('alt') !== 'sse') return { body: chunks };
  const events = chunks.map((chunk) => `data: ${JSON.stringify(chunk)}\r\n\r\n`);
  return { headers: { 'content-type': 'text/event-stream' }, body: events.join('') };
}

interface Candidate {
  readonly content?: Content;
  readonly finishReason?: string;
}

function lastText(pieces: readonly string[]): { content?: Content } {
  const text = pieces.at(-1);
  return text === undefined ? {} : { content: { role: 'model', parts: [{ text }] } };
}

/** A token is a word here. */
function tokensIn(contents: readonly Content[]): number {
  return contents.map(textOf).join(' ').split(/\s+/).filter(Boolean).length;
}
