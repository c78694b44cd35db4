# SPDX-License-Identifier: MIT
SUMMARY = "Manages the cells of a board: daemon with dashboard and REST, and the jailhouse command"
LICENSE = "MIT"
LIC_FILES_CHKSUM = "file://LICENSE;md5=a082c138025c5c94b23f5dde4268ba70 \
                    file://civetweb/LICENSE.md;md5=3dfede24946d22198ff039a5d272f8dd"

DEPENDS = "cjson dtc libsodium openssl sqlite3 zlib"

require rotunda.inc
inherit cmake pkgconfig systemd useradd

EXTRA_OECMAKE = "-DROTUNDA_BOARD=OFF -DROTUNDA_TESTS=OFF -DROTUNDA_WERROR=OFF -DROTUNDA_CIVETWEB_DIR=${S}/civetweb \
                 -DROTUNDA_WEBUI_ASSETS=${S}/webui_assets.c"
OECMAKE_TARGET_COMPILE = "rotundad tools"

do_install() {
	install -d ${D}${sbindir} ${D}${libexecdir}/jailhouse ${D}${systemd_system_unitdir} ${D}${nonarch_base_libdir}/udev/rules.d \
		${D}${nonarch_libdir}/modules-load.d ${D}${datadir}/rotunda ${D}${datadir}/bash-completion/completions ${D}${mandir}/man8 \
		${D}${sysconfdir}/rotunda/cells
	install -m 0755 ${B}/agent/rotundad ${B}/bin/jailhouse ${D}${sbindir}/
	install -m 0755 ${B}/bin/jailhouse-* ${D}${libexecdir}/jailhouse/
	install -m 0644 ${S}/agent/definition/definition.schema.json ${D}${datadir}/rotunda/
	install -m 0644 ${S}/configs/install/rotundad.service ${D}${systemd_system_unitdir}/
	install -m 0644 ${S}/configs/install/70-jailhouse.rules ${D}${nonarch_base_libdir}/udev/rules.d/
	install -m 0644 ${S}/configs/install/jailhouse.modules-load ${D}${nonarch_libdir}/modules-load.d/jailhouse.conf
	install -m 0644 ${S}/configs/install/jailhouse.bash-completion ${D}${datadir}/bash-completion/completions/jailhouse
	install -m 0644 ${S}/configs/install/jailhouse.8 ${S}/configs/install/rotundad.8 ${D}${mandir}/man8/
}

SYSTEMD_SERVICE:${PN} = "rotundad.service"
# The account that owns /dev/jailhouse and the store; the image may be read-only, so it is made when the image is.
USERADD_PACKAGES = "${PN}"
USERADD_PARAM:${PN} = "--system --home-dir ${localstatedir}/lib/rotunda --no-create-home --shell /bin/false --user-group rotunda"

PACKAGES =+ "rotunda-command"
SUMMARY:rotunda-command = "The jailhouse command"
FILES:rotunda-command = "${sbindir}/jailhouse ${libexecdir}/jailhouse ${datadir}/rotunda ${datadir}/bash-completion ${nonarch_libdir}/modules-load.d"
FILES:${PN} += "${systemd_system_unitdir} ${nonarch_base_libdir}/udev ${sysconfdir}/rotunda"
RDEPENDS:${PN} = "rotunda-command"
RRECOMMENDS:rotunda-command = "jailhouse-module rotunda-firmware"
