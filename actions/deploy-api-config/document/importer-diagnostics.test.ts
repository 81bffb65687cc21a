import { describe, expect, it } from 'vitest';
import { readDiagnostics } from './importer-diagnostics.ts';

const BLOCKS = `location: "openapi.yaml: Operation 'get' in path '/x'"
kind: ERROR
message: "Undeclared \\"path\\" parameter 'id'."
 location: "openapi.yaml: path '/y'"
message: "Not \\303\\244 problem\\nyet."
`;

describe('readDiagnostics', () => {
  const expected = [
    {
      location: "openapi.yaml: Operation 'get' in path '/x'",
      severity: 'error',
      message: `Undeclared "path" parameter 'id'.`,
    },
    { location: "openapi.yaml: path '/y'", severity: 'warning', message: 'Not ä problem\nyet.' },
  ];

  it("reads the importer's blocks, those without a kind as warnings", () => {
    expect(readDiagnostics(`Cannot convert to service config.\n'${BLOCKS}'`)).toEqual(expected);
  });

  it('reads them when they are prefixed and repeated, once', () => {
    const prefix = 'com.google.apps.framework.request.BadRequestException: ';
    const text = `Cannot convert to service config.\n'${BLOCKS}'`;
    expect(readDiagnostics(`${prefix}${text}\n${prefix}${text}`)).toEqual(expected);
  });

  it('reads them when they are escaped once more', () => {
    const escaped = BLOCKS.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
    expect(readDiagnostics(`Cannot convert to service config.\\n'${escaped}'`)).toEqual(expected);
  });

  it('finds nothing in other messages', () => {
    expect(readDiagnostics("Permission 'apigateway.apis.get' denied on 'projects/p'")).toEqual([]);
  });
});
