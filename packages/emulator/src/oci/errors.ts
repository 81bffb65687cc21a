import type { Reply } from '../kernel/http/call.ts';

/** Error codes of the OCI distribution specification v1.1, and Google's own, and the HTTP status Artifact Registry sends with each. */
const HTTP_STATUS = {
  UNAUTHORIZED: 401,
  DENIED: 403,
  NAME_INVALID: 400,
  NAME_UNKNOWN: 404,
  BLOB_UNKNOWN: 404,
  BLOB_UPLOAD_UNKNOWN: 404,
  BLOB_UPLOAD_INVALID: 416,
  PAGINATION_NUMBER_INVALID: 400,
  SIZE_INVALID: 413,
  DIGEST_INVALID: 400,
  MANIFEST_INVALID: 400,
  MANIFEST_BLOB_UNKNOWN: 400,
  MANIFEST_UNKNOWN: 404,
  TAG_INVALID: 400,
  UNSUPPORTED: 405,
  GOOGLE_MANIFEST_DANGLING_TAG: 400,
  GOOGLE_MANIFEST_DANGLING_PARENT_IMAGE: 400,
} as const;

export type RegistryErrorCode = keyof typeof HTTP_STATUS;

/** An error the registry answers with: `{"errors":[{"code","message"}]}` (distribution-spec, "Error codes"). */
export class RegistryError extends Error {
  readonly code: RegistryErrorCode;
  readonly headers: Readonly<Record<string, string>>;

  constructor(code: RegistryErrorCode, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(message);
    this.code = code;
    this.headers = headers;
  }

  get reply(): Reply {
    const { code, message, headers } = this;
    return { status: HTTP_STATUS[code], headers, body: { errors: [{ code, message }] } };
  }
}
