# SPDX-License-Identifier: MIT
SUMMARY = "Configuration of this board: system definition, cells, memory to reserve"
LICENSE = "MIT"
LIC_FILES_CHKSUM = "file://LICENSE;md5=a082c138025c5c94b23f5dde4268ba70"

DEPENDS = "dtc-native"

require rotunda.inc

# The machine includes set it; a board of one's own is a folder of configs/boards when the sources are packed.
ROTUNDA_BOARD ??= ""
PACKAGE_ARCH = "${MACHINE_ARCH}"
BOARD_DIR = "${S}/configs/boards/${ROTUNDA_BOARD}"

python () {
    if not d.getVar('ROTUNDA_BOARD'):
        raise bb.parse.SkipRecipe('ROTUNDA_BOARD is not set; require one of conf/machine/include/rotunda-*.inc in local.conf')
}

do_configure[noexec] = "1"

do_compile() {
	for overlay in ${BOARD_DIR}/*.dtso; do
		[ ! -f "$overlay" ] || dtc -@ -I dts -O dtb -o ${B}/$(basename "$overlay" .dtso).dtbo "$overlay"
	done
}

do_install() {
	install -d ${D}${sysconfdir}/rotunda/cells ${D}/boot/rotunda
	install -m 0644 ${S}/boards/${ROTUNDA_BOARD}/system.cell ${BOARD_DIR}/system.json ${D}${sysconfdir}/rotunda/
	for cell in ${BOARD_DIR}/cells/*.json; do
		[ ! -f "$cell" ] || install -m 0644 "$cell" ${D}${sysconfdir}/rotunda/cells/
	done
	install -m 0644 ${B}/*.dtbo ${D}/boot/rotunda/
}

FILES:${PN} = "${sysconfdir}/rotunda /boot/rotunda"
CONFFILES:${PN} = "${sysconfdir}/rotunda/system.cell ${sysconfdir}/rotunda/system.json"
