# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads C as far as it takes to count it: functions with their lines, parameters and nesting,
comments, includes, names. No compiler and no index: the tree's own style is what it knows."""

import re

WORD = re.compile(r"[A-Za-z_]\w*")
INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*"([^"]+)"', re.M)
DIRECTIVE = re.compile(r"^[ \t]*#(?:\\\n|[^\n])*", re.M)
# a comment, a string, a character
OPAQUE = re.compile(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.S)
KEYWORDS = {"if", "for", "while", "switch", "return", "sizeof", "do", "else", "case"}


def blank(text):
    """As many lines, and nothing in them."""
    return "\n" * text.count("\n")


def without_comments(text):
    return OPAQUE.sub(lambda m: blank(m[0]) or " " if m[0][0] == "/" else m[0], text)


def without_strings(text):
    return OPAQUE.sub(lambda m: m[0] if m[0][0] == "/" else m[0][0] * 2, text)


def parameters(inside):
    """How many are in what stands between the parentheses."""
    if inside.strip() in ("", "void"):
        return 0
    depth, count = 0, 1
    for char in inside:
        depth += (char in "([") - (char in ")]")
        count += char == "," and depth == 0
    return count


def opening(text, close):
    """Where the parenthesis begins that ends at @close."""
    depth = 0
    for at in range(close, -1, -1):
        depth += (text[at] == ")") - (text[at] == "(")
        if depth == 0:
            return at
    return -1


def last_word(text):
    found = re.search(r"([A-Za-z_]\w*)\s*$", text)
    return found[1] if found else ""


def is_block(code, brace):
    """Whether the brace at @brace opens statements; else it opens a list of values."""
    before = code[max(0, brace - 400):brace].rstrip()
    if not before or before[-1] in ";{}:":
        return True
    if before[-1] == ")":
        return last_word(before[:opening(before, len(before) - 1)]) not in ("", "return")
    return last_word(before) in ("else", "do")


class Function:
    def __init__(self, name, first, last, count, nesting, static):
        self.name = name
        self.first = first
        self.length = last - first + 1
        self.parameters = count
        self.nesting = nesting
        self.static = static


def head_of(head):
    """(Name, text of the parameters, static) of the function that @head announces; else None."""
    end = len(head.rstrip()) - 1
    if end < 0 or head[end] != ")":
        return None
    begin = opening(head, end)
    name = last_word(head[:begin])
    before = head[:begin].rstrip()
    if begin < 0 or not name or name in KEYWORDS or "=" in before:
        return None
    return name, head[begin + 1:end], "static" in WORD.findall(before)


def functions_in(code):
    """The functions of @code, which has no comments, strings and directives any more. A function
    begins with the line of its name and ends with its last brace."""
    found = []
    blocks = []  # of each open brace, whether it holds statements; the first is the outermost
    start, deepest, head, name_at = 0, 0, None, 0
    for match in re.finditer("[{};]", code):
        at = match.start()
        if match[0] == "{" and not blocks:
            head, deepest = head_of(code[start:at]), 0
            blocks.append(head is not None)
            if head:
                name_at = start + re.search(r"\b%s\s*\(" % head[0], code[start:at]).start()
        elif match[0] == "{":
            blocks.append(blocks[-1] and is_block(code, at))
            deepest = max(deepest, sum(blocks) - 1)
        elif match[0] == "}" and len(blocks) > 1:
            blocks.pop()
        elif match[0] == "}" or not blocks:
            if blocks and head:
                first, last = (code.count("\n", 0, place) + 1 for place in (name_at, at))
                found.append(Function(head[0], first, last, parameters(head[1]), deepest, head[2]))
            blocks, start = [], at + 1
    return found


class Source:
    """One C file or header."""

    def __init__(self, path, text):
        self.path = path
        self.folder = path.rpartition("/")[0]
        self.name = path.rpartition("/")[2]
        self.lines = text.count("\n")
        plain = without_comments(text)
        self.includes = INCLUDE.findall(plain)
        code = without_strings(plain)
        self.names = WORD.findall(code)
        self.code_lines = [" ".join(line.split()) for line in plain.split("\n")]
        full = sum(1 for line in text.split("\n") if line.strip())
        coded = sum(1 for line in self.code_lines if line)
        self.full, self.comments = full, full - coded
        self.functions = functions_in(DIRECTIVE.sub(lambda m: blank(m[0]), code))

    def is_header(self):
        return self.name.endswith(".h")
