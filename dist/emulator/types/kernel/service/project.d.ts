/** The one project there is. */
export interface Project {
    /** e.g. `demo-project` */
    readonly id: string;
    /** e.g. `123456789012` */
    readonly number: string;
}
