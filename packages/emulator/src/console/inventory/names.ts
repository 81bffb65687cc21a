/** The id and the location in a resource's full name. */
export function placeIn(name: string): { name: string; location: string } {
  const [, location = ''] = /\/locations\/([^/]+)/.exec(name) ?? [];
  return { name: lastOf(name), location };
}

/** The last part of a resource's full name. */
export function lastOf(name: string): string {
  return name.split('/').at(-1) ?? name;
}
