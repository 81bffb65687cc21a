import { homedir } from 'node:os';

/** The user's home directory; undefined where neither HOME nor the system names one, as for a container's unknown user. */
export function homeDirectory(): string | undefined {
  try {
    return homedir();
  } catch {
    return undefined;
  }
}
