import { expect, it } from 'vitest';
import { changelogSection } from './changelog.ts';

const changelog = `# Changelog

## Unreleased

- Something.

## [1.1.0] - 2026-11-28

### Added

- This.

## 1.1.0-rc.1 - 2026-11-20

## 1.0.0 - 2026-11-01

- That.

[1.1.0]: https://example.com
`;

it.each([
  ['1.1.0', '### Added\n\n- This.'],
  ['1.0.0', '- That.'],
  ['1.1.0-rc.1', undefined],
  ['1.0', undefined],
  ['Unreleased', undefined],
])('says of %s: %j', (version, section) => {
  expect(changelogSection(changelog, version)).toBe(section);
  expect(changelogSection(changelog.replaceAll('\n', '\r\n'), version)).toBe(section);
});
