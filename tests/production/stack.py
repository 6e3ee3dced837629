"""nginx, gunicorn, PostgreSQL and Redis from the files of deploy/, in a folder of their own, on free ports.

Nothing of the machine's own servers is touched: every process here is started here and stopped by its own id.
"""

import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
HOST = "127.0.0.1"
IS_ROOT = os.geteuid() == 0
COMBINED = (  # nginx's own default: what a server writes down that nobody thought about
    "access_log off;",
    'log_format usual \'$remote_addr [$time_local] "$request" $status "$http_referer" "$http_user_agent"\';\n'
    "    access_log {logs}/usual.log usual;",
)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return probe.getsockname()[1]


def wait_until(is_ready: Callable[[], bool], what: str, seconds: float = 30) -> None:
    """Ask until it is so. Raises RuntimeError, naming what did not come."""
    end = time.monotonic() + seconds
    while not is_ready():
        if time.monotonic() > end:
            raise RuntimeError(f"{what} did not get ready within {seconds:.0f} s")
        time.sleep(0.05)


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex((HOST, port)) == 0


def children_of(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def stop(process: subprocess.Popen, how: signal.Signals = signal.SIGTERM) -> None:
    if process.poll() is None:
        process.send_signal(how)
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@contextmanager
def own_folder() -> Iterator[Path]:
    """A folder that user postgres may pass through; pytest's own are closed to him."""
    folder = Path(tempfile.mkdtemp(prefix="stack-"))
    folder.chmod(0o711)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


class Postgres:
    """A throwaway cluster with deploy/postgresql.conf; its log and its files are ours to read."""

    def __init__(self, folder: Path):
        self.folder, self.port = folder / "postgres", free_port()
        self.data, self.log = self.folder / "data", self.folder / "server.log"
        self.folder.mkdir()
        if IS_ROOT:
            shutil.chown(self.folder, "postgres", "postgres")
        self._run("initdb", "-D", self.data, "-U", "postgres", "-A", "trust", "--locale=C", "-E", "UTF8", "--no-sync")
        own = f"\nport = {self.port}\nlisten_addresses = '{HOST}'\nunix_socket_directories = '{self.folder}'\n"
        with (self.data / "postgresql.conf").open("a") as conf:
            conf.write((DEPLOY / "postgresql.conf").read_text() + own)

    @property
    def url(self) -> str:
        return f"postgresql://postgres@{HOST}:{self.port}/postgres"

    def _run(self, program: str, *words) -> None:
        found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{program}")) or [Path(shutil.which(program) or program)]
        who = ["runuser", "-u", "postgres", "--"] if IS_ROOT else []
        ran = subprocess.run(
            [*who, str(found[-1]), *map(str, words)], cwd="/", stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE if program == "initdb" else subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        if ran.returncode:
            raise RuntimeError(f"{program}: {ran.stderr}")

    def start(self) -> None:
        """Start it; after a kill the old children may still hold its memory for a moment, so more than once."""
        end = time.monotonic() + 30
        while True:
            try:
                return self._run("pg_ctl", "-D", self.data, "-l", self.log, "-w", "-s", "start")
            except RuntimeError:
                if time.monotonic() > end:
                    raise
                time.sleep(0.2)

    def kill(self) -> None:
        """kill -9 of the postmaster: what a power cut is to it."""
        os.kill(int((self.data / "postmaster.pid").read_text().split()[0]), signal.SIGKILL)

    @contextmanager
    def held_still(self) -> Iterator[None]:
        """Its processes stand while its files are read: a checkpoint would take some away between list and look."""
        postmaster = int((self.data / "postmaster.pid").read_text().split()[0])
        held = [postmaster]
        os.kill(postmaster, signal.SIGSTOP)  # first, so that it has no more children
        try:
            for child in children_of(postmaster):
                os.kill(child, signal.SIGSTOP)
                held.append(child)
            yield
        finally:
            for process in held[1:] + held[:1]:
                os.kill(process, signal.SIGCONT)

    def stop(self) -> None:
        with suppress(RuntimeError):
            self._run("pg_ctl", "-D", self.data, "-m", "immediate", "-w", "-s", "stop")


@contextmanager
def postgres(folder: Path) -> Iterator[Postgres]:
    server = Postgres(folder)
    server.start()
    try:
        yield server
    finally:
        server.stop()


@contextmanager
def redis(folder: Path) -> Iterator[tuple[str, subprocess.Popen, int]]:
    """Redis with deploy/redis.conf: its address, its process, its port."""
    home, port = folder / "redis", free_port()
    home.mkdir()
    words = ["--port", str(port), "--bind", HOST, "--dir", str(home), "--logfile", str(home / "redis.log")]
    process = subprocess.Popen(["redis-server", str(DEPLOY / "redis.conf"), *words])
    try:
        wait_until(lambda: listens(port), "Redis")
        yield f"redis://{HOST}:{port}/0", process, port
    finally:
        stop(process)


@contextmanager
def gunicorn(folder: Path, env: dict[str, str], *, workers: int = 2, bind: str = "") -> Iterator[subprocess.Popen]:
    """The web server with deploy/gunicorn.conf.py on a socket in the folder; all it says goes to gunicorn.log."""
    socket_file = folder / "gunicorn.sock"
    ours = {
        "GUNICORN_BIND": bind or f"unix:{socket_file}",
        "WEB_WORKERS": str(workers),
        "WEB_THREADS": env.get("WEB_THREADS", "4"),
    }
    command = [sys.executable, "-m", "gunicorn", "-c", str(DEPLOY / "gunicorn.conf.py"), "config.wsgi"]
    with (folder / "gunicorn.log").open("ab") as log:
        process = subprocess.Popen(command, env={**env, **ours}, cwd=ROOT, stdout=log, stderr=log)
        try:
            wait_until(socket_file.exists if not bind else lambda: listens(int(bind.rpartition(":")[2])), "gunicorn")
            yield process
        finally:
            stop(process)


def nginx_conf(folder: Path, port: int, *, upstream: Path | None = None, usual_log: bool = False) -> str:
    """deploy/nginx.conf with its paths moved into the folder. Raises ValueError if the file names them otherwise."""
    text = (DEPLOY / "nginx.conf").read_text()
    moved = {
        "user www-data;": "user root;" if IS_ROOT else "",
        "/run/nginx.pid": f"{folder}/nginx.pid",
        "/var/log/nginx/": f"{folder}/logs/",
        "/var/lib/nginx/": f"{folder}/temp/",
        "/run/reviews/gunicorn.sock": str(upstream or folder / "gunicorn.sock"),
        "listen 80;": f"listen {HOST}:{port};",
        "/srv/reviews/staticfiles/": f"{ROOT}/static/",
        "/srv/reviews/deploy/pages": f"{DEPLOY}/pages",
    }
    for there, here in moved.items():
        if there not in text:
            raise ValueError(f"deploy/nginx.conf no longer holds {there!r}")
        text = text.replace(there, here)
    if usual_log:
        head, _, rest = text.partition(COMBINED[0])
        text = head + COMBINED[1].format(logs=folder / "logs") + rest.replace(COMBINED[0], "")
    return text


@contextmanager
def nginx(folder: Path, *, upstream: Path | None = None, usual_log: bool = False) -> Iterator[int]:
    """nginx from deploy/nginx.conf; yields its port. ``upstream``: the socket of gunicorn, if not in the folder.

    ``usual_log``: with the access log of a server that nobody tended.
    """
    port = free_port()
    for name in ("logs", "temp"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    conf = folder / "nginx.conf"
    conf.write_text(nginx_conf(folder, port, upstream=upstream, usual_log=usual_log))
    words = ["nginx", "-c", str(conf), "-p", str(folder), "-e", str(folder / "logs" / "start.log")]
    process = subprocess.Popen([*words, "-g", "daemon off;"])
    try:
        wait_until(lambda: listens(port), "nginx")
        yield port
    finally:
        stop(process)


def environment(database: str, redis_url: str = "") -> dict[str, str]:
    """What a real server is given: secrets of its own, no demo."""
    return {
        **os.environ, "DEMO": "0", "DEBUG": "0", "HTTPS": "0", "PUBLIC_URL": "", "ALLOWED_HOSTS": HOST,
        "DJANGO_SETTINGS_MODULE": "tests.production.settings", "DATABASE_URL": database, "REDIS_URL": redis_url,
        "SECRET_KEY": secrets.token_hex(32), "SLIP_PEPPER": secrets.token_hex(32),
    }  # fmt: skip


def open_box(env: dict[str, str], slips: int, lines: int) -> dict:
    """Tables and an open box in the database of ``env``: panel, slips, macs, opening_codes."""
    command = [sys.executable, "-m", "tests.production.box", str(slips), str(lines)]
    ran = subprocess.run(command, env=env, cwd=ROOT, capture_output=True, text=True)
    if ran.returncode:
        raise RuntimeError(ran.stderr)
    return json.loads(ran.stdout)


class Stack:
    """All four, running; ``box`` is open for ``slips`` voters of a ballot with ``lines`` lines."""

    def __init__(self, *, slips: int, lines: int):
        self.asked = slips, lines

    def prepare(self) -> dict:
        """Fill the database: what is open in it, told as ``box``."""
        return open_box(self.env, *self.asked)

    def __enter__(self) -> "Stack":
        with ExitStack() as doors:
            self.folder = doors.enter_context(own_folder())
            self.postgres = doors.enter_context(postgres(self.folder))
            self.redis_url, self.redis, self.redis_port = doors.enter_context(redis(self.folder))
            self.env = environment(self.postgres.url, self.redis_url)
            self.box = self.prepare()
            self.web = doors.enter_context(gunicorn(self.folder, self.env))
            self.port = doors.enter_context(nginx(self.folder))
            self._doors = doors.pop_all()
        return self

    def __exit__(self, *why) -> None:
        self._doors.__exit__(*why)
