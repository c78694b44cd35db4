# SPDX-License-Identifier: MIT
SUMMARY = "Kernel module that loads the hypervisor below the running Linux"
LICENSE = "GPL-2.0-only"
LIC_FILES_CHKSUM = "file://../LICENSE;md5=a082c138025c5c94b23f5dde4268ba70 \
                    file://main.c;beginline=1;endline=1;md5=fcab174c20ea2e2bc0be64b493708266"

require recipes-rotunda/rotunda/rotunda.inc
inherit module

# kbuild writes beside the sources; the headers that firmware and module share stay at ../hypervisor/include.
S = "${ROTUNDA_UNPACKED}/driver"

# One sentence instead of a page of errors, before anything is compiled.
do_configure:append() {
	release=$(cat ${STAGING_KERNEL_BUILDDIR}/include/config/kernel.release)
	[ "$(printf '%s\n6.1\n' "$release" | sort -V | head -n 1)" = 6.1 ] ||
		bbfatal "kernel-too-old: the kernel is $release; the module needs 6.1 or newer"
	for option in MODULES SYSFS OF HOTPLUG_CPU ARM_GIC_V3; do
		grep -q "^CONFIG_$option=y" ${STAGING_KERNEL_BUILDDIR}/.config ||
			bbfatal "kernel-lacks: the kernel ($release) has no CONFIG_$option=y; add rotunda.cfg of meta-rotunda to its recipe"
	done
}

RPROVIDES:${PN} += "kernel-module-jailhouse"
RRECOMMENDS:${PN} = "rotunda-firmware"
