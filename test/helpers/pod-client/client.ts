import { GoogleAuth } from 'google-auth-library';

/** A program for pods: finds out who it is by Google's own library, and asks for a URL as that. Prints what came of it as JSON. */
const [url = ''] = process.argv.slice(2);
const auth = new GoogleAuth({ scopes: ['https://www.googleapis.com/auth/cloud-platform'] });

try {
  const [{ client_email: email }, project] = await Promise.all([auth.getCredentials(), auth.getProjectId()]);
  const client = await auth.getClient();
  const { status, data } = await client.request({ url, validateStatus: () => true });
  console.log(JSON.stringify({ email, project, status, data }));
} catch (error) {
  const { message, response } = error as Error & { response?: { status?: number; data?: unknown } };
  console.log(JSON.stringify({ message, status: response?.status, data: response?.data }));
}
