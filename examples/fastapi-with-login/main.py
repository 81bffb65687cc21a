"""A service with a login of its own, behind a gateway that knows nothing of it."""

import base64
import hashlib
import hmac
import json
import os
import time

from fastapi import Depends, FastAPI, HTTPException
from fastapi.security import OAuth2PasswordBearer, OAuth2PasswordRequestForm

SECRET = os.environ.get("TOKEN_SECRET", "").encode()
PASSWORD = os.environ.get("ANAS_PASSWORD", "").encode()
HOUR = 3600


class CallersAuthorization:
    """Gives the application the Authorization that the caller sent.

    API Gateway puts a token of its own there, which Cloud Run checks before the request comes here, and moves the caller's
    to X-Forwarded-Authorization.
    """

    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        if scope["type"] in ("http", "websocket"):
            headers = scope["headers"]
            callers = [value for name, value in headers if name == b"x-forwarded-authorization"]
            kept = [(name, value) for name, value in headers if name != b"authorization"]
            scope = {**scope, "headers": kept + [(b"authorization", value) for value in callers]}
        await self.app(scope, receive, send)


app = FastAPI(title="Notes", version="1.0.0")
# The workflow sets BEHIND_GATEWAY. On a laptop nothing stands in front, so nothing is moved.
if os.environ.get("BEHIND_GATEWAY"):
    app.add_middleware(CallersAuthorization)

bearer = OAuth2PasswordBearer(tokenUrl="token")


def signature(payload: bytes) -> str:
    return hmac.new(SECRET, payload, hashlib.sha256).hexdigest()


def user(token: str = Depends(bearer)) -> str:
    """Who the token was issued to."""
    payload, _, signed = token.partition(".")
    if not SECRET or not hmac.compare_digest(signature(payload.encode()), signed):
        raise HTTPException(401, "This token is not of this service", {"WWW-Authenticate": "Bearer"})
    claims = json.loads(base64.urlsafe_b64decode(payload))
    if claims["expires"] < time.time():
        raise HTTPException(401, "This token has expired", {"WWW-Authenticate": "Bearer"})
    return claims["user"]


@app.post("/token")
def login(form: OAuth2PasswordRequestForm = Depends()):
    right = hmac.compare_digest(form.password.encode(), PASSWORD)
    if not SECRET or not PASSWORD or form.username != "ana" or not right:
        raise HTTPException(400, "Wrong name or password")
    claims = {"user": form.username, "expires": time.time() + HOUR}
    payload = base64.urlsafe_b64encode(json.dumps(claims).encode())
    return {"access_token": f"{payload.decode()}.{signature(payload)}", "token_type": "bearer"}


@app.get("/notes")
def notes(owner: str = Depends(user)):
    return {"owner": owner, "notes": ["Buy tea"]}
