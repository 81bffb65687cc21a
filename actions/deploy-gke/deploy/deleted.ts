import { object } from '@gangway/http';

/** A delete is answered with the object that goes, or with a Status: neither is read. */
export const DELETED = object;
