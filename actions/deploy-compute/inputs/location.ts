import { ActionError, input, invalid } from '@gangway/action';

/** Where an instance or a group is. */
export interface Location {
  /** Below the project, `zones/us-central1-a`, or `regions/us-central1` of a group that is spread over zones. */
  readonly path: string;
  /** e.g. `us-central1`. */
  readonly region: string;
  /** Zones that a regional group is spread over; undefined leaves them to Compute Engine, or as they are. */
  readonly zones: readonly string[] | undefined;
}

const ZONE = /^[a-z]+-[a-z]+\d+-[a-z]$/;
const REGION = /^[a-z]+-[a-z]+\d+$/;

/** @throws ActionError unless `zone` or `region` says it, one of the two */
export function readLocation(kind: 'instance' | 'group'): Location {
  const zone = input.optional('zone');
  const region = input.optional('region');
  if (region === undefined) {
    if (zone === undefined)
      throw new ActionError('Input "zone" is required and was empty.', {
        code: 'input-missing',
        hint: `write a zone such as us-central1-a${kind === 'group' ? ', or set region to a region' : ''}`,
      });
    if (!ZONE.test(zone)) throw invalid('zone', zone, 'write a zone such as us-central1-a');
    const [first] = input.list('zones');
    if (first !== undefined)
      throw invalid('zones', first, 'zones is for groups of a region: write region instead of zone');
    return { path: `zones/${zone}`, region: regionOf(zone), zones: undefined };
  }
  if (kind === 'instance')
    throw invalid('region', region, 'an instance is in one zone: write zone, such as us-central1-a');
  if (zone !== undefined)
    throw invalid(
      'region',
      region,
      `a group is either in a zone or in a region: keep region, or zone ${zone}`,
    );
  if (!REGION.test(region)) throw invalid('region', region, 'write a region such as us-central1');
  return { path: `regions/${region}`, region, zones: readZones(region) };
}

function readZones(region: string): readonly string[] | undefined {
  const zones = input.list('zones');
  if (zones.length === 0) return undefined;
  for (const [index, zone] of zones.entries()) {
    if (!ZONE.test(zone) || regionOf(zone) !== region)
      throw invalid('zones', zone, `write zones of ${region}, such as ${region}-a`);
    if (zones.indexOf(zone) !== index) throw invalid('zones', zone, 'it is there twice; keep one');
  }
  return [...zones].sort();
}

function regionOf(zone: string): string {
  return zone.replace(/-[a-z]$/, '');
}
