/**
 * Milliseconds that GitHub's runner gives a cancelled step between SIGINT and SIGTERM. A step that ends in them has cleaned up.
 * @see https://github.com/actions/runner/blob/main/src/Runner.Sdk/ProcessInvoker.cs
 */
export const RUNNER_PATIENCE = 7500;
