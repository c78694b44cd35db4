# SPDX-License-Identifier: MIT
# Only with one of our machine includes: a layer that is merely there changes no kernel.
FILESEXTRAPATHS:prepend := "${THISDIR}/../../../../recipes-kernel/linux/files:"
SRC_URI += "${@'file://rotunda.cfg' if d.getVar('ROTUNDA_BOARD') else ''}"
