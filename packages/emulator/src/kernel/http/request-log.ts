import { Recent } from '../recent.ts';
import type { AnsweredRequest } from './answered-request.ts';

/** How many requests are kept: some tens of megabytes. */
const KEPT = 100_000;

/** The last requests that were answered. */
export class RequestLog extends Recent<AnsweredRequest> {
  constructor() {
    super(KEPT);
  }
}
