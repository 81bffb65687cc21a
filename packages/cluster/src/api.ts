import { request } from 'node:https';
import { text } from 'node:stream/consumers';

/** Sends a request to an API server: method, path and body; that of a PATCH is a merge patch. */
export type Api = (method: string, path: string, body?: unknown) => Promise<unknown>;

/** @returns a function that throws an Error with what the server says when it refuses */
export function createApi(server: string, certificate: string, token: string): Api {
  return (method, path, body) =>
    new Promise((resolve, reject) => {
      const type = method === 'PATCH' ? 'application/merge-patch+json' : 'application/json';
      const headers = { authorization: `Bearer ${token}`, 'content-type': type };
      const call = request(`${server}${path}`, { method, headers, ca: certificate }, async (response) => {
        const { statusCode = 0 } = response;
        const said = await text(response).catch((error) => String(error));
        if (statusCode >= 400) reject(new Error(`${method} ${path}: ${statusCode} ${said}`));
        else resolve(said.startsWith('{') ? JSON.parse(said) : said);
      });
      call.on('error', reject);
      call.end(body === undefined ? undefined : JSON.stringify(body));
    });
}
