# SPDX-License-Identifier: MIT
"""Mistakes of recipes: licences, sources, installing, packages."""
import hashlib
import re

from layer import Assignment, Function, package_of
from values import recipe_values

LICENCES = {"MIT", "GPL-2.0-only", "BSD-2-Clause", "BSD-3-Clause", "Apache-2.0"}
# Recipes of OpenEmbedded-Core and meta-oe that ours may name.
OTHERS = {"cjson", "dtc", "dtc-native", "libsodium", "openssl", "sqlite3", "zlib"}
FETCHERS = {"file", "git", "gitsm", "http", "https", "npm", "npmsw", "crate"}


def without_sources(file):
    return {"packagegroup", "core-image", "image"} & set(file.inherits())


def licence(file, layer, tree):
    value = recipe_values(layer, file.path).getVar("LICENSE")
    if not value:
        if "packagegroup" not in file.inherits():
            yield 1, "licence-missing", "the recipe has no LICENSE"
        return
    for name in re.split(r"[\s&|()]+", value):
        if name and name not in LICENCES:
            yield file.assigned("LICENSE")[0].line, "licence-not-spdx", f"{name} is no SPDX name of a licence that this project has"


def checksum(file, layer, tree):
    if without_sources(file):
        return
    values = recipe_values(layer, file.path, UNPACKDIR="")
    text = values.getVar("LIC_FILES_CHKSUM")
    if not text:
        yield 1, "licence-checksum-missing", "the recipe has no LIC_FILES_CHKSUM"
        return
    line = file.assigned("LIC_FILES_CHKSUM")[0].line
    below = values.getVar("S").split(f"rotunda-{values.getVar('PV')}")[-1].strip("/")
    for entry in text.split():
        name, *options = entry.removeprefix("file://").split(";")
        options = dict(option.split("=") for option in options)
        path = tree / below / name
        if not path.exists():
            yield line, "licence-file-missing", f"{name} of LIC_FILES_CHKSUM is not in the sources"
            continue
        first, last = int(options.get("beginline", 1)), int(options.get("endline", 0)) or None
        content = b"".join(path.read_bytes().splitlines(True)[first - 1:last])
        if hashlib.md5(content).hexdigest() != options.get("md5"):
            yield line, "licence-checksum-wrong", f"{name} has md5 {hashlib.md5(content).hexdigest()}"


def sources(file, layer, tree):
    if without_sources(file):
        return
    values = recipe_values(layer, file.path)
    line = (file.assigned("SRC_URI") or file.of(Assignment))[0].line
    for uri in (values.getVar("SRC_URI") or "").split():
        scheme, options = uri.split("://")[0], uri.split(";")[1:]
        if scheme not in FETCHERS:
            yield line, "source-unknown", f"{uri}: there is no fetcher for this"
        if scheme == "gitsm" or "submodules=1" in options:
            yield line, "source-submodules", f"{uri} needs submodules, which differ between versions of git"
        if scheme == "git" and not any(option.startswith(("branch=", "nobranch=")) for option in options):
            yield line, "source-branch-missing", f"{uri} names no branch: BitBake guesses master"
        if scheme in ("git", "gitsm") and not re.fullmatch("[0-9a-f]{40}", values.getVar("SRCREV") or ""):
            yield line, "source-floating", f"{uri} has no SRCREV that is a commit; AUTOREV asks the network at every parse"
        if scheme in ("http", "https") and not (file.assigned("SRC_URI") and any(
                a.flag.endswith("sha256sum") for a in file.assigned("SRC_URI"))) and "sha256sum" not in uri:
            yield line, "source-unpinned", f"{uri} has no sha256sum"
        if scheme == "file" and not re.fullmatch(r"rotunda-[0-9.]+\.tar\.gz", uri[7:].split(";")[0]) and not list(
                file.path.parent.glob(f"*/{uri[7:].split(';')[0]}")):
            yield line, "source-missing", f"{uri} is neither in the layer nor what `make yocto-sources` makes"


def source_folder(file, layer, tree):
    for a in file.assigned("S"):
        if a.value.rstrip("/") in ("${WORKDIR}", "${UNPACKDIR}"):
            yield a.line, "s-is-workdir", "S may not be the folder of the build itself, since styhead that is an error"
        elif a.value.startswith("${WORKDIR}"):
            yield a.line, "s-in-workdir", "sources are unpacked into UNPACKDIR since styhead"


