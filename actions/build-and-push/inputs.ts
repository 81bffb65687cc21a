import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { input, invalid } from '@gangway/action';
import { type GoogleInputs, readGoogleInputs } from '@gangway/auth';
import { type ImageName, imageNameCure, parseImageName } from '@gangway/registry';
import { readTagInputs, type TagInputs } from './tag-inputs.ts';

export interface Inputs extends TagInputs {
  readonly google: GoogleInputs;
  readonly image: ImageName;
  readonly context: string;
  readonly file: string;
  readonly target: string | undefined;
  readonly labels: Readonly<Record<string, string>>;
  readonly buildArgs: Readonly<Record<string, string>>;
  readonly secrets: Readonly<Record<string, string>>;
  readonly createRepository: boolean;
  readonly specCommand: string | undefined;
}

export function readInputs(): Inputs {
  const secrets = input.secrets('secrets');
  const image = readImage();
  const context = input.required('context');
  if (!existsSync(context))
    throw invalid(
      'context',
      context,
      'name a directory of the workspace; is actions/checkout before this step?',
    );
  const file = input.optional('file') ?? join(context, 'Dockerfile');
  if (!existsSync(file)) throw invalid('file', file, 'name the Dockerfile, relative to the workspace');
  const tagged = readTagInputs();
  return {
    google: readGoogleInputs(input),
    image,
    context,
    file,
    target: input.optional('target'),
    ...tagged,
    labels: { ...tagged.metadata, ...input.pairs('labels') },
    buildArgs: input.pairs('build_args'),
    secrets,
    createRepository: input.boolean('create_repository'),
    specCommand: input.optional('spec_command'),
  };
}

function readImage(): ImageName {
  const text = input.required('image');
  const image = parseImageName(text);
  if (image) return image;
  throw invalid('image', text, imageNameCure(text));
}
