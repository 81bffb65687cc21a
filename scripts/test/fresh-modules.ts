import { vi } from 'vitest';

/*
 * vitest runs this before each end-to-end file. The files share a process, but a module may have read at load time which tools the previous
 * file declared. Each file therefore evaluates its modules again; they are not transformed again.
 */

vi.resetModules();
