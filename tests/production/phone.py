"""A voter's phone as the servers see it: an address of its own, a browser's headers, and a ballot."""

import http.client
import re
import secrets
import socket
from dataclasses import dataclass, field
from urllib.parse import urlencode

from tests.production.stack import HOST

BROWSER = "VotersPhone/78.0 (Harmony; zh-CN)"
STYLE = re.compile(rb'href="(/static/[^"]+\.css[^"]*)"')


@dataclass
class Phone:
    """One voter. ``address`` is a loopback address that nobody else has, so that it is found if it is written down."""

    port: int
    address: str
    slip: str
    panel: int
    marks: str
    code: str = field(default_factory=lambda: secrets.token_hex(13))

    def __post_init__(self):
        self.connection = http.client.HTTPConnection(HOST, self.port, timeout=60, source_address=(self.address, 0))
        self.cookie = ""

    @property
    def fields(self) -> dict[str, str]:
        marks = {f"mark-{number}": choice for number, choice in enumerate(self.marks, start=1)}
        return {"slip": self.slip, "code": self.code, "panel": str(self.panel), **marks}

    def _headers(self) -> dict[str, str]:
        headers = {"User-Agent": BROWSER, "Referer": f"http://{HOST}:{self.port}/b/"}
        if self.cookie:
            headers |= {"Cookie": self.cookie, "X-CSRFToken": self.cookie.partition("=")[2]}
        return headers

    def get(self, path: str) -> tuple[int, bytes]:
        self.connection.request("GET", path, headers=self._headers())
        answer = self.connection.getresponse()
        self.cookie = answer.getheader("Set-Cookie", self.cookie).split(";")[0]
        return answer.status, answer.read()

    def post(self, path: str, fields: dict[str, str], accept: str = "application/json") -> tuple[int, bytes]:
        form = {"Accept": accept, "Content-Type": "application/x-www-form-urlencoded"}
        self.connection.request("POST", path, urlencode(fields), self._headers() | form)
        answer = self.connection.getresponse()
        return answer.status, answer.read()

    def arrive(self) -> None:
        """Load the door with what belongs to it, and the sheet."""
        _, page = self.get("/b/")
        for link in STYLE.findall(page):
            self.get(link.decode())
        self.get("/favicon.ico")
        self.post("/b/sheet/", {"slip": self.slip})

    def cast(self, accept: str = "application/json") -> tuple[int, bytes]:
        return self.post("/b/cast/", self.fields, accept)

    def send_raw(self, request: bytes, *, wait: float = 1) -> bytes:
        """Bytes as they are; what comes back within ``wait`` seconds, which may be nothing."""
        with socket.create_connection((HOST, self.port), timeout=5, source_address=(self.address, 0)) as wire:
            wire.sendall(request)
            wire.settimeout(wait)
            try:
                return wire.recv(4096)
            except (TimeoutError, ConnectionError):
                return b""

    def request_bytes(self, *, whole: float = 1.0, version: str = "HTTP/1.1", more: str = "") -> bytes:
        """A cast as bytes, cut off after ``whole`` of its body."""
        body = urlencode(self.fields).encode()
        head = "".join(f"{name}: {value}\r\n" for name, value in self._headers().items())
        head = f"POST /b/cast/ {version}\r\nHost: {HOST}\r\n{head}{more}Content-Length: {len(body)}\r\n\r\n"
        return head.encode() + body[: int(len(body) * whole)]

    def leave(self) -> None:
        self.connection.close()
