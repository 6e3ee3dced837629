"""Work on a foreign file in a process of its own, bounded in memory and time (SECURITY F3).

A file may pass every check at the door and still unfold to gigabytes in its reader. So the reader
runs in a child that has no secrets, may write no file, and is ended when it wants too much; the
web process and its other threads never notice.

    python -m organizations.apart MODULE:FUNCTION     # the child; it reads stdin and answers on stdout
"""

import json
import os
import resource
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from threading import BoundedSemaphore

from organizations.errors import Refused

ROOT = Path(__file__).resolve().parent.parent
MEGABYTE = 1024 * 1024
MAX_MEMORY_BYTES = 512 * MEGABYTE
MAX_SECONDS = 30
# What a child may answer at most; a text of 200,000 characters is less than a megabyte.
MAX_ANSWER_BYTES = 64 * MEGABYTE
MAX_CHILDREN = 4  # of one web process at a time, so that its whole memory is bounded too
TOO_LARGE = "文件内容异常庞大，读取时超过了系统的限度，已停止；请只保留需要的文字和表格，另存一份后重新上传。"
TOO_SLOW = f"文件读了 {MAX_SECONDS} 秒还没有读完，已停止；请只保留需要的文字和表格，另存一份后重新上传。"
BUSY = "现在同时上传文件的人较多，请过半分钟再试；文件没有丢失，重新选择即可。"
BROKEN = "文件读取中断，可能已损坏；请用 Word 或 WPS 打开后另存一份再上传。"
_places = BoundedSemaphore(MAX_CHILDREN)


def run_apart(function: str, content: bytes, *words: str):
    """What ``function`` ("package.module:name") answers to ``content`` and ``words``, worked out in a child process.

    It must give what JSON can carry, and be importable without Django set up. Raises Refused with the
    function's own sentence, or with one of ours when the child wanted more than 512 MB, 30 seconds or broke down.
    """
    if not _places.acquire(timeout=MAX_SECONDS):
        raise Refused(BUSY)
    try:
        asked = json.dumps(words).encode() + b"\n" + content
        # The child gets no environment: neither keys nor the address of the database.
        done = subprocess.run(
            [sys.executable, "-s", "-X", "utf8", "-m", "organizations.apart", function],
            input=asked,
            capture_output=True,
            cwd=ROOT,
            env={"PATH": os.defpath, "PYTHONDONTWRITEBYTECODE": "1"},
            timeout=MAX_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise Refused(TOO_SLOW) from error
    finally:
        _places.release()
    return answer_of(done.returncode, done.stdout)


def answer_of(code: int, output: bytes):
    """The answer of a child that ended with ``code``. Raises Refused for a refusal, or when it was ended."""
    try:
        answer = json.loads(output) if code == 0 else None
    except ValueError:
        answer = None
    if not isinstance(answer, dict):
        raise Refused(TOO_LARGE if code < 0 else BROKEN)
    if "refused" in answer:
        raise Refused(answer["refused"])
    return answer["answer"]


def bound() -> None:
    """Take from this process what a reader does not need: memory, time, files to write."""
    resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY_BYTES, MAX_MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (MAX_SECONDS, MAX_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def answer(function: str, asked: bytes) -> bytes:
    """What the child says: the function's answer, its refusal, or that it ran out of memory."""
    words, _, content = asked.partition(b"\n")
    module, _, name = function.partition(":")
    work = getattr(import_module(module), name)
    try:
        told = {"answer": work(content, *json.loads(words))}
    except Refused as refused:
        told = {"refused": str(refused)}
    except (MemoryError, RecursionError):
        told = {"refused": TOO_LARGE}
    output = json.dumps(told).encode()
    return output if len(output) <= MAX_ANSWER_BYTES else json.dumps({"refused": TOO_LARGE}).encode()


def main() -> None:
    """The child: bounded before it reads a byte of the file."""
    bound()
    sys.stdout.buffer.write(answer(sys.argv[1], sys.stdin.buffer.read()))


if __name__ == "__main__":
    main()
