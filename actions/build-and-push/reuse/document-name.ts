/** The file name for what a command printed, or undefined when it is no OpenAPI document in JSON or YAML. */
export function documentName(printed: string): 'openapi.json' | 'openapi.yaml' | undefined {
  if (printed.trimStart().startsWith('{')) {
    return /["'](openapi|swagger)["']\s*:/.test(printed) ? 'openapi.json' : undefined;
  }
  return /^(openapi|swagger|"openapi"|"swagger")\s*:/m.test(printed) ? 'openapi.yaml' : undefined;
}
