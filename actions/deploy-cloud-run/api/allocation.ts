// How a traffic target names its revision (https://cloud.google.com/run/docs/reference/rest/v2/TrafficTargetAllocationType).
export const LATEST = 'TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST';
export const REVISION = 'TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION';
