# SPDX-License-Identifier: MIT
"""The recipes carried out, task by task, from the archive alone and without network: what they install, and that every file of it
is in a package."""
import fnmatch
import os
import pathlib
import shutil
import subprocess

import pytest

import oe
from values import recipe_values

TREE = pathlib.Path(__file__).resolve().parents[2]
LAYER = TREE / "configs/yocto/meta-rotunda"
RECIPES = {path.stem.split("_")[0]: path for path in LAYER.glob("recipes-rotunda/*/*.bb")}
BOARDS = {"qemuarm64": "qemu-virt", "imx8qmmek": "imx8qm-mek", "imx8mpevk": "imx8mp-evk"}


@pytest.fixture(scope="session")
def archive(build):
    made = subprocess.run([TREE / "configs/yocto/pack-sources", build], text=True, capture_output=True)
    assert made.returncode == 0, made.stderr
    return pathlib.Path(made.stdout.strip())


@pytest.fixture(scope="session")
def work(build):
    shutil.rmtree(build / "yocto-test", ignore_errors=True)
    return build / "yocto-test"


@pytest.fixture(scope="session")
def prepare(build, archive, work):
    """prepare(RECIPE, MACHINE, DIRECTORIES, UNPACKDIR): a recipe's variables with its sources unpacked."""
    def made(name, machine="qemuarm64", directories=oe.SPLIT, unpackdir=False):
        folder = work / f"{name}-{machine}-{'merged' if directories is oe.MERGED else 'split'}"
        sources = folder / "sources" if unpackdir else folder
        kernel = build / "debian/kernel"
        values = recipe_values(LAYER, RECIPES[name], machine, (machine,), **oe.DIRECTORIES, **directories, WORKDIR=str(folder), D=str(folder / "image"),
                               SYSROOT=str(build / "debian/sysroot"), OBJCOPY="aarch64-linux-gnu-objcopy", OBJDUMP="aarch64-linux-gnu-objdump",
                               STAGING_KERNEL_DIR=str(kernel / "headers"), STAGING_KERNEL_BUILDDIR=str(kernel / "headers"),
                               KERNEL_VERSION=(kernel / "version").read_text().strip(), MACHINE_ARCH=machine,
                               **({"UNPACKDIR": str(sources)} if unpackdir else {}))
        values.raw.setdefault("B", values.getVar("S") if "module" in values.inherited else str(folder / "build"))
        for directory in (sources, folder / "build", folder / "image"):
            directory.mkdir(parents=True, exist_ok=True)
        subprocess.run(["tar", "-xf", archive, "-C", sources], check=True)
        (folder / "toolchain.cmake").write_text(oe.TOOLCHAIN.format(flags=oe.FLAGS, link=oe.LINK, sysroot=build / "debian/sysroot"))
        return values
    return made


def carried_out(values):
    for name in ("do_configure", "do_compile", "do_install"):
        done = oe.carry_out(values, name)
        assert done.returncode == 0, f"{name}:\n" + "\n".join(done.stdout.splitlines()[-30:])
    image = pathlib.Path(values.getVar("D"))
    return {"/" + str(path.relative_to(image)): path for path in image.rglob("*") if path.is_file() or path.is_symlink()}


def packaged(values, files):
    """File to package, in the order in which packages take them."""
    name, taken = values.getVar("PN"), {}
    packages = (values.getVar("PACKAGES") or "").split() + [f"{name}-doc", name]
    for package in packages:
        default = {name: oe.FILES, f"{name}-doc": oe.FILES_DOC}.get(package, "")
        own = values.getVar(f"FILES:{package}") or ""
        for pattern in values.expand(f"{default} {own}").split():
            for file in files:
                if fnmatch.fnmatch(file, pattern) or file.startswith(pattern.rstrip("/") + "/"):
                    taken.setdefault(file, package)
    return taken


def is_arm64(path):
    header = path.read_bytes()[:20]
    return header[:4] == b"\x7fELF" and header[18] == 183


def test_archive_is_the_same_when_the_sources_are(build, archive):
    before = archive.stat().st_mtime_ns, archive.read_bytes()
    subprocess.run([TREE / "configs/yocto/pack-sources", build], check=True, capture_output=True)
    assert (archive.stat().st_mtime_ns, archive.read_bytes()) == before


