import { asList, asObject, asText, type Json, type JsonObject, own } from '../json.ts';

/** `x-google-management` and `x-google-api-name` as `x-google-api-management`, its backends still to come. */
export function upgradeManagement(root: JsonObject): JsonObject {
  const management = asObject(own(root, 'x-google-management'));
  const apiName = asText(own(root, 'x-google-api-name'));
  if (management === undefined && apiName === undefined) return {};
  const metrics = named(own(management, 'metrics'), ({ displayName }) =>
    displayName === undefined ? {} : { displayName },
  );
  const limits = named(own(asObject(own(management, 'quota')), 'limits'), (limit) => ({
    metric: limit.metric ?? '',
    values: asObject(limit.values)?.STANDARD ?? 0,
  }));
  return {
    'x-google-api-management': {
      ...(apiName === undefined ? {} : { apiName }),
      ...(Object.keys(metrics).length === 0 ? {} : { metrics }),
      ...(Object.keys(limits).length === 0 ? {} : { quota: { limits } }),
    },
  };
}

function named(value: Json | undefined, map: (item: JsonObject) => JsonObject): JsonObject {
  const entries = asList(value).flatMap((item): [string, JsonObject][] => {
    const object = asObject(item);
    const name = asText(object?.name);
    return object === undefined || name === undefined ? [] : [[name, map(object)]];
  });
  return Object.fromEntries(entries);
}
