import { type Entries, error, note, warning } from './entry.ts';

/** Codes of backends and servers. */
export const backends = {
  'backend-missing': warning(
    'No backend is named, so every request would get a 404.',
    'Give the backend its address.',
  ),
  'backend-prefix-unmatched': warning(
    'A line of `backends` that no operation uses.',
    'Correct the prefix, or remove the line.',
  ),
  'backend-prefix-missing': error(
    'An operation that no line of `backends` covers, and there is no other backend: requests would get a 404.',
    'Add a line for its prefix, `/=URL` for all the rest, or set `backend`.',
  ),
  'backend-undefined': error(
    'An `x-google-backend` that names no backend of `x-google-api-management`.',
    'Define the backend, or correct the name.',
  ),
  'backend-invalid': error(
    'A backend that API Gateway rejects.',
    'Correct the backend: an address of scheme, host and path, and one of jwt_audience and disable_auth.',
  ),
  'backend-lifted': note(
    'A backend on a path, which API Gateway ignores; it is copied to each operation of the path.',
    'Nothing to do.',
  ),
  'server-as-backend': warning(
    'An operation whose own `servers` name another host, to which the gateway sends its requests.',
    'Give the operation an x-google-backend, or remove its servers.',
  ),
  'backend-replaced': note(
    "The document's own backend is replaced by the one in the inputs.",
    'Nothing to do.',
  ),
  'servers-dropped': note(
    'Servers that the gateway does not use.',
    'Give operations another backend with x-google-backend.',
  ),
  'host-port-dropped': warning('API Gateway rejects a port in `host`.', 'Remove the port.'),
  'backend-placeholder': warning(
    'The address of a backend has a placeholder that was never replaced.',
    'Fill in the address before this step, or leave it out and name the backend there.',
  ),
  'backend-http': warning(
    'A backend that is called without encryption, and gets ID tokens that anyone on the way can read.',
    'Give the backend an address that begins with https://.',
  ),
} as const satisfies Entries;
