import { overridesOf, prefixOf } from './kernel/service/declaration.ts';
import type { Mounted } from './kernel/service/mount.ts';

/** The host names that services stand in for. */
export function hostsOf(mounted: readonly Mounted[]): readonly string[] {
  return mounted.flatMap(({ declaration: { name, hosts = [] } }) => [name, ...hosts]);
}

/** Where a service's paths begin, without a slash at the end. */
export function addressOf(origin: string, { declaration }: Mounted): string {
  const prefix = prefixOf(declaration);
  return prefix === undefined || declaration.keepsPrefix ? origin : `${origin}/${prefix}`;
}

/** gcloud's own variables, which point it and the actions at the services (`gcloud topic configurations`, api_endpoint_overrides). */
export function overrides(origin: string, mounted: readonly Mounted[]): Record<string, string> {
  return Object.fromEntries(
    mounted.flatMap((service) =>
      overridesOf(service.declaration).map((name) => [
        `CLOUDSDK_API_ENDPOINT_OVERRIDES_${name.toUpperCase()}`,
        `${addressOf(origin, service)}/`,
      ]),
    ),
  );
}

/** The variables that don't lead a client away from the name that it knows. */
export function withoutOverrides(variables: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(variables).filter(
      ([name]) =>
        !/^(?:CLOUDSDK_API_ENDPOINT_OVERRIDES_|GHA_ENDPOINT_OVERRIDE_|FLY_(?:API|UIEX|FLAPS)_BASE_URL$|GITHUB_API_URL$)/.test(
          name,
        ),
    ),
  );
}
