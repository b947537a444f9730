#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""test-tape-schema.py SCHEMA MAKER: what the program writes onto a tape is what the schema has, line by
line; and the schema would find a line that is not so. MAKER FOLDER writes the tapes."""

import json
import os
import subprocess
import sys
import tempfile

import jsonschema

count = 0
fine = True


def say(good, what, reason=""):
    global count, fine
    count += 1
    fine = fine and bool(good)
    print(f"{'ok' if good else 'not ok'} {count} {what}", flush=True)
    if not good and reason:
        print(f"# {reason}")


def without(line, member):
    return {name: value for name, value in line.items() if name != member}


def bad_lines(command, header, end):
    """Each differs from a good line in one thing."""
    for member in ("n", "at_ms", "took_us", "cdb", "direction", "length", "moved", "timeout_ms", "outcome",
                   "status", "host", "driver", "data"):
        yield f"a command without {member}", without(command, member)
    for member in ("format", "version", "program", "began", "data", "drive"):
        yield f"a header without {member}", without(header, member)
    for member in ("end", "commands", "at"):
        yield f"an end without {member}", without(end, member)
    yield "another member", {**command, "more": 1}
    yield "version 2", {**header, "version": 2}
    yield "a CDB of five bytes", {**command, "cdb": "12 00 00 00 00"}
    yield "a CDB in capitals", {**command, "cdb": "DF 00 00 00 00 00"}
    yield "another direction", {**command, "direction": "both"}
    yield "an answer after more than a day", {**command, "took_us": 86400000001}
    yield "a length below 0", {**command, "length": -1}
    yield "a number as a text", {**command, "status": "0"}
    yield "sense that is missing", {**command, "outcome": "sense"}
    yield "data without a direction", {**command, "direction": "none", "length": 0, "moved": 0}
    yield "a hash that is none", {**command, "data": {**command["data"], "sha256": "00"}}
    yield "another end", {**end, "end": "broke-off"}
    yield "a local time", {**end, "at": "2026-11-30 02:00"}
    yield "a serial that is no text", {**header, "drive": {**header["drive"], "serial": None}}


def check_tape(validator, path):
    with open(path, encoding="utf-8") as file:
        text = file.read()
    lines = [json.loads(line) for line in text.splitlines()]
    reasons = [f"line {i}: {error.message[:200]}" for i, line in enumerate(lines, 1)
               for error in validator.iter_errors(line)]
    say(not reasons and text.endswith("\n"), f"{os.path.basename(path)}, {len(lines)} lines",
        "; ".join(reasons[:3]))
    return lines


def main():
    schema_path, maker = sys.argv[1:]
    with open(schema_path, encoding="utf-8") as file:
        schema = json.load(file)
    validator_class = jsonschema.validators.validator_for(schema)
    validator_class.check_schema(schema)
    validator = validator_class(schema)
    with tempfile.TemporaryDirectory() as folder:
        made = subprocess.run([maker, folder], check=False)
        say(made.returncode == 0, "tapes are made")
        tapes = {name: check_tape(validator, os.path.join(folder, name))
                 for name in sorted(os.listdir(folder))}
    say(len(tapes) >= 3, "there are some")
    lines = tapes["whole.tape"]
    seen = {line["outcome"] for line in lines[1:-1]}
    say(seen >= {"ok", "sense", "timeout", "not-sent"}, "with answers of many kinds", str(seen))
    for what, line in bad_lines(lines[1], lines[0], lines[-1]):
        say(not validator.is_valid(line), f"refused: {what}")
    print(f"1..{count}")
    return 0 if fine else 1


sys.exit(main())
