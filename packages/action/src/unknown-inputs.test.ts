import { afterEach, describe, expect, it, vi } from 'vitest';
import { step } from '../test/step.ts';
import { ActionError } from './error.ts';
import { refuseUnknown } from './unknown-inputs.ts';

afterEach(() => vi.unstubAllEnvs());

const DECLARED = ['env_vars', 'build_args', 'tag', 'invokers'];
const REFUSED = {
  flags: { cure: (value: string) => `${value.length} characters` },
  push: { cure: 'leave it out', same: ['true'] },
};

/** The hint of the error, or undefined. */
function hintFor(name: string, value = 'x'): string | undefined {
  vi.stubEnv(`INPUT_${name.toUpperCase()}`, value);
  try {
    refuseUnknown(DECLARED, REFUSED);
    return undefined;
  } catch (error) {
    expect(error).toBeInstanceOf(ActionError);
    expect(error).toMatchObject({
      code: 'input-unknown',
      message: `This action has no input "${name.toLowerCase()}".`,
    });
    return (error as ActionError).hint;
  }
}

describe('an input that action.yml does not declare', () => {
  it.each([
    ['flags', '--cpu=2', '7 characters'],
    ['push', 'false', 'leave it out'],
    ['build-args', 'A=1', 'write build_args in place of build-args'],
    ['buildArgs', 'A=1', 'write build_args in place of buildargs'],
    ['envvars', 'A=1', 'write env_vars in place of envvars'],
    ['invoker', 'allUsers', 'write invokers in place of invoker'],
    ['tags', 'a', 'write tag in place of tags'],
  ])('is an error where it is meant for one: %s', (name, value, hint) =>
    expect(hintFor(name, value)).toBe(
      `${hint}; if INPUT_${name.toUpperCase()} is a variable of your own under "env:", give it another name`,
    ),
  );

  it.each([
    ['push', 'True'],
    ['flags', ''],
    ['env_vars', 'A=1'],
  ])('is none: %s %j', (name, value) => expect(hintFor(name, value)).toBeUndefined());

  it('is a warning else, and under act, which hands on the inputs of a composite action', async () => {
    const script = `await action.run(async () => action.refuseUnknown(['word'], { flags: { cure: 'write word' } }));`;
    await using other = await step(script, { inputs: { colour: 'red' } });
    await using act = await step(script, { inputs: { flags: '-x', words: 'y' }, env: { ACT: 'true' } });
    expect(other.annotations).toEqual([
      expect.objectContaining({
        message: 'This action has no input "colour", so it has no effect.',
      }),
    ]);
    expect(act.annotations.map(({ message }) => message)).toEqual([
      'This action has no input "flags", so it has no effect. To fix it: write word.',
      'This action has no input "words", so it has no effect. To fix it: write word in place of words.',
    ]);
    expect(act.exitCode).toBe(0);
  });
});
