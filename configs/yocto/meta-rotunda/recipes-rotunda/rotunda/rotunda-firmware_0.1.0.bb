# SPDX-License-Identifier: MIT
SUMMARY = "The hypervisor that runs below Linux at EL2, and demo cells"
LICENSE = "MIT"
LIC_FILES_CHKSUM = "file://LICENSE;md5=a082c138025c5c94b23f5dde4268ba70"

require rotunda.inc
inherit cmake

# Both run without an operating system: neither needs a library.
EXTRA_OECMAKE = "-DROTUNDA_BOARD=ON -DROTUNDA_PROGRAMS=OFF -DROTUNDA_TESTS=OFF -DROTUNDA_WERROR=OFF \
                 -DCMAKE_OBJCOPY=${OBJCOPY} -DCMAKE_OBJDUMP=${OBJDUMP}"
OECMAKE_TARGET_COMPILE = "firmware cells"

do_install() {
	install -d ${D}${nonarch_base_libdir}/firmware ${D}${nonarch_libdir}/rotunda/cells ${D}${datadir}/rotunda/examples
	install -m 0644 ${B}/hypervisor/jailhouse.bin ${D}${nonarch_base_libdir}/firmware/
	install -m 0644 ${B}/configs/cells/*.bin ${D}${nonarch_libdir}/rotunda/cells/
	install -m 0644 ${S}/configs/cells/*/*.json ${D}${datadir}/rotunda/examples/
}

PACKAGES =+ "rotunda-cells"
SUMMARY:rotunda-cells = "Demo cells of Rotunda, and the loader of Linux cells"
FILES:rotunda-cells = "${nonarch_libdir}/rotunda/cells ${datadir}/rotunda/examples"
FILES:${PN} += "${nonarch_base_libdir}/firmware"
# Bare metal: no build id, no shared libraries, nothing to strip.
INHIBIT_PACKAGE_DEBUG_SPLIT = "1"
