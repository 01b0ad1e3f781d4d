"""Python processes that have done their imports: these are half of what a command of the engine costs.

The engine, its language host and its dynamic host are what they always are. Where they start Python they start
`warm_python.py`, which has a process of this file fork. The fork runs what was asked for, from the top, with the
asker's arguments, environment, folder, streams and process group; only the imports of IMPORTS are done.
"""

from __future__ import annotations

import gc
import json
import os
import runpy
import selectors
import socket
import sys
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Any

# No more than each imports itself, in every run.
IMPORTS = {
    "pip": ("pip._internal.cli.main", "pip._internal.commands.list"),
    "pulumi-language-python-exec": ("argparse", "pulumi", "pulumi_entra_policies"),
    "pulumi.dynamic": ("pulumi.dynamic", "pulumi_entra_policies.hosts.dynamic"),
}
LONGEST_REQUEST = 1 << 20  # bytes; the environment is in it, and the stack's configuration in that


def main(folder: Path) -> None:
    """One process for each row, which listens at its name; this one ends as soon as all can be called."""
    del sys.path[0]  # this file's folder
    for name, modules in IMPORTS.items():
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        listener.bind(str(folder / name))
        listener.listen()
        if not os.fork():
            os.setpgid(0, 0)  # a terminal's Ctrl-C is for the tests, which end this one by closing its input
            for module in modules:
                import_module(module)
            gc.freeze()
            become(*asked(listener))
            return
        listener.close()


def asked(listener: socket.socket) -> tuple[dict[str, Any], list[int]]:
    """What is to be run and the streams to use, in a new process each time: in this one it never returns."""
    with listener, selectors.DefaultSelector() as waiting:
        waiting.register(listener, selectors.EVENT_READ)
        waiting.register(sys.stdin, selectors.EVENT_READ)
        while True:
            for key, _ in waiting.select():
                if key.fileobj is sys.stdin:
                    remove(Path(listener.getsockname()))
                    sys.exit()
                if key.data:
                    waiting.unregister(key.fileobj)
                    os.close(key.fd)
                    ended(*key.data)
                    continue
                connection, _ = listener.accept()
                request, streams, _, _ = socket.recv_fds(connection, LONGEST_REQUEST, 3)
                if not (pid := os.fork()):
                    return json.loads(request), streams
                for stream in streams:
                    os.close(stream)
                waiting.register(os.pidfd_open(pid), selectors.EVENT_READ, (pid, connection))


def remove(place: Path) -> None:
    place.unlink()
    with suppress(OSError):  # the other ones are still there
        place.parent.rmdir()


def ended(pid: int, connection: socket.socket) -> None:
    """Tell the asker how its process has ended."""
    _, status = os.waitpid(pid, 0)
    with connection, suppress(BrokenPipeError):
        connection.send(str(os.waitstatus_to_exitcode(status)).encode())


def become(request: dict[str, Any], streams: list[int]) -> None:
    """Python, started with these arguments."""
    os.setpgid(0, request["group"])
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    os.chdir(request["folder"])
    os.environ.clear()
    os.environ.update(request["environment"])
    first, *rest = request["arguments"]
    if first == "-m":
        sys.argv, sys.path[:0] = rest, [os.getcwd()]
        runpy.run_module(rest[0], run_name="__main__", alter_sys=True)
    else:
        sys.argv, sys.path[:0] = [first, *rest], [os.path.dirname(first)]
        runpy.run_path(first, run_name="__main__")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
