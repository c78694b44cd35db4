# SPDX-License-Identifier: MIT
"""Bare-metal programs for cells, from tests/board/cells."""
import pathlib
import subprocess

SOURCES = pathlib.Path(__file__).resolve().parents[1] / "cells"
CROSS = "aarch64-linux-gnu-"


def assemble(source, work, define=None):
    """The image of cells/SOURCE.S, linked at address 0."""
    elf = work / f"{define or source}.elf".lower()
    binary = elf.with_suffix(".bin")
    options = [f"-D{define}"] if define else []
    subprocess.run([f"{CROSS}gcc", "-nostdlib", "-static", "-Wl,--build-id=none", "-Wl,-Ttext=0", *options,
                    "-o", elf, SOURCES / f"{source}.S"], check=True)
    subprocess.run([f"{CROSS}objcopy", "-O", "binary", elf, binary], check=True)
    return binary.read_bytes()
