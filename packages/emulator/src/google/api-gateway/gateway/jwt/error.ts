/** Why a token is refused, in Envoy's words (google/jwt_verify_lib, status.cc). */
export class JwtError extends Error {
  /** 403 only for a wrong audience. */
  readonly status: 401 | 403;

  constructor(message: string, status: 401 | 403 = 401) {
    super(message);
    this.status = status;
  }
}

export const MISSING = 'Jwt is missing';
export const UNKNOWN_ISSUER = 'Jwt issuer is not configured';
