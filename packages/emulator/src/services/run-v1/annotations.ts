import { ApiError } from '../../errors.ts';

/** Much that has a field in the API v2 is an annotation in v1 (https://cloud.google.com/run/docs/reference/rest/v1/RevisionSpec). */
export type Annotations = Readonly<Record<string, string>>;

export const RUN = 'run.googleapis.com';

const RESERVED = /^(?:run\.googleapis\.com|serving\.knative\.dev|autoscaling\.knative\.dev)\//;

/** Those that are the caller's own; undefined where there are none. */
export function own(annotations: Annotations): Record<string, string> | undefined {
  const entries = Object.entries(annotations).filter(([name]) => !RESERVED.test(name));
  return entries.length > 0 ? Object.fromEntries(entries) : undefined;
}

/** Labels without the one that the API v1 adds, which gcloud sends back, for templates as well. */
export function ownLabels(labels: Annotations | undefined): Record<string, string> | undefined {
  const { 'cloud.googleapis.com/location': _, ...others } = labels ?? {};
  return labels && others;
}

/** @throws ApiError INVALID_ARGUMENT for what is none */
export function number(annotations: Annotations, name: string): number | undefined {
  const text = annotations[name];
  if (text === undefined) return undefined;
  if (!/^\d+$/.test(text)) throw invalid(name, text);
  return Number(text);
}

/** gcloud writes `True`. @throws ApiError INVALID_ARGUMENT for what is neither */
export function flag(annotations: Annotations, name: string): boolean | undefined {
  const text = annotations[name];
  if (text === undefined) return undefined;
  if (!/^(?:true|false)$/i.test(text)) throw invalid(name, text);
  return text.toLowerCase() === 'true';
}

/** @throws ApiError INVALID_ARGUMENT for what is no JSON */
export function json<T>(annotations: Annotations, name: string): T | undefined {
  const text = annotations[name];
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text) as T;
  } catch {
    throw invalid(name, text);
  }
}

function invalid(name: string, value: string): ApiError {
  return new ApiError('INVALID_ARGUMENT', `Invalid value for annotation ${name}: '${value}'.`);
}
