import type { Report } from '../../diagnostic.ts';
import { asObject, type JsonObject, own } from '../../json.ts';
import { PER_MINUTE } from '../../model/management.ts';
import type { Plan } from '../../model/plan.ts';
import { securityOf } from './security.ts';

/**
 * `x-google-api-management`, its backends still to come, with the security of the MCP tools as the gateway can enforce it:
 * https://cloud.google.com/api-gateway/docs/oasv3-extensions.
 */
export function writeManagement({ management, tools }: Plan, report: Report): JsonObject {
  const { apiName, metrics, limits, others } = management;
  for (const { name, unit, place } of limits)
    if (unit !== PER_MINUTE)
      report(
        'google-extension-dropped',
        place,
        `The limit ${name} counts by ${unit}; OpenAPI 3 counts by ${PER_MINUTE} only.`,
      );
  const mcp = asObject(own(others, 'mcp'));
  const list =
    tools === undefined ? undefined : { ...asObject(own(mcp, 'tools-list')), ...securityOf(tools) };
  return {
    ...(apiName === undefined ? {} : { apiName }),
    ...(metrics.length === 0
      ? {}
      : {
          metrics: Object.fromEntries(
            metrics.map(({ name, displayName }) => [name, displayName === undefined ? {} : { displayName }]),
          ),
        }),
    ...(limits.length === 0
      ? {}
      : {
          quota: {
            limits: Object.fromEntries(limits.map(({ name, metric, values }) => [name, { metric, values }])),
          },
        }),
    ...others,
    ...(list === undefined || mcp === undefined ? {} : { mcp: { ...mcp, 'tools-list': list } }),
  };
}
