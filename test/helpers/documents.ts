/** The document of FastAPI's own kind: 3.1, no servers, a nullable parameter, an upload, a path with a slash at its end. */
export const FASTAPI = {
  openapi: '3.1.0',
  info: { title: 'Hello', version: '0.1.0' },
  paths: {
    '/': {
      get: {
        summary: 'Root',
        operationId: 'root__get',
        responses: { 200: { description: 'OK', content: { 'application/json': { schema: {} } } } },
      },
    },
    '/items/{item_id}': {
      get: {
        operationId: 'read_item',
        parameters: [
          { name: 'item_id', in: 'path', required: true, schema: { type: 'integer' } },
          {
            name: 'q',
            in: 'query',
            required: false,
            schema: { anyOf: [{ type: 'string' }, { type: 'null' }] },
          },
        ],
        responses: { 200: { description: 'OK' } },
      },
    },
    '/upload': {
      post: {
        operationId: 'upload',
        requestBody: {
          required: true,
          content: { 'multipart/form-data': { schema: { $ref: '#/components/schemas/Body_upload' } } },
        },
        responses: { 200: { description: 'OK' } },
      },
    },
  },
  components: {
    schemas: {
      Body_upload: {
        type: 'object',
        required: ['file'],
        properties: { file: { type: 'string', contentMediaType: 'application/octet-stream' } },
      },
    },
  },
};

/** The same with one more route. */
export function withRoute(path: string, operationId: string): object {
  return {
    ...FASTAPI,
    paths: { ...FASTAPI.paths, [path]: { get: { operationId, responses: { 200: { description: 'OK' } } } } },
  };
}
