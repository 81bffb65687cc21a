import { registerHooks } from 'node:module';

/**
 * GitHub's own parser of workflows. It imports JSON without saying so, which Node refuses outside of a bundle.
 *
 * @see https://github.com/actions/languageservices/tree/main/workflow-parser
 */
export async function githubParser(): Promise<typeof import('@actions/workflow-parser')> {
  const hooks = registerHooks({
    load: (url, context, next) =>
      next(url, url.endsWith('.json') ? { ...context, importAttributes: { type: 'json' } } : context),
  });
  try {
    return await import('@actions/workflow-parser');
  } finally {
    hooks.deregister();
  }
}
