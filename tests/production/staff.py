"""A member of the staff at a PC: logged in, one kept-alive connection."""

import http.client
from urllib.parse import urlencode

HOST = "127.0.0.1"


class Staff:
    """Asks for pages and presses buttons with the session of an account."""

    def __init__(self, port: int, session: str):
        self.port, self.connection = port, http.client.HTTPConnection(HOST, port, timeout=60)
        token = "a" * 32
        self.headers = {"Cookie": f"sessionid={session}; csrftoken={token}", "X-CSRFToken": token}

    def get(self, path: str) -> http.client.HTTPResponse:
        """The answer, its ``body`` read."""
        return self._ask("GET", path, None, {})

    def press(self, path: str, **fields) -> http.client.HTTPResponse:
        """Post a form as the console does: a part of the page comes back."""
        more = {"Content-Type": "application/x-www-form-urlencoded", "HX-Request": "true"}
        return self._ask("POST", path, urlencode(fields), more)

    def _ask(self, method: str, path: str, body: str | None, more: dict) -> http.client.HTTPResponse:
        self.connection.request(method, path, body, self.headers | more)
        answer = self.connection.getresponse()
        answer.body = answer.read().decode(errors="replace")
        return answer

    def leave(self) -> None:
        self.connection.close()
