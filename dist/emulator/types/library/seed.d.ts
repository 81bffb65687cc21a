/** What a local cloud starts with beside its defaults. */
export interface Seed {
    /** Further projects in which the deployer may do what it may in the first. */
    readonly projects?: readonly string[];
    /** Service accounts, by e-mail or by id. */
    readonly service_accounts?: readonly string[];
    /** Service accounts that jobs of the repository deploy as. */
    readonly deployers?: readonly string[];
    /** Workload identity providers that take tokens of the repository's jobs, by full name. */
    readonly providers?: readonly string[];
    /** Docker repositories of Artifact Registry, `LOCATION/NAME` or `projects/P/locations/L/repositories/R`. */
    readonly repositories?: readonly string[];
    /** Google APIs to enable, such as `pubsub.googleapis.com`. */
    readonly apis?: readonly string[];
    /** Secrets of Secret Manager, by id. */
    readonly secrets?: Readonly<Record<string, string>>;
    /** Apps of Fly.io, in the organization `personal`. */
    readonly fly_apps?: readonly string[];
}
/** What a seed made that was not there. */
export interface Planted {
    readonly accounts: readonly string[];
    readonly repositories: readonly string[];
    readonly providers: readonly string[];
    readonly projects: readonly string[];
    readonly fly_apps: readonly string[];
}
