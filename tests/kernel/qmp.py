#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sends one command to QEMU's machine protocol and prints the answer.

usage: qmp.py SOCKET COMMAND [KEY=VALUE ...]

Values are read as JSON where they can be (true, 5, {"a": 1}), else as strings. The status is 1
when QEMU refuses."""
import json
import socket
import sys


def parse(text):
    try:
        return json.loads(text)
    except ValueError:
        return text


def ask(stream, command, arguments):
    stream.write(json.dumps({"execute": command, "arguments": arguments}) + "\n")
    stream.flush()
    while True:
        answer = json.loads(stream.readline())
        if "return" in answer or "error" in answer:
            return answer


def main():
    path, command, words = sys.argv[1], sys.argv[2], sys.argv[3:]
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(20)
        connection.connect(path)
        stream = connection.makefile("rw")
        stream.readline()
        ask(stream, "qmp_capabilities", {})
        answer = ask(stream, command, {k: parse(v) for k, v in (w.split("=", 1) for w in words)})
    print(json.dumps(answer))
    return 1 if "error" in answer else 0


if __name__ == "__main__":
    sys.exit(main())
