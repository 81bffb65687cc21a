import type { CompiledBackend } from '../../import/compiled.ts';

/** A backend's address taken apart. */
export interface BackendAddress {
  /** Local backends differ by port alone, so the port is part of it. */
  readonly origin: URL;
  /** Its path without a slash at the end. */
  readonly prefix: string;
}

const known = new WeakMap<CompiledBackend, BackendAddress>();

/** Where a backend is; taken apart once, not for each request. */
export function addressOf(backend: CompiledBackend): BackendAddress {
  const before = known.get(backend);
  if (before) return before;
  const url = new URL(backend.address.replace(/^grpc/, 'http'));
  const address = { origin: new URL(url.origin), prefix: url.pathname.replace(/\/$/, '') };
  known.set(backend, address);
  return address;
}
