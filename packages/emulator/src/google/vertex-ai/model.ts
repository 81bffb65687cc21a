/** A part of what is said: text, or what a canned model does not look into. */
export interface Part {
  readonly text?: string;
  readonly [kind: string]: unknown;
}

export interface Content {
  readonly role?: string;
  readonly parts?: readonly Part[];
}

/** What a model makes of a conversation. */
export interface Answer {
  readonly text?: string;
  /** Why it ended; default `STOP`. With another reason than `MAX_TOKENS` there is no text. */
  readonly finishReason?: string;
  /** Why the prompt was not even answered: then there is no candidate. */
  readonly blockReason?: string;
}

/** Who answers in place of Gemini. A program that runs the cloud may set another. */
export class VertexAiState {
  answer: (contents: readonly Content[], model: string) => Answer = canned;
}

/**
 * Repeats the last prompt, so that the same question has the same answer. A prompt that is `/block REASON` or `/finish REASON` has the
 * answer that the safety filters would give it, and `/nothing` one without candidates.
 */
function canned(contents: readonly Content[], model: string): Answer {
  const text = textOf(contents.at(-1));
  const [, verb, reason = 'SAFETY'] = /^\/(block|finish|nothing)(?: ([A-Z_]+))?$/.exec(text.trim()) ?? [];
  if (verb === 'block') return { blockReason: reason };
  if (verb === 'finish') return { finishReason: reason };
  if (verb === 'nothing') return {};
  return { text: `A canned answer in place of ${model}'s to: ${text}` };
}

export function textOf(content: Content | undefined): string {
  return (content?.parts ?? []).map(({ text = '' }) => text).join('');
}
