import { get } from 'node:http';
import { connect as connectHttp2 } from 'node:http2';
import { listens } from '../../../docker/listens.ts';
import type { ProbeSpec } from './instance-spec.ts';

/** Asks a probe's question once, at the port on 127.0.0.1 behind which the container's own is published. */
export async function probe(port: number, { http, grpc, timeoutSeconds }: ProbeSpec): Promise<boolean> {
  const timeout = timeoutSeconds * 1000;
  if (http) return answers(port, http, timeout);
  if (grpc) return isServing(port, grpc.service, timeout);
  return listens(port);
}

/** Whether a GET is answered with a status from 200 to 399, which is what an HTTP probe asks for. */
function answers(
  port: number,
  { path, headers }: NonNullable<ProbeSpec['http']>,
  timeout: number,
): Promise<boolean> {
  return new Promise((resolve) => {
    const request = get({ host: '127.0.0.1', port, path, headers, timeout }, (response) => {
      response.resume();
      const { statusCode = 0 } = response;
      resolve(statusCode >= 200 && statusCode < 400);
    });
    request.once('timeout', () => request.destroy());
    request.once('error', () => resolve(false));
  });
}

/** Whether grpc.health.v1.Health says SERVING (https://github.com/grpc/grpc/blob/master/doc/health-checking.md). */
function isServing(port: number, service: string, timeout: number): Promise<boolean> {
  return new Promise((resolve) => {
    const session = connectHttp2(`http://127.0.0.1:${port}`);
    const settle = (result: boolean) => {
      clearTimeout(late);
      session.destroy();
      resolve(result);
    };
    const late = setTimeout(() => settle(false), timeout);
    session.once('error', () => settle(false));
    const stream = session.request({
      ':method': 'POST',
      ':path': '/grpc.health.v1.Health/Check',
      'content-type': 'application/grpc',
      te: 'trailers',
    });
    const chunks: Buffer[] = [];
    stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    stream.once('error', () => settle(false));
    // A length-prefixed HealthCheckResponse whose field 1, the status, is 1.
    stream.once('end', () =>
      settle(
        Buffer.concat(chunks)
          .subarray(5)
          .equals(Buffer.from([8, 1])),
      ),
    );
    const name = Buffer.from(service);
    const message = name.length > 0 ? Buffer.concat([Buffer.from([10, name.length]), name]) : name;
    const prefix = Buffer.alloc(5);
    prefix.writeUInt32BE(message.length, 1);
    stream.end(Buffer.concat([prefix, message]));
  });
}
