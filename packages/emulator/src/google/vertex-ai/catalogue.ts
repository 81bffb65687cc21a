import { REGIONS } from '../../kernel/resources/locations.ts';

/** The locations of a multi-region's or the world's endpoint. */
const WIDE = ['global', 'us', 'eu'];

interface Model {
  /** Locations that serve it. */
  readonly locations: readonly string[];
  /** From this day on, it is gone; left out where no day was announced. */
  readonly retired?: string;
}

/**
 * Gemini's models, as far as people deploy apps with them. Those of the third generation are served by the wide endpoints alone.
 *
 * @see https://cloud.google.com/vertex-ai/generative-ai/docs/learn/model-versions
 */
const MODELS: Readonly<Record<string, Model>> = {
  'gemini-3.8-flash': { locations: WIDE },
  'gemini-3.7-flash': { locations: WIDE },
  'gemini-3.6-flash': { locations: WIDE },
  'gemini-3.5-flash': { locations: WIDE },
  'gemini-3.5-flash-lite': { locations: WIDE },
  'gemini-2.5-pro': { locations: [...WIDE, ...REGIONS], retired: '2026-10-16' },
  'gemini-2.5-flash': { locations: [...WIDE, ...REGIONS], retired: '2026-10-16' },
  'gemini-2.5-flash-lite': { locations: [...WIDE, ...REGIONS], retired: '2026-10-16' },
  'gemini-2.0-flash-001': { locations: ['global', ...REGIONS], retired: '2026-06-01' },
  'gemini-1.5-flash-002': { locations: REGIONS, retired: '2025-09-24' },
};

/** @param now milliseconds since the epoch */
export function serves(location: string, model: string, now: number): boolean {
  const known = Object.hasOwn(MODELS, model) ? MODELS[model] : undefined;
  if (!known?.locations.includes(location)) return false;
  return known.retired === undefined || now < Date.parse(known.retired);
}

/**
 * The one location that a host is for; undefined where it answers for any.
 *
 * @see https://cloud.google.com/vertex-ai/generative-ai/docs/learn/locations
 */
export function locationOf(host: string): string | undefined {
  const [, multi] = /^aiplatform\.(us|eu)\.rep\.googleapis\.com$/.exec(host) ?? [];
  const [, region] = /^([a-z0-9-]+)-aiplatform\.googleapis\.com$/.exec(host) ?? [];
  return multi ?? region;
}

/** Whether the name of a host is in the DNS: there is no `global-aiplatform.googleapis.com`. */
export function isHost(host: string): boolean {
  const location = locationOf(host);
  return location === undefined || host.startsWith('aiplatform.') || REGIONS.includes(location);
}
