/**
 * What CHANGELOG.md says of a version: the text between its heading and the next one of the same level.
 * @param version without the `v`
 * @returns undefined when there is no heading `## 1.2.3 - 2026-11-28`, with or without brackets, or nothing under it
 * @see https://keepachangelog.com/en/1.1.0/
 */
export function changelogSection(changelog: string, version: string): string | undefined {
  const lines = changelog.split(/\r?\n/);
  const start = lines.findIndex((line) => headingOf(line) === version);
  if (start < 0) return undefined;
  const length = lines.slice(start + 1).findIndex((line) => /^## /.test(line) || /^\[[^\]]+\]: /.test(line));
  const section = lines.slice(start + 1, length < 0 ? undefined : start + 1 + length);
  return section.join('\n').trim() || undefined;
}

function headingOf(line: string): string | undefined {
  const [, bracketed, plain] = /^## (?:\[([^\]]+)\]|(\S+)) - \d{4}-\d{2}-\d{2}\s*$/.exec(line) ?? [];
  return bracketed ?? plain;
}
