import { Option } from 'commander';

/** The option `--fail-on`, of which `more` are further choices. */
export function failOnOption(...more: readonly string[]): Option {
  return new Option('--fail-on <severity>', 'what ends with status 1')
    .choices(['error', 'warning', ...more, 'never'])
    .default('error');
}