def test_archive_has_nothing_of_git_and_of_this_machine(archive):
    listed = subprocess.run(["tar", "-tvf", archive], check=True, text=True, capture_output=True).stdout
    assert ".git" not in listed and "node_modules" not in listed and " 0/0 " in listed


@pytest.mark.parametrize("directories,unpackdir", [(oe.SPLIT, False), (oe.MERGED, True)], ids=["scarthgap", "usrmerge-and-unpackdir"])
def test_firmware_and_cells(prepare, directories, unpackdir):
    values = prepare("rotunda-firmware", directories=directories, unpackdir=unpackdir)
    files = carried_out(values)
    taken = packaged(values, files)
    firmware = directories["nonarch_base_libdir"] + "/firmware/jailhouse.bin"
    assert taken[firmware] == "rotunda-firmware"
    assert {"/usr/lib/rotunda/cells/heartbeat.bin", "/usr/lib/rotunda/cells/linux-loader.bin"} <= {f for f in taken if taken[f] == "rotunda-cells"}
    assert set(files) == set(taken)
    assert files[firmware].stat().st_size < 80000


def test_agent_and_command(prepare):
    values = prepare("rotunda-agent")
    files = carried_out(values)
    taken = packaged(values, files)
    assert set(files) == set(taken)
    assert taken["/usr/sbin/rotundad"] == taken["/lib/systemd/system/rotundad.service"] == "rotunda-agent"
    assert taken["/usr/sbin/jailhouse"] == taken["/usr/libexec/jailhouse/jailhouse-config"] == "rotunda-command"
    for name in ("/usr/sbin/rotundad", "/usr/sbin/jailhouse", "/usr/libexec/jailhouse/jailhouse-config", "/usr/libexec/jailhouse/jailhouse-cell-linux"):
        assert is_arm64(files[name]) and os.access(files[name], os.X_OK)


@pytest.mark.parametrize("machine,board", BOARDS.items())
def test_board(prepare, machine, board):
    values = prepare("rotunda-board", machine)
    files = carried_out(values)
    assert set(files) == set(packaged(values, files))
    assert files["/etc/rotunda/system.cell"].read_bytes()[:5] == b"JHSYS"
    assert files["/etc/rotunda/system.json"].read_text() == (TREE / "configs/boards" / board / "system.json").read_text()
    overlays = [path for name, path in files.items() if name.startswith("/boot/rotunda/")]
    assert overlays and all(path.read_bytes()[:4] == b"\xd0\x0d\xfe\xed" for path in overlays)


def test_module(prepare):
    values = prepare("jailhouse-module", directories=oe.MERGED, unpackdir=True)
    files = carried_out(values)
    modules = [path for name, path in files.items() if "/jailhouse.ko" in name]
    assert len(modules) == 1 and str(modules[0]).startswith(values.expand("${D}/usr/lib/modules/${KERNEL_VERSION}/"))
    assert modules[0].suffix != ".ko" or is_arm64(modules[0])


@pytest.mark.parametrize("release,config,code", [("5.15.0", "", "kernel-too-old"), ("6.6.0", "CONFIG_MODULES=y\n", "kernel-lacks")])
def test_module_refuses_a_kernel(prepare, work, release, config, code):
    values = prepare("jailhouse-module")
    kernel = work / release
    (kernel / "include/config").mkdir(parents=True)
    (kernel / "include/config/kernel.release").write_text(release + "\n")
    (kernel / ".config").write_text(config)
    values.raw["STAGING_KERNEL_BUILDDIR"] = str(kernel)
    done = oe.carry_out(values, "do_configure")
    assert done.returncode == 1 and f"ERROR: {code}: " in done.stdout


def test_kernel_fragment_has_what_the_recipe_asks_for():
    fragment = (LAYER / "recipes-kernel/linux/files/rotunda.cfg").read_text()
    for option in RECIPES["jailhouse-module"].read_text().split("for option in ")[1].split(";")[0].split():
        assert f"CONFIG_{option}=y\n" in fragment


def test_image_feature_brings_everything():
    group = recipe_values(LAYER, RECIPES["packagegroup-rotunda"], MACHINE_ARCH="x")
    assert group.getVar("FEATURE_PACKAGES_rotunda") == "packagegroup-rotunda"
    assert set(group.getVar("RDEPENDS:packagegroup-rotunda").split()) == {
        "jailhouse-module", "rotunda-firmware", "rotunda-cells", "rotunda-agent", "rotunda-command", "rotunda-board"}
