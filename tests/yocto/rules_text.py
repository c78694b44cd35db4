# SPDX-License-Identifier: MIT
"""Mistakes that any file of a layer can have."""
import re
import subprocess
import textwrap

from layer import Assignment, Directive, Function
from values import found

# Classes of OpenEmbedded-Core in every release that layer.conf names.
CLASSES = {"allarch", "cmake", "core-image", "image", "module", "native", "packagegroup", "pkgconfig", "systemd", "useradd"}
PER_PACKAGE = "FILES|RDEPENDS|RRECOMMENDS|RSUGGESTS|RPROVIDES|RCONFLICTS|RREPLACES|SUMMARY|DESCRIPTION|CONFFILES|SYSTEMD_SERVICE|INSANE_SKIP"
# What reaches for a network; fetching is do_fetch's, from SRC_URI.
NETWORK = re.compile(r"(?:^|[\s;&|(`])((?:curl|wget|npm|npx|pip3?|cargo|apt|apt-get)\s+\S+|go\s+(?:get|mod\s+download)|"
                     r"git\s+(?:clone|fetch|pull|submodule))")


def override_syntax(file, layer):
    """Overrides are written with a colon since honister."""
    for a in file.of(Assignment) + file.of(Function):
        if re.search(r"_(append|prepend|remove)(_|:|$)", a.name) or re.match(rf"({PER_PACKAGE})_(\$\{{PN\}}|[a-z])", a.name):
            yield a.line, "old-override-syntax", f"{a.name} is the syntax before honister; write a colon before the override"


def appended_text(file, layer):
    for a in file.of(Assignment):
        parts = a.name.split(":")
        if "append" in parts and a.value and not a.value[0].isspace() and parts[0] not in ("FILESEXTRAPATHS",):
            yield a.line, "append-without-space", f"{a.name} adds no space: its first word grows onto the last one there"
        if ("append" in parts or "prepend" in parts) and a.op in ("+=", "=+", ".=", "?="):
            yield a.line, "append-with-operator", f"{a.name} {a.op} is not what it looks like; use = with :append"


def whitespace(lines):
    """Looked for before the file is read: it may be why it cannot be."""
    for number, line in enumerate(lines, 1):
        if re.search(r"\\[ \t]+$", line):
            yield number, "space-after-backslash", "a blank follows the backslash, so the line is not continued"


def directives(file, layer):
    for d in file.of(Directive):
        for name in d.arguments:
            if d.kind == "inherit":
                if name not in CLASSES and not any((layer / kind / f"{name}.bbclass").exists()
                                                   for kind in ("classes", "classes-recipe", "classes-global")):
                    yield d.line, "class-unknown", f"there is no class {name}, neither here nor in OpenEmbedded-Core"
            elif not found(layer, file.path, name).exists():
                yield d.line, "required-file-missing", f"{d.kind} {name}: there is no such file in this layer"


def host_paths(file, layer):
    for a in file.of(Assignment):
        if re.search(r"(^|[\s=\":]|-[IL])/(home|root|tmp|work|mnt|opt|usr/local|usr/src)\b", a.value):
            yield a.line, "host-path", f"{a.name} names a path of the machine that builds: {a.value}"


def tasks(file, layer):
    for f in file.of(Function):
        if f.python:
            try:
                compile("def task(d):\n" + textwrap.indent(textwrap.dedent(f.body) or "pass\n", "    "), str(file.path), "exec")
            except SyntaxError as error:
                yield f.line + (error.lineno or 1) - 1, "task-not-python", str(error.msg)
            continue
        # ${@...} and ${D} are BitBake's before they are the shell's.
        shell = re.sub(r"\$\{[^}]*\}", "x", f.body)
        result = subprocess.run(["sh", "-n"], input=shell, text=True, capture_output=True)
        if result.returncode:
            yield f.line, "task-not-shell", result.stderr.strip()
        for number, line in enumerate(f.body.split("\n"), f.line + 1):
            reach = NETWORK.search(line)
            if reach and not line.lstrip().startswith("#"):
                yield number, "network-in-task", f"{f.name} runs `{reach[1].strip()}`: there may be no network; sources belong in SRC_URI"
    for a in file.of(Assignment):
        if a.flag == "network" and a.value != "0":
            yield a.line, "network-in-task", f"{a.name}[network] opens the network for a task"


RULES = [override_syntax, appended_text, directives, host_paths, tasks]
