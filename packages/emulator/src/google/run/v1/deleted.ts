import type { Reply } from '../../../kernel/http/call.ts';

/**
 * What a DELETE of Cloud Run's API v1 answers. Its Status is no Kubernetes object: it has neither apiVersion nor kind
 * (https://cloud.google.com/run/docs/reference/rest/v1/Status).
 */
export const DELETED: Reply = { body: { status: 'Success' } };
