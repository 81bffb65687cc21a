/** An error of the system's in words that say what to do. */
export function explain(error: unknown): string {
  const { code, message, port } = error as NodeJS.ErrnoException & { port?: number };
  if (code === 'EADDRINUSE' && port !== undefined)
    return `Port ${port} is in use. Give --port another one, or leave it out for a free one.`;
  if (code === 'EACCES' && port !== undefined)
    return `Port ${port} needs more rights. Give --port one above 1023.`;
  return message ?? String(error);
}
