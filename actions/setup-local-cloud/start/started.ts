/** What the post step is told by where the main step started a local cloud. */
export const STARTED = 'gangway_local_cloud';
