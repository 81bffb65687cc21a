/** Without what is undefined: a field that is not set is not there. */
export function set<T extends object>(fields: { [Name in keyof T]: T[Name] | undefined }): T {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as T;
}

/** The same, or undefined where no field is left. */
export function setAny<T extends object>(fields: { [Name in keyof T]: T[Name] | undefined }): T | undefined {
  const left = set(fields);
  return Object.keys(left).length > 0 ? left : undefined;
}

/** Labels without the one that the API v1 adds, which gcloud sends back, for templates as well. */
export function ownLabels(
  labels: Readonly<Record<string, string>> | undefined,
): Record<string, string> | undefined {
  const { 'cloud.googleapis.com/location': _, ...others } = labels ?? {};
  return labels && others;
}
