# SPDX-License-Identifier: MIT
"""Every mistake that the linter knows, made in a copy of the layer: it must be found, where it was made, and nothing may be found in
the layer as it is."""
import pathlib
import re
import shutil
import subprocess

import pytest

HERE = pathlib.Path(__file__).resolve().parent
LAYER = HERE.parents[1] / "configs/yocto/meta-rotunda"
CONF = "conf/layer.conf"
INC = "recipes-rotunda/rotunda/rotunda.inc"
FIRMWARE = "recipes-rotunda/rotunda/rotunda-firmware_0.1.0.bb"
AGENT = "recipes-rotunda/rotunda/rotunda-agent_0.1.0.bb"
BOARD = "recipes-rotunda/rotunda/rotunda-board_0.1.0.bb"
MODULE = "recipes-rotunda/jailhouse-module/jailhouse-module_0.1.0.bb"
GROUP = "recipes-rotunda/packagegroups/packagegroup-rotunda.bb"
IMAGE = "recipes-rotunda/images/rotunda-image.bb"
APPEND = "recipes-kernel/linux/linux-yocto_%.bbappend"
MACHINE = "conf/machine/include/rotunda-qemuarm64.inc"
IMX = "conf/machine/include/rotunda-imx8qmmek.inc"
SOURCE = 'SRC_URI = "file://rotunda-${PV}.tar.gz"'

