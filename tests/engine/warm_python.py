#!/usr/bin/env -S python3 -IS
"""`python3` for Pulumi in the engine's tests: has a process of `warm.py` do it, one of those in $WARM_PYTHON."""

import os
import sys

arguments = [argument for argument in sys.argv[1:] if argument != "-u"]  # they all are, there
name = arguments[1] if arguments[0] == "-m" else os.path.basename(arguments[0])
place = os.path.join(os.environ["WARM_PYTHON"], name)
if not os.path.exists(place):
    os.execvp("python3", ["python3", *sys.argv[1:]])  # noqa: S606

import json  # noqa: E402
import signal  # noqa: E402
import socket  # noqa: E402

signal.signal(signal.SIGINT, signal.SIG_IGN)  # the other one is in this process group, and hears it too
request = {
    "arguments": arguments,
    "environment": dict(os.environ),
    "folder": os.getcwd(),
    "group": os.getpgrp(),
}
connection = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
connection.connect(place)
socket.send_fds(connection, [json.dumps(request).encode()], [0, 1, 2])
status = int(connection.recv(16))
sys.exit(status if status >= 0 else 128 - status)
