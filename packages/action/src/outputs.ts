import { setOutput } from '@actions/core';

/** Sets the outputs of the step; booleans and lists become the strings a workflow compares. */
export function setOutputs(outputs: Readonly<Record<string, string | boolean | readonly string[]>>): void {
  for (const [name, value] of Object.entries(outputs)) {
    setOutput(name, Array.isArray(value) ? value.join('\n') : String(value));
  }
}
