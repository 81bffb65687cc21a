/** As much of a discovery document as is used here (https://developers.google.com/discovery/v1/reference/apis). */
export interface Document extends Resource {
  readonly name: string;
  readonly version: string;
  readonly revision: string;
  readonly rootUrl: string;
  readonly servicePath: string;
  readonly schemas: Readonly<Record<string, Schema>>;
}

export interface Resource {
  readonly methods?: Readonly<Record<string, Method>>;
  readonly resources?: Readonly<Record<string, Resource>>;
}

export interface Method {
  readonly id: string;
  readonly httpMethod: string;
  readonly path: string;
  readonly flatPath?: string;
  readonly parameters?: Readonly<Record<string, Schema & { readonly location: string }>>;
  readonly request?: { readonly $ref: string };
  readonly response?: { readonly $ref: string };
}

export interface Schema {
  readonly id?: string;
  readonly type?: string;
  readonly format?: string;
  readonly pattern?: string;
  readonly $ref?: string;
  readonly enum?: readonly string[];
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema;
  readonly description?: string;
  readonly readOnly?: boolean;
  readonly required?: boolean;
  readonly repeated?: boolean;
}
