import type { Service } from '../api/resources.ts';

/** The URLs of a service: its own, and that of a tag; empty where there is none. */
export function urlsOf(
  { uri = '', trafficStatuses = [] }: Pick<Service, 'uri' | 'trafficStatuses'>,
  tag: string | undefined,
): { readonly url: string; readonly tagUrl: string } {
  return { url: uri, tagUrl: trafficStatuses.find((status) => tag && status.tag === tag)?.uri ?? '' };
}
