# SPDX-License-Identifier: MIT
"""What variables of a recipe are worth: layer.conf, a machine include, what the recipe requires, the recipe, in this order."""
import re

from layer import Assignment, Directive, Function, package_of, read

DELAYED = ("append", "prepend", "remove")


class Values:
    """Stands in for BitBake's data store: `getVar` is what `${@...}` calls."""

    def __init__(self, **first):
        self.raw = dict(first)
        self.weak = {}
        self.delayed = []
        self.functions = {}
        self.inherited = []

    def getVar(self, name, expand=True):
        value = self.raw.get(name, self.weak.get(name))
        if value is None and not any(d[0] == name for d in self.delayed):
            return None
        value = value or ""
        for target, how, addition in self.delayed:
            if target == name:
                value = value + addition if how == "append" else addition + value
        return self.expand(value) if expand else value

    def expand(self, text):
        text = re.sub(r"\$\{@(.*?)\}", lambda m: str(eval(m[1], {"d": self})), text)
        return re.sub(r"\$\{([A-Za-z0-9_:-]+)\}", lambda m: v if (v := self.getVar(m[1])) is not None else m[0], text)

    def assign(self, statement, overrides=()):
        name, *suffix = self.expand(statement.name).split(":")
        if suffix and suffix[0] in DELAYED:
            if all(over in overrides for over in suffix[1:]):
                value = self.expand(statement.value) if statement.op == ":=" else statement.value
                self.delayed.append((name, suffix[0], value))
            return
        # FILES:package and the like stay variables of their own; an override of this machine replaces its variable.
        key = ":".join([name] + [over for over in suffix if over not in overrides])
        old, value = self.raw.get(key), statement.value
        if statement.op == "=" or (statement.op == "?=" and old is None):
            self.raw[key] = value
        elif statement.op == ":=":
            self.raw[key] = self.expand(value)
        elif statement.op == "??=":
            self.weak.setdefault(key, value)
        elif statement.op in ("+=", ".="):
            self.raw[key] = (old or "") + (" " if statement.op == "+=" else "") + value
        elif statement.op in ("=+", "=."):
            self.raw[key] = value + (" " if statement.op == "=+" else "") + (old or "")

    def take(self, file, layer, overrides=()):
        for statement in file.statements:
            if isinstance(statement, Assignment) and not statement.flag:
                self.assign(statement, overrides)
            elif isinstance(statement, Function) and not statement.python:
                self.functions[statement.name] = statement.body
            elif isinstance(statement, Directive) and statement.kind == "inherit":
                self.inherited += statement.arguments
            elif isinstance(statement, Directive):
                for name in statement.arguments:
                    self.take(read(found(layer, file.path, name)), layer, overrides)


def found(layer, path, name):
    """A required file is looked for beside the one that requires it, then in the layer."""
    beside = path.parent / name
    return beside if beside.exists() else layer / name


def recipe_values(layer, path, machine=None, overrides=(), **first):
    name, version = package_of(path)
    values = Values(PN=name, BPN=name, PV=version, BP=f"{name}-{version}", LAYERDIR=str(layer), THISDIR=str(path.parent), **first)
    values.take(read(layer / "conf/layer.conf"), layer, overrides)
    if machine:
        values.take(read(layer / f"conf/machine/include/rotunda-{machine}.inc"), layer, overrides)
    values.take(read(path), layer, overrides)
    return values
