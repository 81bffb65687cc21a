import { describe, expect, it } from 'vitest';
import { COMMANDS, parseCommand } from './command.ts';

const DO_SOMETHING = new Set(['do-something']);

/** The facts of actions/runner's own tests: src/Test/L0/Worker/ActionCommandL0.cs. */
describe("actions/runner's table", () => {
  it.each<[string, string, Record<string, string>]>([
    ['##[do-something k1=v1;]msg', 'msg', { k1: 'v1' }],
    ['##[do-something]', '', {}],
    ['##[do-something k1=%3B=%0D=%0A=%5D;]%3B-%0D-%0A-%5D', ';-\r-\n-]', { k1: ';=\r=\n=]' }],
    [
      '##[do-something k1=%253B=%250D=%250A=%255D;]%253B-%250D-%250A-%255D',
      '%3B-%0D-%0A-%5D',
      { k1: '%3B=%0D=%0A=%5D' },
    ],
    ['##[do-something k1=;k2=;]', '', {}],
    ['>>>   ##[do-something k1=v1;]msg', 'msg', { k1: 'v1' }],
    ['::do-something k1=v1,::msg', 'msg', { k1: 'v1' }],
    ['::do-something::', '', {}],
    ['::do-something k1=;=%2C=%0D=%0A=]=%3A,::;-%0D-%0A-]-:-,', ';-\r-\n-]-:-,', { k1: ';=,=\r=\n=]=:' }],
    [
      '::do-something k1=;=%252C=%250D=%250A=]=%253A,::;-%250D-%250A-]-:-,',
      ';-%0D-%0A-]-:-,',
      { k1: ';=%2C=%0D=%0A=]=%3A' },
    ],
    ['::do-something k1=,k2=,::', '', {}],
    ['::do-something k1=v1::', '', { k1: 'v1' }],
    ['   ::do-something k1=v1,::msg', 'msg', { k1: 'v1' }],
  ])('%s', (line, value, properties) => {
    expect(parseCommand(line, DO_SOMETHING)).toEqual({ name: 'do-something', value, properties });
  });

  it('has text, too', () => {
    expect(parseCommand('   >>>   ::do-something k1=v1,::msg', DO_SOMETHING)).toBeUndefined();
  });
});

describe('a command', () => {
  it.each([
    ['in any case', '::Stop-Commands::x'],
    ['after what .NET trims: U+0085', '\u0085 \u00a0\u3000::stop-commands::x'],
    ['anywhere, in brackets', 'compiling ##[stop-commands]x'],
    ['in brackets of a line that has other colons first', '::no-command::##[stop-commands]x'],
    ['around a soft hyphen', ':\u00ad:stop-commands::x'],
    ['after a zero-width space', '\u200b::stop-commands::x'],
    ['around a control character', '#\0#\x1b[stop-commands]x'],
  ])('is found %s', (_, line) => {
    expect(parseCommand(line)).toMatchObject({ name: expect.stringMatching(/^stop-commands$/i), value: 'x' });
  });

  it.each([
    '',
    '::',
    '::stop-commands',
    ':: stop-commands::x',
    '##[stop-commands x',
    '##[stop-command]x',
    'x ::stop-commands::x',
    '##\\[stop-commands]x',
    // Only for plugins of the runner itself.
    '##[internal-set-repo-path repoFullName=a/b;workspaceRepo=true]x',
  ])('is not %j', (line) => expect(parseCommand(line)).toBeUndefined());

  it('keeps its value as it is', () => {
    expect(parseCommand('::add-mask::a\u00adb::c')).toMatchObject({ value: 'a\u00adb::c' });
  });

  it('has one of the names that the runner registers', () => {
    for (const name of COMMANDS) expect(parseCommand(`##[${name} a=b]c`)).toMatchObject({ name, value: 'c' });
  });
});
