#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The texts for people in the families' tables, as a source that xgettext reads.

tables.py SOURCE-ROOT > po/tables.c

xgettext knows no tables of this kind. What is shown of them is the family's name, evidence and
reasons and warnings, how a drive is brought back, why some drives are not served, and the titles and
explanations of its choices.
"""
import configparser
import glob
import os
import sys

HEAD = """/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Made by tests/words/tables.py of the families' tables, for xgettext alone: nothing compiles it. */
"""


def texts(path):
    table = configparser.RawConfigParser(delimiters=("=",), comment_prefixes=("#",), strict=False)
    table.optionxform = str
    table.read(path, encoding="utf-8")
    for group in table.sections():
        for key, value in table.items(group):
            if (group == "family" and (key in ("name", "evidence", "elsewhere")
                                       or key.startswith("recovery")
                                       or key.endswith(("-reason", "-warning")))
                    or group.startswith("not-served ") and key == "why"
                    or group.startswith("choice ") and key in ("title", "explanation")):
                yield key, value


def make(root):
    lines = [HEAD]
    for path in sorted(glob.glob(os.path.join(root, "core/families/*/*.ini"))):
        found = list(texts(path))
        if found:
            lines.append("/* %s */\n" % os.path.relpath(path, root))
        for key, value in found:
            text = value.replace("\\\\", "\\").replace("\\", "\\\\").replace('"', '\\"')
            lines.append('/* Translators: of a family of drives: %s */\nN_ ("%s");\n' % (key, text))
    return "".join(lines)


if __name__ == "__main__":
    sys.stdout.write(make(sys.argv[1]))
