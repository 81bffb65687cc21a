import { vi } from 'vitest';

/*
 * vitest runs it before each test file whose process has run others before. What a module found out when it was loaded, such as which
 * tools there are, is of the file that it was loaded for: each file loads its own modules again, out of what is compiled already.
 */

vi.resetModules();
