import { describe, expect, it } from 'vitest';
import { GoogleError, isGoogleError } from './error.ts';

/** The error of a body as Google sends it. */
function errorOf(httpStatus: number, error: object): GoogleError {
  return new GoogleError(httpStatus, JSON.stringify({ error }), 'GET run.googleapis.com/v2/x');
}

it('keeps status, reason and message, and names the request', () => {
  const error = errorOf(403, {
    code: 403,
    status: 'PERMISSION_DENIED',
    message: 'No.',
    details: [
      { '@type': 'type.googleapis.com/google.rpc.Help' },
      { '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'WHY' },
    ],
  });
  expect(error).toMatchObject({
    name: 'GoogleError',
    code: 'google-api',
    httpStatus: 403,
    status: 'PERMISSION_DENIED',
    reason: 'WHY',
    detail: 'No.',
    message: 'GET run.googleapis.com/v2/x: PERMISSION_DENIED: No.',
  });
  expect(isGoogleError(error, 403)).toBe(true);
  expect(isGoogleError(error, 404)).toBe(false);
  expect(isGoogleError(new Error('403'), 403)).toBe(false);
});

describe('the hint', () => {
  it.each([
    "Permission 'run.services.get' denied on resource 'x' (or it may not exist).",
    'Permission "run.services.get" denied on resource "x".',
    'a@b.c does not have run.services.get access to the Google Cloud project.',
  ])('of "%s" names the permission', (message) => {
    expect(errorOf(403, { status: 'PERMISSION_DENIED', message }).hint).toBe(
      'grant a role with the permission run.services.get to the account that deploys',
    );
  });

  it('of a service that is off names the service', () => {
    const details = [
      {
        '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
        reason: 'SERVICE_DISABLED',
        metadata: { service: 'run.googleapis.com' },
      },
    ];
    expect(errorOf(403, { status: 'PERMISSION_DENIED', message: 'Off.', details }).hint).toContain(
      'gcloud services enable run.googleapis.com',
    );
  });

  it('of a refused enable names the role', () => {
    const message = 'Permission denied to enable service [run.googleapis.com]';
    expect(errorOf(403, { status: 'PERMISSION_DENIED', message }).hint).toContain(
      'roles/serviceusage.serviceUsageAdmin',
    );
  });

  it.each([
    ['UNAUTHENTICATED', /credentials/],
    ['RESOURCE_EXHAUSTED', /quota/],
  ])('of %s says what to look at', (status, hint) =>
    expect(errorOf(400, { status, message: 'm' }).hint).toMatch(hint),
  );

  it('is none where there is nothing to say', () =>
    expect(errorOf(400, { status: 'INVALID_ARGUMENT', message: 'Bad x.' }).hint).toBeUndefined());
});

describe('a body of another kind', () => {
  const messageOf = (body: string) => new GoogleError(502, body, 'GET h/p').message;

  it('that is a page gives its text', () => {
    expect(messageOf('<html>\n<title>502</title><b>Bad\n gateway</b></html>')).toBe(
      'GET h/p: HTTP 502: 502 Bad gateway',
    );
  });

  it("that is OAuth's gives its words", () => {
    expect(messageOf('{"error":"invalid_grant","error_description":"Expired."}')).toBe(
      'GET h/p: HTTP 502: invalid_grant: Expired.',
    );
    expect(messageOf('{"error":"invalid_grant"}')).toBe('GET h/p: HTTP 502: invalid_grant');
  });

  it('that is long is cut', () => expect(messageOf('x'.repeat(9000)).length).toBeLessThan(350));
  it.each(['', '   ', '<br>'])('"%s" has no message', (body) =>
    expect(messageOf(body)).toBe('GET h/p: HTTP 502: no message'),
  );
  it.each(['null', '[]', '{}', '7'])('%s breaks nothing', (body) =>
    expect(messageOf(body)).toBe(`GET h/p: HTTP 502: ${body}`),
  );
});
