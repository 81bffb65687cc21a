"""What flyteadmin answers a registration: `flyte_admin.py CLIENT_ID CLIENT_SECRET PROJECT` prints its port, then a line per request.

A recorded contract, not flyteadmin: its program can't be had where these tests run. The services and messages are flyteidl's own
(PyPI). What it refuses, and in which words, is that of flyteadmin's Go sources:
https://github.com/flyteorg/flyte/blob/master/flyteadmin/pkg/errors/errors.go (identical and different structure),
https://github.com/flyteorg/flyte/blob/master/flyteadmin/auth/interceptor.go (who has not signed in).
"""

import base64
import json
import secrets
import sys
import threading
import urllib.parse
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import grpc
from flyteidl.admin import launch_plan_pb2, task_pb2, workflow_pb2
from flyteidl.service import admin_pb2_grpc, auth_pb2, auth_pb2_grpc
from google.protobuf.json_format import MessageToDict

CLIENT_ID, CLIENT_SECRET, PROJECT = sys.argv[1:]
DOMAINS = ("development", "staging", "production")
TOKENS = set()
LINE = threading.Lock()


def tell(kind, **more):
    # One line at a time: requests are answered by several threads.
    with LINE:
        print(json.dumps({"kind": kind, **more}), flush=True)


class Tokens(BaseHTTPRequestHandler):
    """The token endpoint of an OAuth 2.0 server, for client credentials (RFC 6749, 4.4)."""

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("content-length", 0))).decode()
        grant = urllib.parse.parse_qs(body).get("grant_type")
        pair = f"{CLIENT_ID}:{urllib.parse.quote_plus(CLIENT_SECRET)}"
        known = self.headers.get("authorization") == "Basic " + base64.b64encode(pair.encode()).decode()
        if not known or grant != ["client_credentials"]:
            return self.answer(401, {"error": "invalid_client"})
        token = secrets.token_urlsafe(32)
        TOKENS.add(token)
        self.answer(200, {"access_token": token, "token_type": "bearer", "expires_in": 3600})

    def answer(self, status, value):
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.end_headers()
        self.wfile.write(json.dumps(value).encode())

    def log_message(self, *args):
        pass


class Auth(auth_pb2_grpc.AuthMetadataServiceServicer):
    def GetOAuth2Metadata(self, request, context):
        return auth_pb2.OAuth2MetadataResponse(token_endpoint=f"http://127.0.0.1:{tokens.server_port}/oauth2/token")

    def GetPublicClientConfig(self, request, context):
        return auth_pb2.PublicClientAuthConfigResponse(
            client_id="flytepropeller", scopes=["all"], authorization_metadata_key="flyte-authorization"
        )


class Admin(admin_pb2_grpc.AdminServiceServicer):
    def __init__(self):
        self.kept = {}

    def CreateTask(self, request, context):
        image = request.spec.template.container.image
        self.create("task", request, context, image=image)
        return task_pb2.TaskCreateResponse()

    def CreateWorkflow(self, request, context):
        self.create("workflow", request, context)
        return workflow_pb2.WorkflowCreateResponse()

    def CreateLaunchPlan(self, request, context):
        self.create("launch plan", request, context)
        return launch_plan_pb2.LaunchPlanCreateResponse()

    def create(self, kind, request, context, **more):
        signed_in(context)
        name = request.id
        if name.project != PROJECT or name.domain not in DOMAINS:
            context.abort(
                grpc.StatusCode.NOT_FOUND,
                f"failed to validate that project [{name.project}] and domain [{name.domain}] are registered",
            )
        if not name.version:
            context.abort(grpc.StatusCode.INVALID_ARGUMENT, "missing version")
        key = (kind, name.project, name.domain, name.name, name.version)
        spec = request.spec.SerializeToString(deterministic=True)
        before = self.kept.setdefault(key, spec)
        more = {**more, "id": MessageToDict(name)}
        if before is spec:
            return tell(kind, **more)
        if before == spec:
            tell("identical", **more)
            context.abort(grpc.StatusCode.ALREADY_EXISTS, f"{kind} with identical structure already exists")
        tell("different", **more)
        context.abort(
            grpc.StatusCode.INVALID_ARGUMENT,
            f"{name.name} {kind} with different structure already exists. (Please register a new version of the {kind}):",
        )


def signed_in(context):
    given = dict(context.invocation_metadata()).get("flyte-authorization", "")
    if given.removeprefix("Bearer ") not in TOKENS:
        context.abort(grpc.StatusCode.UNAUTHENTICATED, "token parse error [JWT_VERIFICATION_FAILED]")


tokens = ThreadingHTTPServer(("127.0.0.1", 0), Tokens)
threading.Thread(target=tokens.serve_forever, daemon=True).start()
server = grpc.server(ThreadPoolExecutor(4))
admin_pb2_grpc.add_AdminServiceServicer_to_server(Admin(), server)
auth_pb2_grpc.add_AuthMetadataServiceServicer_to_server(Auth(), server)
port = server.add_insecure_port("127.0.0.1:0")
server.start()
tell("listening", port=port)
# Ends with the test that started it.
sys.stdin.read()
server.stop(0)
