# An OIDC token of this Fly.io machine, from its own socket: no key, nothing to rotate
# (https://fly.io/docs/security/openid-connect/).
#
# With an argument: prints a token for that audience. Without one: answers Google's libraries as a credential source of the
# kind "executable" (https://google.aip.dev/auth/4117), for the audience that they name.
set -u
socket=${FLY_API_SOCKET:-/.fly/api}

ask() {
  if command -v curl > /dev/null; then
    curl --silent --show-error --fail --max-time 10 --unix-socket "$socket" \
      --header 'content-type: application/json' --data "{\"aud\":\"$1\"}" http://localhost/v1/tokens/oidc
  elif command -v python3 > /dev/null; then
    python3 - "$socket" "$1" << 'PYTHON'
import http.client, json, socket, sys

connection = http.client.HTTPConnection("localhost", timeout=10)
connection.sock = socket.socket(socket.AF_UNIX)
connection.sock.settimeout(10)
connection.sock.connect(sys.argv[1])
headers = {"content-type": "application/json"}
connection.request("POST", "/v1/tokens/oidc", json.dumps({"aud": sys.argv[2]}), headers)
answer = connection.getresponse()
text = answer.read().decode()
if answer.status != 200:
    sys.exit(f"HTTP {answer.status}: {text}")
print(text, end="")
PYTHON
  elif command -v node > /dev/null; then
    node - "$socket" "$1" << 'NODE'
const [, , socketPath, aud] = process.argv;
const headers = { 'content-type': 'application/json' };
const options = { socketPath, path: '/v1/tokens/oidc', method: 'POST', headers, timeout: 10_000 };
const fail = (why) => {
  console.error(String(why));
  process.exit(1);
};
const request = require('node:http').request(options, async (answer) => {
  let text = '';
  for await (const chunk of answer) text += chunk;
  if (answer.statusCode !== 200) fail(`HTTP ${answer.statusCode}: ${text}`);
  process.stdout.write(text);
});
request.on('timeout', () => request.destroy(new Error('no answer')));
request.on('error', fail);
request.end(JSON.stringify({ aud }));
NODE
  else
    echo "fly-oidc-token needs curl, python3 or node in the image" >&2
    return 1
  fi
}

if [ $# -gt 0 ]; then
  token=$(ask "$1") && [ -n "$token" ] && printf %s "$token"
  exit
fi
type=urn:ietf:params:oauth:token-type:id_token
if token=$(ask "https:${GOOGLE_EXTERNAL_ACCOUNT_AUDIENCE:-}") && [ -n "$token" ]; then
  printf '{"version":1,"success":true,"token_type":"%s","id_token":"%s"}\n' "$type" "$token"
else
  printf '{"version":1,"success":false,"code":"fly-oidc","message":"The socket %s gave no token."}\n' "$socket"
  exit 1
fi
