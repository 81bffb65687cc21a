import { count, flag, listOf, mapOf, matching, objectOf, oneOf, type Shape, text, word } from '../shape.ts';
import { backend } from './backend.ts';

/** https://github.com/googleapis/api-compiler, ApiNameGenerator.java. */
export const apiName = matching(
  /^[a-z][a-z0-9]{0,39}$/,
  'a letter and up to 39 more letters or digits, all lower case',
);

/** https://github.com/googleapis/googleapis/blob/master/google/api/metric.proto */
const kinds = {
  metric: oneOf('DELTA', 'GAUGE', 'CUMULATIVE'),
  value: oneOf('INT64', 'DOUBLE', 'BOOL', 'STRING', 'DISTRIBUTION', 'MONEY'),
};

/** google.api.MetricDescriptor. */
const metric20 = objectOf({
  fields: {
    'name!': word,
    displayName: text,
    display_name: text,
    description: text,
    valueType: kinds.value,
    value_type: kinds.value,
    metricKind: kinds.metric,
    metric_kind: kinds.metric,
    type: text,
    unit: text,
  },
  others: 'refused',
});

/** google.api.QuotaLimit: https://github.com/googleapis/googleapis/blob/master/google/api/quota.proto */
const limitName = matching(/^[A-Za-z0-9-]{1,64}$/, 'up to 64 letters, digits and hyphens');

const limit20 = objectOf({
  fields: {
    'name!': limitName,
    'metric!': word,
    unit: matching(/^1\/[a-z]+\/\{[a-z]+\}$/, 'a unit such as 1/min/{project}'),
    'values!': objectOf({ fields: { 'STANDARD!': count }, others: 'refused' }),
    displayName: text,
    display_name: text,
    description: text,
  },
  others: 'refused',
});

/** `x-google-management` of 2.0. */
export const management20 = objectOf({
  fields: {
    metrics: listOf(metric20),
    quota: objectOf({ fields: { limits: listOf(limit20) }, others: 'refused' }),
  },
  others: 'refused',
});

const limit3 = objectOf({ fields: { 'metric!': word, 'values!': count }, others: 'refused' });

/** `x-google-api-management` of 3.x. */
export const management3 = objectOf({
  fields: {
    metrics: mapOf(objectOf({ fields: { displayName: text }, others: 'refused' })),
    quota: objectOf({ fields: { limits: mapOf(limit3, limitName) }, others: 'refused' }),
    backends: mapOf(backend),
    apiName,
    allowCors: flag,
  },
  others: 'lookalikes',
});

/** What a call of an operation costs: MetricRule of quota.proto, whose costs "must not be negative". */
export const quota: Shape = objectOf({ fields: { 'metricCosts!': mapOf(count) }, others: 'refused' });
