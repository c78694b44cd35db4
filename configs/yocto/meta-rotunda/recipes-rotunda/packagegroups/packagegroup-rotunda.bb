# SPDX-License-Identifier: MIT
SUMMARY = "Everything of Rotunda for a board"

# The board's configuration is the machine's.
PACKAGE_ARCH = "${MACHINE_ARCH}"
inherit packagegroup

RDEPENDS:${PN} = "jailhouse-module rotunda-firmware rotunda-cells rotunda-agent rotunda-command rotunda-board"
