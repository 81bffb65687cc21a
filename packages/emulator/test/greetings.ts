import { service } from '../src/contracts.ts';
import { notFound } from '../src/kernel/errors.ts';
import { type Route, route } from '../src/kernel/http/route.ts';

const API = 'greetings.googleapis.com';
const access = { api: API, permission: 'greetings.greetings.get' };

export const greetings = service({
  name: API,
  title: 'Greetings API',
  permissions: { 'greetings.greetings': 'get list' },
  roles: { 'roles/viewer': ['greetings.greetings.get'] },
  state: () => ({ greetings: new Map([['projects/demo-project/greetings/hello', 'Hello!']]) }),
  routes: [get('/v1/projects/{project}/greetings/{greeting}')],
});

function get(template: string): Route<{ readonly greetings: ReadonlyMap<string, string> }> {
  return route('GET', template, access, ({ params: { project, greeting } }, { greetings }) => {
    const name = `projects/${project}/greetings/${greeting}`;
    const text = greetings.get(name);
    if (text === undefined) throw notFound(name);
    return { body: { name, text } };
  });
}
