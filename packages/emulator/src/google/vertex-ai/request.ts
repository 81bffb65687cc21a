import { ApiError } from '../../kernel/errors.ts';
import { type Call, json } from '../../kernel/http/call.ts';
import type { Content } from './model.ts';

/** https://cloud.google.com/vertex-ai/generative-ai/docs/reference/rest/v1/projects.locations.publishers.models/generateContent */
const FIELDS = [
  ...['contents', 'systemInstruction', 'cachedContent', 'tools', 'toolConfig', 'labels', 'safetySettings'],
  ...['generationConfig', 'modelArmorConfig', 'continuationToken', 'outputConfig'],
];
const LEARN_MORE = 'Learn more: https://cloud.google.com/vertex-ai/generative-ai/docs/model-reference/gemini';
const ROLES = ['user', 'model'];
/** The values that are taken: from the first on, below the second. */
const RANGES = { temperature: [0, 2.0001], topP: [0, 1.0001], maxOutputTokens: [1, 65_537] } as const;

/** What was asked. @throws ApiError in Google's words */
export function readContents(call: Call): readonly Content[] {
  const body = parse(call);
  const unknown = Object.keys(body).find((name) => !FIELDS.includes(camel(name)));
  if (unknown !== undefined) throw unknownField(unknown);
  const message = Object.fromEntries(Object.entries(body).map(([name, value]) => [camel(name), value]));
  // A message stands for a list of one, as Google's own examples write it.
  const contents = listOf<Content>(message.contents).map(({ parts, ...content }) => ({
    ...content,
    parts: listOf<NonNullable<Content['parts']>[number]>(parts),
  }));
  if (contents.length === 0) throw refused('at least one contents field is required.');
  for (const { role = 'user', parts } of contents) {
    if (!ROLES.includes(role))
      throw new ApiError('INVALID_ARGUMENT', 'Please use a valid role: user, model.');
    if (parts.length === 0)
      throw refused('it must include at least one parts field, which describes the prompt input.');
    if (parts.some(({ text }) => text === ''))
      throw refused('it has an empty text parameter. Add a value to the parameter and try again.');
  }
  checkRanges(Object(message.generationConfig) as Readonly<Record<string, unknown>>);
  return contents;
}

function parse(call: Call): Readonly<Record<string, unknown>> {
  try {
    return Object(json(call)) as Readonly<Record<string, unknown>>;
  } catch {
    throw new ApiError('INVALID_ARGUMENT', 'Invalid JSON payload received. Unable to parse number.');
  }
}

function checkRanges(config: Readonly<Record<string, unknown>>): void {
  for (const [given, value] of Object.entries(config)) {
    const name = camel(given);
    const [from, below] = RANGES[name as keyof typeof RANGES] ?? [];
    if (from === undefined || below === undefined || typeof value !== 'number') continue;
    if (value < from || value >= below)
      throw refused(
        `it has a ${name} value of ${value} but the supported range is from ${from} (inclusive) to ${below} (exclusive). Update the value and try again.`,
      );
  }
}

function refused(why: string): ApiError {
  return new ApiError('INVALID_ARGUMENT', `Unable to submit request because ${why} ${LEARN_MORE}`);
}

function unknownField(name: string): ApiError {
  const description = `Invalid JSON payload received. Unknown name "${name}": Cannot find field.`;
  return new ApiError('INVALID_ARGUMENT', description, [
    { '@type': 'type.googleapis.com/google.rpc.BadRequest', fieldViolations: [{ description }] },
  ]);
}

/** Names of fields may be in either case (https://protobuf.dev/programming-guides/json). */
function camel(name: string): string {
  return name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

function listOf<T>(value: unknown): readonly T[] {
  if (value === undefined) return [];
  return (Array.isArray(value) ? value : [value]).map((item: unknown) => Object(item) as T);
}
