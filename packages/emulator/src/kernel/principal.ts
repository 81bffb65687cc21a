/** Who a token stands for. */
export interface Principal {
  /** The IAM member, e.g. `user:a@example.com`, `serviceAccount:x@p.iam.gserviceaccount.com`, `principal://…/subject/S`. */
  readonly member: string;
  /** Other members it counts as: its `principalSet://` sets, `allAuthenticatedUsers`. */
  readonly memberOf: readonly string[];
  /** E-mail of a user or service account. */
  readonly email?: string;
}

/** The principal of a service account, by its e-mail. */
export function serviceAccount(email: string): Principal {
  return { member: `serviceAccount:${email}`, memberOf: ['allAuthenticatedUsers'], email };
}

/** The principal of a person's Google account, by its e-mail. */
export function user(email: string): Principal {
  return { member: `user:${email}`, memberOf: ['allAuthenticatedUsers'], email };
}
