# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads the files of po/."""
import re
import subprocess


def lines_of(path):
    with open(path, encoding="utf-8") as file:
        return [line for line in file.read().split("\n") if line and not line.startswith("#")]


def entries(po):
    """(msgctxt, msgid, its plural, [its translations]) of what @po, as msgcat writes it, holds."""
    for block in re.split(r"\n\n+", po):
        block = "\n".join(line for line in block.split("\n") if not line.startswith("#"))
        fields = re.findall(r'^(msgctxt|msgid|msgid_plural|msgstr(?:\[\d\])?) ((?:".*"\n?)+)',
                            block, re.M)
        text = {key: "".join(re.findall(r'"((?:[^"\\]|\\.)*)"', value)) for key, value in fields}
        if text.get("msgid"):
            yield (text.get("msgctxt"), text["msgid"], text.get("msgid_plural"),
                   [value for key, value in text.items() if key.startswith("msgstr")])


def tool(*args):
    return subprocess.run(args, capture_output=True, text=True, check=True).stdout
