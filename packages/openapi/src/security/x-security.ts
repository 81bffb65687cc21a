import { asList, asObject, asTexts, type JsonObject, own } from '../json.ts';

/** A scheme whose tokens are accepted, and for whom they must be made out. */
export interface Audiences {
  readonly scheme: string;
  readonly audiences: readonly string[];
}

/**
 * What `x-security` asks for, any one of which is enough: Google's way to give an operation of OpenAPI 2.0 audiences of
 * its own (https://github.com/googleapis/api-compiler, AuthRuleGenerator.java). Its form has been checked.
 */
export function audiencesOf(object: JsonObject): readonly Audiences[] | undefined {
  const value = own(object, 'x-security');
  if (value === undefined) return undefined;
  return asList(value).flatMap((item) =>
    Object.entries(asObject(item) ?? {}).map(([scheme, fields]) => ({
      scheme,
      audiences: asTexts(own(asObject(fields), 'audiences')),
    })),
  );
}
