# SPDX-License-Identifier: MIT
import pathlib

import pytest

from lib.progress import Progress


def pytest_addoption(parser):
    parser.addoption("--build", required=True, type=pathlib.Path, help="the build folder, with debian/ and host/ in it")


def pytest_configure(config):
    config.pluginmanager.register(Progress(config), "rotunda-progress")


@pytest.fixture(scope="session")
def build(request):
    return request.config.getoption("--build").resolve()
