/** Who acts in which project, as far as the credentials tell. */
export interface Actor {
  readonly projectId: string;
  /** E-mail address of the account that is acted as. */
  readonly serviceAccount?: string | undefined;
  /** Full name of the provider through which the job's own identity acts, where there is no account. */
  readonly workloadIdentityProvider?: string | undefined;
}
