/** Fields of a oneof, and optional ones: what is set there is shown, whatever it is. */
const ONEOF = new Set(['maxRetries', 'value', 'exitCode', 'manualInstanceCount']);
/** Fields that are maps, or JSON of the user's own: their values are nobody's defaults. */
const MAPS = new Set(['labels', 'annotations', 'limits', 'nodeSelector', 'jsonPayload', 'userLabels']);

/**
 * A message as Cloud Run shows it: JSON of proto3 leaves out `false`, 0, empty texts, lists and maps, which are what a
 * field is that was never set (https://protobuf.dev/programming-guides/json). Messages stay, empty or not.
 */
export function withoutDefaults(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutDefaults);
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype)
    return value;
  const entries = Object.entries(value)
    .filter(([name, inner]) => ONEOF.has(name) || !isDefault(name, inner))
    .map(([name, inner]) => [name, MAPS.has(name) ? inner : withoutDefaults(inner)]);
  return Object.fromEntries(entries);
}

function isDefault(name: string, value: unknown): boolean {
  if (value === undefined || value === false || value === 0 || value === '') return true;
  if (Array.isArray(value)) return value.length === 0;
  return MAPS.has(name) && typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}
