# SPDX-License-Identifier: MIT
"""What OpenEmbedded gives a recipe, as far as ours use it: directories, toolchain, the tasks of the classes cmake and module.
Written from their documentation; the flags are those that its SDK puts into CC, hardening included."""
import os
import shlex
import subprocess

FLAGS = ("-mcpu=cortex-a53 -mbranch-protection=standard -fstack-protector-strong -O2 -D_FORTIFY_SOURCE=2 -Wformat -Wformat-security "
         "-Werror=format-security")
LINK = "-Wl,-O1 -Wl,--hash-style=gnu -Wl,--as-needed -Wl,-z,relro,-z,now"

DIRECTORIES = {
    "prefix": "/usr", "bindir": "/usr/bin", "sbindir": "/usr/sbin", "libexecdir": "/usr/libexec", "libdir": "/usr/lib", "datadir": "/usr/share",
    "mandir": "/usr/share/man", "sysconfdir": "/etc", "localstatedir": "/var", "nonarch_libdir": "/usr/lib",
}
# With and without the distribution feature usrmerge.
SPLIT = {"nonarch_base_libdir": "/lib", "systemd_system_unitdir": "/lib/systemd/system"}
MERGED = {"nonarch_base_libdir": "/usr/lib", "systemd_system_unitdir": "/usr/lib/systemd/system"}

FILES = "${bindir}/* ${sbindir}/* ${libexecdir}/* ${sysconfdir} ${localstatedir} ${datadir}/${BPN} ${libdir}/${BPN}/* ${nonarch_base_libdir}/udev"
FILES_DOC = "${mandir} ${datadir}/doc"

TOOLCHAIN = """
set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR aarch64)
set(CMAKE_C_COMPILER aarch64-linux-gnu-gcc)
set(CMAKE_ASM_COMPILER aarch64-linux-gnu-gcc)
set(CMAKE_C_FLAGS "{flags} --sysroot={sysroot}" CACHE STRING "")
set(CMAKE_ASM_FLAGS "{flags} --sysroot={sysroot}" CACHE STRING "")
set(CMAKE_EXE_LINKER_FLAGS "{link}" CACHE STRING "")
set(CMAKE_SYSROOT {sysroot})
set(CMAKE_LIBRARY_ARCHITECTURE aarch64-linux-gnu)
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
"""

CLASSES = """
bbfatal() {{ echo "ERROR: $*" >&2; exit 1; }}
oe_runmake() {{ make ARCH=arm64 CROSS_COMPILE=aarch64-linux-gnu- "$@"; }}
"""
TASKS = {
    "cmake": {
        "do_configure": "cmake -S ${S} -B ${B} -DCMAKE_TOOLCHAIN_FILE=${WORKDIR}/toolchain.cmake -DCMAKE_BUILD_TYPE=Release ${EXTRA_OECMAKE}\n",
        "do_compile": "cmake --build ${B} -j 2 --target ${OECMAKE_TARGET_COMPILE}\n",
    },
    "module": {
        "do_compile": "cd ${B}\noe_runmake KERNEL_SRC=${STAGING_KERNEL_DIR} modules\n",
        "do_install": 'cd ${B}\noe_runmake KERNEL_SRC=${STAGING_KERNEL_DIR} DEPMOD=echo CONFIG_MODULE_SIG_ALL= '
                      'MODLIB="${D}${nonarch_base_libdir}/modules/${KERNEL_VERSION}" modules_install\n',
    },
}


def without_network():
    """A prefix for commands: no network, not even loopback, where this machine lets us."""
    for prefix in (["unshare", "--net"], ["unshare", "--map-current-user", "--net"]):
        if subprocess.run([*prefix, "true"], capture_output=True).returncode == 0:
            return prefix
    return []


def task(values, name):
    """The shell text of a task: the recipe's own or its class's, then what is appended."""
    inherited = [TASKS[c][name] for c in values.inherited if name in TASKS.get(c, {})]
    body = values.functions.get(name, inherited[0] if inherited else "")
    return values.expand(body + values.functions.get(name + ":append", ""))


def carry_out(values, name):
    environment = {"PATH": os.environ["PATH"], "HOME": "/nonexistent", "LC_ALL": "C", "PKG_CONFIG_SYSROOT_DIR": values.getVar("SYSROOT"),
                   "PKG_CONFIG_LIBDIR": "{0}/usr/lib/aarch64-linux-gnu/pkgconfig:{0}/usr/share/pkgconfig".format(values.getVar("SYSROOT"))}
    text = CLASSES.format() + "set -e\ncd " + shlex.quote(values.getVar("B")) + "\n" + task(values, name)
    return subprocess.run([*without_network(), "sh", "-c", text], env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
