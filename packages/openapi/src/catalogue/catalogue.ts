import { backends } from './backends.ts';
import { conversion } from './conversion.ts';
import { forms } from './forms.ts';
import { google } from './google.ts';
import { reading } from './reading.ts';
import { routes } from './routes.ts';
import { security } from './security.ts';

export type { Severity } from './entry.ts';

/** Every code there is. Codes are stable: a workflow may match on them. */
export const catalogue = {
  ...reading,
  ...routes,
  ...backends,
  ...forms,
  ...google,
  ...security,
  ...conversion,
} as const;

/** The code of a diagnostic. */
export type Code = keyof typeof catalogue;
