/** Whether a host such as `127.0.0.1:8080` or `localhost` is this machine. */
export function isLoopback(host: string): boolean {
  return /^(127(\.\d{1,3}){3}|localhost|\[::1\])(:\d+)?$/.test(host);
}

/** The scheme that a host is reached by: http on loopback, else https. */
export function schemeOf(host: string): 'http' | 'https' {
  return isLoopback(host) ? 'http' : 'https';
}
