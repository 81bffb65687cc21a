/** A line that a container or a machine wrote. */
export interface WrittenLine {
    /** RFC 3339, in UTC. */
    readonly time: string;
    /** Name of the service, job, worker pool or app. */
    readonly from: string;
    readonly text: string;
}
