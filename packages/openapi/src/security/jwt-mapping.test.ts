import { describe, expect, it } from 'vitest';
import { readJwtMapping } from './jwt-mapping.ts';

const problem = (text: string): string => {
  const read = readJwtMapping(text);
  return 'problem' in read ? read.problem : `none: ${JSON.stringify(read)}`;
};

describe('readJwtMapping', () => {
  it('reads an issuer, its keys and its audiences', () => {
    expect(readJwtMapping('bearer=https://issuer.example')).toEqual({
      scheme: 'bearer',
      issuer: 'https://issuer.example',
    });
    expect(readJwtMapping(' HTTPBearer = https://i.example/ , https://i.example/jwks, a, b')).toEqual({
      scheme: 'HTTPBearer',
      issuer: 'https://i.example/',
      jwksUri: 'https://i.example/jwks',
      audiences: ['a', 'b'],
    });
    expect(readJwtMapping('x=https://i.example,,a')).toEqual({
      scheme: 'x',
      issuer: 'https://i.example',
      audiences: ['a'],
    });
    expect(readJwtMapping('x=robot@project.iam.gserviceaccount.com,https://i.example/k')).toMatchObject({
      issuer: 'robot@project.iam.gserviceaccount.com',
    });
  });

  it('knows Firebase, Google and Auth0', () => {
    expect(readJwtMapping('f=firebase:demo-1')).toEqual({
      scheme: 'f',
      issuer: 'https://securetoken.google.com/demo-1',
      jwksUri:
        'https://www.googleapis.com/service_accounts/v1/metadata/x509/securetoken@system.gserviceaccount.com',
      audiences: ['demo-1'],
    });
    expect(readJwtMapping('g=google:1.apps.googleusercontent.com,2.apps.googleusercontent.com')).toEqual({
      scheme: 'g',
      issuer: 'https://accounts.google.com',
      jwksUri: 'https://www.googleapis.com/oauth2/v3/certs',
      audiences: ['1.apps.googleusercontent.com', '2.apps.googleusercontent.com'],
    });
    expect(readJwtMapping('a=auth0:example.eu.auth0.com,https://api.example.com')).toEqual({
      scheme: 'a',
      issuer: 'https://example.eu.auth0.com/',
      jwksUri: 'https://example.eu.auth0.com/.well-known/jwks.json',
      audiences: ['https://api.example.com'],
    });
  });

  it('says what is missing', () => {
    expect(problem('bearer')).toMatch(/^write SCHEME=ISSUER/);
    expect(problem('bearer=')).toMatch(/^write SCHEME=ISSUER/);
    expect(problem('b=word')).toMatch(/neither a URL nor an e-mail/);
    expect(problem('b=https://i.example,word')).toMatch(/JWKS address/);
    expect(problem('b=http://i.example')).toMatch(/over http/);
    expect(problem('b=https://i.example,http://i.example/k')).toMatch(/not come over https/);
    expect(problem('b=https://i.example,ftp://i.example/k')).toMatch(/not come over https/);
    expect(problem('b=http://127.0.0.1:8080')).toMatch(/^none/);
    expect(problem('b=http://i.example,https://i.example/k')).toMatch(/^none/);
    expect(problem('b=okta:x')).toMatch(/no preset okta/);
    expect(problem('b=firebase:')).toMatch(/firebase:PROJECT/);
    expect(problem('b=google')).toMatch(/google:CLIENT_ID/);
    expect(problem('b=auth0:example.auth0.com')).toMatch(/auth0:DOMAIN,AUDIENCE/);
    expect(problem('b=constructor:x')).toMatch(/no preset/);
  });
});
