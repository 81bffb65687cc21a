/** Ports from the first to the last. */
export interface PortRange {
    readonly first: number;
    readonly last: number;
}