# code, file, what is there, what is there instead
MISTAKES = [
    ("not-parsed", FIRMWARE, 'LICENSE = "MIT"', 'LICENSE = "MIT'),
    ("not-parsed", FIRMWARE, 'LICENSE = "MIT"', 'LICENSE = "M"IT"'),
    ("not-parsed", FIRMWARE, "\n}\n", "\n\t}\n"),
    ("not-parsed", FIRMWARE, "inherit cmake", "inhert cmake"),
    ("old-override-syntax", FIRMWARE, "FILES:rotunda-cells", "FILES_rotunda-cells"),
    ("old-override-syntax", FIRMWARE, "FILES:${PN}", "FILES_${PN}"),
    ("old-override-syntax", MODULE, "do_configure:append", "do_configure_append"),
    ("old-override-syntax", MACHINE, "QB_KERNEL_CMDLINE_APPEND:append:qemuarm64", "QB_KERNEL_CMDLINE_APPEND_append_qemuarm64"),
    ("append-without-space", MACHINE, '" kvm-arm', '"kvm-arm'),
    ("append-with-operator", MACHINE, "append:qemuarm64 =", "append:qemuarm64 +="),
    ("space-after-backslash", AGENT, "file://LICENSE;md5", "file://LICENSE \\ \nfile://LICENSE;md5"),
    ("class-unknown", FIRMWARE, "inherit cmake", "inherit cmakes"),
    ("required-file-missing", FIRMWARE, "require rotunda.inc", "require rotunda.inc rotundas.inc"),
    ("not-judged", MODULE, "recipes-rotunda/rotunda/rotunda.inc", "rotunda.inc"),
    ("host-path", FIRMWARE, "OECMAKE_TARGET_COMPILE =", 'FLAGS = "-I/home/me/include"\nOECMAKE_TARGET_COMPILE ='),
    ("host-path", INC, "${ROTUNDA_SOURCES}:", "/opt/sources:"),
    ("task-not-shell", FIRMWARE, "do_install() {\n", "do_install() {\n\tif true; then\n"),
    ("task-not-python", INC, "    import os\n", "    import os\n  import sys\n"),
    ("network-in-task", BOARD, "do_compile() {\n", "do_compile() {\n\tnpm ci\n"),
    ("network-in-task", BOARD, "do_compile() {\n", "do_compile() {\n\tcd ${S} && curl -O https://example.org/x\n"),
    ("network-in-task", BOARD, "do_compile() {\n", "do_compile() {\n\tgit submodule update --init\n"),
    ("network-in-task", BOARD, "do_compile() {", 'do_compile[network] = "1"\ndo_compile() {'),
    ("licence-missing", FIRMWARE, 'LICENSE = "MIT"\n', ""),
    ("licence-not-spdx", MODULE, '"GPL-2.0-only"', '"GPLv2"'),
    ("licence-checksum-missing", FIRMWARE, "LIC_FILES_CHKSUM", "LIC_FILES"),
    ("licence-checksum-wrong", FIRMWARE, "md5=", "md5=0"),
    ("licence-checksum-wrong", MODULE, "endline=1", "endline=2"),
    ("licence-checksum-wrong", AGENT, "LICENSE.md;md5=", "LICENSE.md;md5=0"),
    ("licence-file-missing", FIRMWARE, "file://LICENSE", "file://COPYING"),
    ("licence-file-missing", MODULE, "file://../LICENSE", "file://LICENSE"),
    ("source-submodules", INC, SOURCE, 'SRC_URI = "gitsm://example.org/x;branch=main"\nSRCREV = "' + 40 * "a" + '"'),
    ("source-submodules", INC, SOURCE, 'SRC_URI = "git://example.org/x;branch=main;submodules=1"'),
    ("source-branch-missing", INC, SOURCE, 'SRC_URI = "git://example.org/x;protocol=https"\nSRCREV = "' + 40 * "a" + '"'),
    ("source-floating", INC, SOURCE, 'SRC_URI = "git://example.org/x;branch=main"\nSRCREV = "${AUTOREV}"'),
    ("source-floating", INC, SOURCE, 'SRC_URI = "git://example.org/x;branch=main"'),
    ("source-unpinned", INC, SOURCE, 'SRC_URI = "https://example.org/x.tar.gz"'),
    ("source-missing", FIRMWARE, "inherit cmake", 'SRC_URI += "file://missing.patch"\ninherit cmake'),
    ("source-missing", APPEND, "files:", "fragments:"),
    ("source-unknown", INC, SOURCE, 'SRC_URI = "fiel://rotunda.tar.gz"'),
    ("s-is-workdir", MODULE, 'S = "${ROTUNDA_UNPACKED}/driver"', 'S = "${WORKDIR}"'),
    ("s-in-workdir", MODULE, 'S = "${ROTUNDA_UNPACKED}/driver"', 'S = "${WORKDIR}/rotunda-${PV}/driver"'),
    ("hard-coded-directory", FIRMWARE, "${D}${datadir}/rotunda/examples/", "${D}/usr/share/rotunda/examples/"),
    ("install-outside-d", FIRMWARE, "${D}${nonarch_base_libdir}/firmware/\n", "${nonarch_base_libdir}/firmware/\n"),
    ("install-outside-d", FIRMWARE, "${D}${nonarch_base_libdir}/firmware/\n", "/lib/firmware/\n"),
    ("summary-missing", FIRMWARE, "SUMMARY = ", "SUMARY = "),
    ("dependency-unknown", AGENT, "cjson dtc", "cJSON dtc"),
    ("dependency-unknown", GROUP, "rotunda-cells", "rotunda-cell"),
    ("dependency-unknown", MODULE, '"rotunda-firmware"', '"jailhouse-firmware"'),
    ("package-unknown", FIRMWARE, "FILES:rotunda-cells", "FILES:rotunda-cell"),
    ("package-unknown", GROUP, "RDEPENDS:${PN}", "RDEPENDS"),
    ("class-not-inherited", AGENT, "systemd useradd", "useradd"),
    ("class-not-inherited", AGENT, "systemd useradd", "systemd"),
    ("account-incomplete", AGENT, "USERADD_PACKAGES", "USERADD_PACKAGE"),
    ("unit-missing", AGENT, '"rotundad.service"', '"rotunda.service"'),
    ("package-arch-late", GROUP, 'PACKAGE_ARCH = "${MACHINE_ARCH}"\ninherit packagegroup', 'inherit packagegroup\nPACKAGE_ARCH = "${MACHINE_ARCH}"'),
    ("feature-unknown", IMAGE, '"rotunda"', '"rotonda"'),
    ("features-replaced", IMAGE, "IMAGE_FEATURES +=", "IMAGE_FEATURES ="),
    ("collection-missing", CONF, "BBFILE_COLLECTIONS", "BBFILE_COLLECTION"),
    ("layer-variable-missing", CONF, "BBFILE_PATTERN_rotunda", "BBFILE_PATTERN_rotonda"),
    ("layer-variable-missing", CONF, "LAYERSERIES_COMPAT_rotunda", "LAYERSERIES_rotunda"),
    ("layer-variable-missing", CONF, "LAYERDEPENDS_rotunda", "LAYERDEPENDS"),
    ("layer-replaces-others", CONF, "BBFILES +=", "BBFILES ="),
    ("layer-replaces-others", CONF, "BBPATH .=", "BBPATH ="),
    ("layer-pattern-wrong", CONF, '"^${LAYERDIR}/"', '"^/"'),
    ("series-unknown", CONF, "scarthgap", "scarthgap scartgap"),
    ("series-missing", CONF, "scarthgap ", ""),
    ("recipe-not-read", CONF, " ${LAYERDIR}/recipes-*/*/*.bbappend", ""),
    ("recipe-not-read", CONF, "BBFILES_DYNAMIC", "BBFILES_STATIC"),
    ("append-path-late", APPEND, ":=", "="),
    ("append-path-open", APPEND, 'files:"', 'files"'),
    ("append-unconditional", APPEND, "${@'file://rotunda.cfg' if d.getVar('ROTUNDA_BOARD') else ''}", "file://rotunda.cfg"),
    ("board-unknown", IMX, "imx8qm-mek", "imx8qmmek"),
    ("assignment-lost", MACHINE, "QB_MEM:qemuarm64", "QB_MEM"),
]

