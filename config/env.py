"""Settings out of environment variables: a wrong value stops the start with a sentence."""

import os
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

TRUE_WORDS = {"1", "true", "yes", "on"}
FALSE_WORDS = {"0", "false", "no", "off", ""}


def env_bool(name: str, default: bool) -> bool:
    """A switch: 1/true/yes/on or 0/false/no/off. Anything else is refused."""
    word = os.environ.get(name, str(default)).strip().lower()
    if word not in TRUE_WORDS | FALSE_WORDS:
        raise ImproperlyConfigured(f"{name}={word!r} is not a switch: use 1 or 0.")
    return word in TRUE_WORDS


def env_list(name: str, default: str = "") -> list[str]:
    """Words separated by commas."""
    return [word.strip() for word in os.environ.get(name, default).split(",") if word.strip()]


def env_url(name: str) -> str:
    """An address such as https://ballot.example.org, without a slash at its end; "" if it is not set."""
    url = os.environ.get(name, "").strip().rstrip("/")
    parts = urlsplit(url)
    if url and (parts.scheme not in {"http", "https"} or not parts.hostname or parts.path or parts.query):
        raise ImproperlyConfigured(f"{name}={url!r} is not an address: write https://host or http://host:port.")
    return url


def env_secret(name: str, *, demo: bool) -> str:
    """A secret of at least 32 characters; the demo has one of its own.

    Without one it is empty: commands that keep no secret (checks, rules, the roster) still run, while the
    server, the worker and whatever signs or seals refuse (``require_secrets``, Django itself, scoring.sealing).
    """
    secret = os.environ.get(name, "")
    if not secret and demo:
        return f"demo-only-{name.lower()}-never-use-this-in-production"
    if secret and len(secret) < 32:
        raise ImproperlyConfigured(f"{name} must have at least 32 random characters.")
    return secret


def require_secrets(settings) -> None:
    """Stop the start of a server or worker that has no secrets."""
    missing = [name for name in ("SECRET_KEY", "SLIP_PEPPER") if name not in os.environ and not settings.DEMO]
    if missing and not settings.DEBUG:
        raise ImproperlyConfigured(f"{' and '.join(missing)} must be set to at least 32 random characters.")


def database(url: str, base: Path) -> dict:
    """Django's database entry: SQLite in one file unless DATABASE_URL names a PostgreSQL.

    SQLite runs with WAL and IMMEDIATE transactions: with Django's defaults most concurrent
    read-then-write votes fail with "database is locked".
    """
    parts = urlsplit(url)
    if not url or parts.scheme == "sqlite":
        file = Path(parts.path) if url else base / "var" / "db.sqlite3"
        file.parent.mkdir(exist_ok=True)
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": file,
            "CONN_MAX_AGE": 600,  # opening the file anew for every ballot costs as much as the ballot
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 30,
                "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;PRAGMA cache_size=-20000;",
            },
            # A file, not memory: tests with real threads share it.
            "TEST": {"NAME": file.parent / f"test{os.environ.get('TEST_DB', '')}.sqlite3"},
        }
    if parts.scheme not in {"postgres", "postgresql"} or not parts.path.strip("/"):
        raise ImproperlyConfigured(
            "DATABASE_URL must look like postgresql://user:password@host:port/name or sqlite:///path."
        )
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.strip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": parts.port or "",
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": dict(parse_qsl(parts.query)),
        "TEST": {"NAME": f"test_{parts.path.strip('/')}{os.environ.get('TEST_DB', '')}"},
    }
