import { expect, it } from 'vitest';
import { requestLine } from './log-request.ts';

it('is one line without credentials, and without what moves a cursor', () => {
  const request = {
    service: 'run.googleapis.com',
    method: 'GET',
    path: '/v2/x?key=AIza&pageSize=5&access_token=ya29.a&secretId=db',
    status: 200,
    agent: 'google-cloud-sdk\u001b[2J gcloud/500',
    time: Date.UTC(2026, 0, 2, 3, 4, 5, 678),
  };
  expect(requestLine(request, 12.4)).toBe(
    '03:04:05.678 200 12 ms  GET run.googleapis.com /v2/x?key=***&pageSize=5&access_token=***&secretId=db  google-cloud-sdk?[2J',
  );
});
