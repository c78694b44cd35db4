# SPDX-License-Identifier: MIT
"""Options and fixtures of every suite, and what a person sees while it runs."""
import pathlib

import pytest

from lib.board import TOP
from lib.progress import Progress


def pytest_addoption(parser):
    parser.addoption("--build", default=TOP / "build", type=pathlib.Path, help="the folder with appliance/ in it")


def pytest_configure(config):
    config.pluginmanager.register(Progress(config), "rotunda-progress")


@pytest.fixture(scope="session")
def build(request):
    folder = request.config.getoption("--build").resolve()
    assert (folder / "appliance/initramfs.cpio").exists(), f"{folder}/appliance is not built; run 'make appliance'"
    return folder


@pytest.fixture(scope="session")
def work(request, build):
    """What a run leaves behind: serial logs, disks. Named after the suite's folder."""
    suite = pathlib.Path(request.config.args[0]).name
    folder = build / "board-tests" / suite
    folder.mkdir(parents=True, exist_ok=True)
    return folder
