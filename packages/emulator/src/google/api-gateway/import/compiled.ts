/** What a gateway is told to do: the part of Google's service configuration that its data plane reads. */
export interface CompiledService {
  readonly title: string;
  /** Whether `OPTIONS` of every path goes to the path's backend unchecked (`x-google-endpoint(s)`). */
  readonly allowCors: boolean;
  readonly operations: readonly CompiledOperation[];
}

export interface CompiledOperation {
  /** Upper case, e.g. `GET`. */
  readonly method: string;
  /** Base path included, e.g. `/v1/shelves/{shelf}`. */
  readonly pathTemplate: string;
  readonly operationId: string;
  /** Absent: the gateway has nowhere to send the request and does not know the path. */
  readonly backend: CompiledBackend | undefined;
  readonly apiKeyRequired: boolean;
  /** Where a key is looked for, in order. */
  readonly apiKeyLocations: readonly ApiKeyLocation[];
  /** Any one of these must accept the request's token; none: no token is asked for. */
  readonly jwt: readonly JwtProvider[];
  /** Whether a caller without an API key is served. */
  readonly allowUnregistered: boolean;
}

/** google.api.BackendRule (https://github.com/googleapis/googleapis/blob/master/google/api/backend.proto). */
export interface CompiledBackend {
  readonly address: string;
  /** Audience of the ID token; default: the scheme and host of the address. */
  readonly jwtAudience: string | undefined;
  readonly disableAuth: boolean;
  readonly pathTranslation: 'APPEND_PATH_TO_ADDRESS' | 'CONSTANT_ADDRESS';
  /** Seconds. */
  readonly deadline: number;
  readonly protocol: 'http/1.1' | 'h2';
}

export interface ApiKeyLocation {
  readonly in: 'query' | 'header';
  readonly name: string;
}

/** google.api.AuthProvider (https://github.com/googleapis/googleapis/blob/master/google/api/auth.proto). */
export interface JwtProvider {
  readonly issuer: string;
  /** Absent: found by OpenID Connect discovery. */
  readonly jwksUri: string | undefined;
  /** Empty: `https://` and the name of the managed service. */
  readonly audiences: readonly string[];
  /** Empty: `Authorization: Bearer`, `x-goog-iap-jwt-assertion`, `?access_token=`. */
  readonly locations: readonly JwtLocation[];
}

export interface JwtLocation {
  readonly in: 'query' | 'header';
  readonly name: string;
  /** What stands before the token in a header, e.g. `Bearer `. */
  readonly valuePrefix: string;
}

/** Places ESPv2 looks for an API key in, whatever the document calls it. */
export const API_KEY_LOCATIONS: readonly ApiKeyLocation[] = [
  { in: 'query', name: 'key' },
  { in: 'query', name: 'api_key' },
  { in: 'header', name: 'x-api-key' },
];
