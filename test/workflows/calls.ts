import { readFileSync } from 'node:fs';
import { convertWorkflowTemplate, NoOperationTraceWriter, parseWorkflow } from '@actions/workflow-parser';

const root = new URL('../../', import.meta.url);

/** What GitHub's own parser says against a workflow and its calls of the reusable workflows of this repository. */
export async function errorsInCalls(content: string): Promise<string[]> {
  const { context, value } = parseWorkflow({ name: 'deploy.yml', content }, new NoOperationTraceWriter());
  if (value)
    await convertWorkflowTemplate(
      context,
      value,
      {
        getFileContent: async (reference) => ({
          name: reference.path,
          content: readFileSync(new URL(reference.path, root), 'utf8'),
        }),
      },
      { fetchReusableWorkflowDepth: 1 },
    );
  return context.errors.getErrors().map(({ message }) => message);
}
