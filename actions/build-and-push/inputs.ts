import { input, invalid } from '@gangway/action';
import { type GoogleInputs, readGoogleInputs } from '@gangway/auth';
import { type ImageName, imageNameCure, parseImageName } from '@gangway/registry';
import { type BuildInputs, readBuildInputs } from './build-inputs.ts';
import { readContext } from './context.ts';
import { readTagInputs, type TagInputs } from './tag-inputs.ts';

export interface Inputs extends BuildInputs, TagInputs {
  readonly google: GoogleInputs;
  readonly image: ImageName;
  readonly context: string;
  readonly file: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly createRepository: boolean;
  readonly specCommand: string | undefined;
}

export function readInputs(): Inputs {
  // First of all, as it masks the secrets.
  const build = readBuildInputs();
  const image = readImage();
  const tagged = readTagInputs();
  return {
    google: readGoogleInputs(input),
    image,
    ...readContext(),
    ...build,
    ...tagged,
    labels: { ...tagged.metadata, ...input.pairs('labels') },
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