RENAMED = [
    ("append-names-version", APPEND, "linux-yocto_6.6.bbappend"),
    ("version-differs", FIRMWARE, "rotunda-firmware_0.0.9.bb"),
    ("name-malformed", FIRMWARE, "rotunda_firmware_0.1.0.bb"),
    ("name-malformed", FIRMWARE, "Rotunda-firmware_0.1.0.bb"),
]


def lint(layer):
    result = subprocess.run([HERE / "lint", layer], text=True, capture_output=True)
    assert result.stderr == ""
    return result.returncode, result.stdout.splitlines()


@pytest.fixture
def copy(tmp_path):
    return shutil.copytree(LAYER, tmp_path / "meta-rotunda")


def test_the_layer_as_it_is_has_no_mistake():
    assert lint(LAYER) == (0, [])


@pytest.mark.parametrize("code,name,there,instead", MISTAKES, ids=[f"{m[0]}-{number}" for number, m in enumerate(MISTAKES)])
def test_mistake_is_found(copy, code, name, there, instead):
    text = (copy / name).read_text()
    assert there in text, "the mistake cannot be made any more: change the table"
    (copy / name).write_text(text.replace(there, instead, 1))
    status, lines = lint(copy)
    assert status == 1
    assert any(f": {code}: " in line for line in lines), lines


@pytest.mark.parametrize("code,name,new", RENAMED)
def test_wrong_file_name_is_found(copy, code, name, new):
    (copy / name).rename((copy / name).parent / new)
    status, lines = lint(copy)
    assert status == 1 and any(f"{new}:1: {code}: " in line for line in lines), lines


def test_every_code_of_the_linter_has_its_mistake():
    sources = "".join(path.read_text() for path in [HERE / "lint", *HERE.glob("rules_*.py")])
    made = {mistake[0] for mistake in MISTAKES + RENAMED}
    known = {found[1] for line in sources.splitlines() if "yield" in line and (found := re.search(r', "([a-z]+(?:-[a-z]+)+)", ', line))}
    assert len(known) > 40 and known - made == set()
