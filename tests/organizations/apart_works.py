"""Works for a child process: honest ones and such as a hostile file would cause."""

import os
import signal
import sys
import time
from pathlib import Path

from organizations.errors import Refused


def count(content, word):
    return [len(content), word]


def refuse(content):
    raise Refused("这一行不对。")


def eat_memory(content):
    return len(bytearray(2 * 1024**3))


def recur(content):
    return recur(content)


def be_killed(content):
    os.kill(os.getpid(), signal.SIGKILL)


def break_down(content):
    raise ValueError


def leave_quietly(content):
    os._exit(0)


def say_nonsense(content):
    sys.stdout.write("nonsense")
    return 1


def wait(content):
    time.sleep(60)


def look_around(content, path):
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    try:
        Path(path).write_text("left")
        is_written = True
    except OSError:
        is_written = False
    return {"is_written": is_written, "environment": list(os.environ)}
