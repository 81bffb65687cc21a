/** Some of the regions of https://fly.io/docs/reference/regions/. */
export const REGIONS = [
  {
    code: 'ams',
    name: 'Amsterdam, Netherlands',
    latitude: 52.374_34,
    longitude: 4.895_439,
    geo_region: 'europe',
  },
  { code: 'arn', name: 'Stockholm, Sweden', latitude: 59.6512, longitude: 17.9178, geo_region: 'europe' },
  { code: 'bom', name: 'Mumbai, India', latitude: 19.0973, longitude: 72.8745, geo_region: 'asia_pacific' },
  { code: 'cdg', name: 'Paris, France', latitude: 48.860_875, longitude: 2.353_477, geo_region: 'europe' },
  {
    code: 'dfw',
    name: 'Dallas, Texas (US)',
    latitude: 32.778_287,
    longitude: -96.7984,
    geo_region: 'north_america',
  },
  {
    code: 'ewr',
    name: 'Secaucus, NJ (US)',
    latitude: 40.789_543,
    longitude: -74.056_53,
    geo_region: 'north_america',
  },
  { code: 'fra', name: 'Frankfurt, Germany', latitude: 50.1167, longitude: 8.6833, geo_region: 'europe' },
  {
    code: 'gru',
    name: 'Sao Paulo, Brazil',
    latitude: -23.549_664,
    longitude: -46.654_35,
    geo_region: 'south_america',
  },
  {
    code: 'iad',
    name: 'Ashburn, Virginia (US)',
    latitude: 39.022_14,
    longitude: -77.462_56,
    geo_region: 'north_america',
  },
  {
    code: 'lax',
    name: 'Los Angeles, California (US)',
    latitude: 33.9416,
    longitude: -118.4085,
    geo_region: 'north_america',
  },
  {
    code: 'lhr',
    name: 'London, United Kingdom',
    latitude: 51.516_434,
    longitude: -0.125_656,
    geo_region: 'europe',
  },
  {
    code: 'nrt',
    name: 'Tokyo, Japan',
    latitude: 35.621_613,
    longitude: 139.741_86,
    geo_region: 'asia_pacific',
  },
  {
    code: 'ord',
    name: 'Chicago, Illinois (US)',
    latitude: 41.891_544,
    longitude: -87.630_386,
    geo_region: 'north_america',
  },
  { code: 'sin', name: 'Singapore, Singapore', latitude: 1.3, longitude: 103.8, geo_region: 'asia_pacific' },
  {
    code: 'sjc',
    name: 'San Jose, California (US)',
    latitude: 37.351_604,
    longitude: -121.896_74,
    geo_region: 'north_america',
  },
  {
    code: 'syd',
    name: 'Sydney, Australia',
    latitude: -33.866_033,
    longitude: 151.206_97,
    geo_region: 'asia_pacific',
  },
] as const;

export function isRegion(code: string): boolean {
  return REGIONS.some((region) => region.code === code);
}