def installing(file, layer, tree):
    for f in file.of(Function):
        if not f.name.startswith("do_install"):
            continue
        for number, line in enumerate(f.body.split("\n"), f.line + 1):
            if re.search(r"\$\{D\}/(usr|etc|lib|lib64|bin|sbin|var)\b", line):
                yield number, "hard-coded-directory", "use bindir, sysconfdir and the like: distributions place them differently"
            if re.match(r"\s*(install|cp|mkdir|ln|mv)\s", line) and re.search(r"\s(\$\{(?!D\}|B\}|S\}|BOARD_DIR\})\w*dir\}|/[a-z])\S*\s*$", line):
                yield number, "install-outside-d", "this writes to the machine that builds; destinations start with ${D}"


def names(file, layer, tree):
    name, version = package_of(file.path)
    if not re.fullmatch(r"[a-z][a-z0-9+.-]*", name) or file.path.stem.count("_") > 1:
        yield 1, "name-malformed", f"{file.path.name}: a recipe is called name_version.bb, in small letters and hyphens"
    ours = re.search(r"^project\(rotunda VERSION ([0-9.]+)", (tree / "CMakeLists.txt").read_text(), re.M)[1]
    if not without_sources(file) and version != ours:
        yield 1, "version-differs", f"{file.path.name} says {version}, the sources are {ours}"
    if not recipe_values(layer, file.path).getVar("SUMMARY"):
        yield 1, "summary-missing", "the recipe has no SUMMARY"


def packages_of(layer):
    for path in layer.glob("recipes-*/*/*.bb"):
        values = recipe_values(layer, path)
        yield from [values.getVar("PN")] + (values.getVar("PACKAGES") or "").split() + (values.getVar("RPROVIDES:" + values.getVar("PN")) or "").split()


def dependencies(file, layer, tree):
    known = set(packages_of(layer)) | OTHERS
    values = recipe_values(layer, file.path)
    for a in file.of(Assignment):
        if a.name.split(":")[0] in ("DEPENDS", "RDEPENDS", "RRECOMMENDS") and not a.flag:
            for name in values.expand(a.value).split():
                if name not in known:
                    yield a.line, "dependency-unknown", f"{a.name}: there is no {name} here, in OpenEmbedded-Core or in meta-oe"
    packages = {values.getVar("PN")} | set((values.getVar("PACKAGES") or "").split())
    for a in file.of(Assignment):
        variable, _, package = values.expand(a.name).partition(":")
        if variable in ("FILES", "RDEPENDS", "RRECOMMENDS", "CONFFILES") and package not in packages:
            yield a.line, "package-unknown", f"{a.name}: this recipe makes no package {package or '(none named)'}"


def services(file, layer, tree):
    used = {a.name.split(":")[0]: a for a in file.of(Assignment)}
    for variable, wanted in (("SYSTEMD_SERVICE", "systemd"), ("USERADD_PARAM", "useradd")):
        if variable in used and wanted not in file.inherits():
            yield used[variable].line, "class-not-inherited", f"{variable} does nothing without inherit {wanted}"
    if "useradd" in file.inherits() and not {"USERADD_PACKAGES", "USERADD_PARAM"} <= set(used):
        yield 1, "account-incomplete", "useradd needs USERADD_PACKAGES and USERADD_PARAM"
    for unit in used["SYSTEMD_SERVICE"].value.split() if "SYSTEMD_SERVICE" in used else []:
        if not any(tree.glob(f"configs/*/{unit}")):
            yield used["SYSTEMD_SERVICE"].line, "unit-missing", f"there is no {unit} in the sources"


def packagegroup(file, layer, tree):
    if "packagegroup" not in file.inherits():
        return
    order = [s.name if isinstance(s, Assignment) else "inherit" for s in file.statements]
    if "PACKAGE_ARCH" in order and order.index("PACKAGE_ARCH") > order.index("inherit"):
        yield file.assigned("PACKAGE_ARCH")[0].line, "package-arch-late", "packagegroup looks at PACKAGE_ARCH when it is inherited"


def features(file, layer, tree):
    values = recipe_values(layer, file.path)
    for a in file.assigned("IMAGE_FEATURES"):
        for feature in a.value.split():
            if not values.getVar(f"FEATURE_PACKAGES_{feature}"):
                yield a.line, "feature-unknown", f"no FEATURE_PACKAGES_{feature} says what {feature} is"
        if a.op == "=":
            yield a.line, "features-replaced", "IMAGE_FEATURES = takes away what local.conf asks for; use +="


RULES = [licence, checksum, sources, source_folder, installing, names, dependencies, services, packagegroup, features]
