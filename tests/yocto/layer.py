# SPDX-License-Identifier: MIT
"""Reads the files of a Yocto layer: assignments, functions, what is inherited and required. A small part of BitBake's language,
that which this layer uses; anything else is an error, so nothing is silently left out."""
import pathlib
import re
from dataclasses import dataclass, field

ASSIGNMENT = re.compile(r"""^(?P<name>[A-Za-z0-9_:.+/$%{}-]+?)(?P<flag>\[[\w-]+\])?\s*
                            (?P<op>\?\?=|\?=|:=|\+=|=\+|\.=|=\.|=)\s*(?P<quote>["'])(?P<value>.*)(?P=quote)$""", re.X | re.S)
FUNCTION = re.compile(r"^(?P<python>python\s*)?(?P<name>[\w:${}-]*)\s*\(\s*\)\s*\{$")
DIRECTIVE = re.compile(r"^(inherit|require|include)\s+(.+)$")


@dataclass
class Assignment:
    name: str
    flag: str
    op: str
    value: str
    line: int


@dataclass
class Function:
    name: str
    python: bool
    body: str
    line: int


@dataclass
class Directive:
    kind: str
    arguments: list
    line: int


class NotParsed(Exception):
    def __init__(self, line, what):
        super().__init__(what)
        self.line = line


@dataclass
class File:
    path: pathlib.Path
    lines: list
    statements: list = field(default_factory=list)

    def of(self, kind):
        return [statement for statement in self.statements if isinstance(statement, kind)]

    def inherits(self):
        return [name for directive in self.of(Directive) if directive.kind == "inherit" for name in directive.arguments]

    def assigned(self, name):
        """Every assignment to a variable, overrides and flags included."""
        return [a for a in self.of(Assignment) if a.name.split(":")[0] == name]


def logical_lines(lines):
    """(number, text): lines that a backslash continues are one."""
    number = 0
    while number < len(lines):
        first, text = number + 1, lines[number]
        while text.endswith("\\") and not text.startswith("#"):
            number += 1
            if number >= len(lines):
                raise NotParsed(first, "the last line continues nowhere")
            text = text[:-1] + lines[number]
        number += 1
        yield first, number, text


def function_body(lines, number, first):
    for end in range(number, len(lines)):
        if lines[end] == "}":
            return "\n".join(lines[number:end]) + "\n", end + 1
    raise NotParsed(first, "this function has no } in the first column")


def statement_of(first, text):
    directive = DIRECTIVE.match(text)
    if directive:
        return Directive(directive[1], directive[2].split(), first)
    found = ASSIGNMENT.match(text)
    if not found or re.search(r'(?<!\\)' + found["quote"], found["value"]):
        raise NotParsed(first, f"neither assignment, function nor directive, or a quote too many or too few: {text[:60]}")
    return Assignment(found["name"], (found["flag"] or "")[1:-1], found["op"], found["value"], first)


def read(path):
    file = File(path, path.read_text().split("\n"))
    skip = 0
    for first, number, text in logical_lines(file.lines):
        if first <= skip or not text.strip() or text.startswith("#"):
            continue
        function = FUNCTION.match(text)
        if function:
            body, skip = function_body(file.lines, number, first)
            file.statements.append(Function(function["name"], bool(function["python"]), body, first))
        else:
            file.statements.append(statement_of(first, text))
    return file


def package_of(path):
    """PN and PV that BitBake takes from a recipe's name."""
    name, _, version = path.stem.partition("_")
    return name, version or "1.0"
