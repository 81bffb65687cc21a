import { ApiError } from '../../kernel/errors.ts';
import { type Call, json } from '../../kernel/http/call.ts';
import type { Content } from './model.ts';

const LEARN_MORE = 'Learn more: https://cloud.google.com/vertex-ai/generative-ai/docs/model-reference/gemini';
const ROLES = ['user', 'model'];
/** The values that are taken: from the first on, below the second. */
const RANGES = { temperature: [0, 2.0001], topP: [0, 1.0001], maxOutputTokens: [1, 65_537] } as const;

interface Asked {
  readonly contents?: readonly Content[];
  readonly generationConfig?: Readonly<Record<string, unknown>>;
}

/** What was asked. @throws ApiError in Google's words */
export function readContents(call: Call): readonly Content[] {
  const { contents = [], generationConfig = {} } = json<Asked>(call);
  if (contents.length === 0) throw refused('at least one contents field is required.');
  for (const { role = 'user', parts = [] } of contents) {
    if (!ROLES.includes(role))
      throw new ApiError('INVALID_ARGUMENT', 'Please use a valid role: user, model.');
    if (parts.length === 0)
      throw refused('it must include at least one parts field, which describes the prompt input.');
    if (parts.some(({ text }) => text === ''))
      throw refused('it has an empty text parameter. Add a value to the parameter and try again.');
  }
  checkRanges(generationConfig);
  return contents;
}

function checkRanges(config: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(config)) {
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
