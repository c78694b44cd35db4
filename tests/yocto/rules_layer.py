# SPDX-License-Identifier: MIT
"""Mistakes of layer.conf, of appends to other layers' recipes and of machine includes."""
import re

from layer import Assignment
from values import Values

# LTS releases, and what lies between them.
SERIES = {"kirkstone", "scarthgap", "wrynose"} | {"langdale", "mickledore", "nanbield", "styhead", "walnascar", "whinlatter"}
NEEDED = {"kirkstone", "scarthgap"}


def layer_conf(file, layer, tree):
    name = "".join(a.value for a in file.assigned("BBFILE_COLLECTIONS")).strip()
    if not name:
        yield 1, "collection-missing", "layer.conf has no BBFILE_COLLECTIONS"
        return
    for variable in ("BBPATH", "BBFILES", f"BBFILE_PATTERN_{name}", f"BBFILE_PRIORITY_{name}", f"LAYERDEPENDS_{name}", f"LAYERSERIES_COMPAT_{name}"):
        if not file.assigned(variable):
            yield 1, "layer-variable-missing", f"layer.conf has no {variable}"
    for variable in ("BBPATH", "BBFILES"):
        for a in file.assigned(variable):
            if a.op in ("=", ":=", "?="):
                yield a.line, "layer-replaces-others", f"{variable} {a.op} takes away the other layers; use .= or +="
    for a in file.assigned(f"BBFILE_PATTERN_{name}"):
        if a.value != "^${LAYERDIR}/":
            yield a.line, "layer-pattern-wrong", f"{a.value} is not ^${{LAYERDIR}}/"


def series(file, layer, tree):
    for a in file.of(Assignment):
        if a.name.startswith("LAYERSERIES_COMPAT"):
            for name in a.value.split():
                if name not in SERIES:
                    yield a.line, "series-unknown", f"{name} is no release of Yocto that this layer was made for"
            for name in sorted(NEEDED - set(a.value.split())):
                yield a.line, "series-missing", f"{name}, which has long-term support, is not named"


def every_file_is_read(file, layer, tree):
    values = Values(LAYERDIR=str(layer))
    values.take(file, layer)
    patterns = (values.getVar("BBFILES") or "").split() + [p.split(":", 1)[-1] for p in (values.getVar("BBFILES_DYNAMIC") or "").split()]
    for path in sorted(layer.rglob("*.bb*")):
        if path.suffix in (".bb", ".bbappend") and not any(path.match(pattern) for pattern in patterns):
            yield 1, "recipe-not-read", f"no pattern of BBFILES matches {path.relative_to(layer)}"


def append(file, layer, tree):
    if not file.path.stem.endswith("_%"):
        yield 1, "append-names-version", f"{file.path.name} fits one version of that recipe only; call it NAME_%.bbappend"
    for a in file.assigned("FILESEXTRAPATHS"):
        if a.op != ":=" or "${THISDIR}" not in a.value:
            yield a.line, "append-path-late", "THISDIR is another folder when this is read later; use :="
        elif not a.value.endswith(":"):
            yield a.line, "append-path-open", "the path must end with a colon"
        else:
            folder = (file.path.parent / a.value.replace("${THISDIR}/", "").rstrip(":")).resolve()
            for name in re.findall(r"file://([\w.-]+)", " ".join(s.value for s in file.assigned("SRC_URI"))):
                if not (folder / name).exists():
                    yield a.line, "source-missing", f"there is no {name} in {a.value}"
    for a in file.assigned("SRC_URI"):
        if "ROTUNDA_BOARD" not in a.value:
            yield a.line, "append-unconditional", "a layer that is merely there must change no recipe of others: ask for ROTUNDA_BOARD"


def machine(file, layer, tree):
    values = Values(LAYERDIR=str(layer))
    values.take(file, layer)
    board = values.getVar("ROTUNDA_BOARD")
    if not board or not (tree / "configs/boards" / board / "system.json").exists():
        yield 1, "board-unknown", f"ROTUNDA_BOARD is {board}: there is no configs/boards/{board}/system.json"
    for a in file.of(Assignment):
        if a.name.startswith("QB_") and ":" not in a.name:
            yield a.line, "assignment-lost", f"{a.name}: the machine's own line comes later and wins; add its override"


RULES = {"layer.conf": [layer_conf, series, every_file_is_read], ".bbappend": [append], "machine": [machine]}
