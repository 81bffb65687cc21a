/** The dialects of API Gateway. */
export type Dialect = 'openapi3' | 'swagger2';

/** What the operator wishes of the emitted document. */
export interface EmitOptions {
  /** `auto` is `openapi3` for a 3.x document and `swagger2` for a 2.0 one. */
  readonly dialect: 'auto' | Dialect;
  /** Where requests go, unless an operation says otherwise. */
  readonly backend?: BackendOptions;
  /** Backends of the paths that begin with a prefix; the longest prefix wins. */
  readonly backends?: readonly PrefixedBackend[];
  /** Protects every operation that has no security of its own. */
  readonly apiKey?: boolean;
  readonly jwt?: readonly JwtMapping[];
  /** Names of security schemes that the backend checks itself; the gateway then does not. */
  readonly passthrough?: readonly string[];
  /** Names of security schemes that are required together where the document writes them as alternatives, as FastAPI does. */
  readonly allOf?: readonly string[];
  /** Adds an unprotected OPTIONS operation to every path that has none, for browsers' preflight requests. */
  readonly cors?: boolean;
  readonly expose?: ExposeOptions;
  /** Paths whose last variable spans segments, as FastAPI's `{file_path:path}`, which the document cannot say. */
  readonly wildcards?: readonly string[];
}

/** A backend, as `x-google-backend` describes it. */
export interface BackendOptions {
  /** https://HOST[/PATH]. */
  readonly address: string;
  /** The audience of the ID token for the backend; scheme and host of the address when absent. */
  readonly jwtAudience?: string;
  /** Sends no ID token, and leaves the caller's Authorization header alone. */
  readonly disableAuth?: boolean;
  /** APPEND_PATH_TO_ADDRESS when absent. */
  readonly pathTranslation?: 'APPEND_PATH_TO_ADDRESS' | 'CONSTANT_ADDRESS';
  /** Seconds; 15 when absent. */
  readonly deadline?: number;
  readonly protocol?: 'http/1.1' | 'h2';
}

/** Where the requests go whose path begins with something. */
export interface PrefixedBackend extends BackendOptions {
  /** Whole segments of a path as the document writes it, such as `/orders`; `/` is every path. */
  readonly prefix: string;
}

/** Who issues the tokens of a security scheme of the document. */
export interface JwtMapping {
  /** The name in `components.securitySchemes` or `securityDefinitions`. */
  readonly scheme: string;
  /** The `iss` claim, a URL or an e-mail address. */
  readonly issuer: string;
  /** Found by OpenID Connect discovery at the issuer when absent. */
  readonly jwksUri?: string;
  /** The `aud` claims that are accepted; the service's own name when absent. */
  readonly audiences?: readonly string[];
}

/** Which operations the gateway offers; all of them when both are absent. Patterns are paths in which `*` stands for
 * one segment's text and `**` for anything, or `tag:NAME`. */
export interface ExposeOptions {
  readonly include?: readonly string[];
  readonly exclude?: readonly string[];
}
