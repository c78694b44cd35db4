# SPDX-License-Identifier: MIT
"""What all the resets, power cuts and kills of the chapters before did to the data disk: nothing."""
import sqlite3
import subprocess

import pytest


@pytest.fixture(scope="module")
def disk(board, admin, work):
    assert board.power_off() == 0
    return work / "data.img"


def test_the_file_system_is_clean(disk):
    result = subprocess.run(["/sbin/e2fsck", "-fn", disk], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    assert result.returncode == 0, result.stdout


def test_the_database_is_whole(disk, work):
    copy = work / "rotunda.db"
    copy.unlink(missing_ok=True)
    subprocess.run(["/sbin/debugfs", "-R", f"dump /rotunda.db {copy}", disk], check=True, stderr=subprocess.DEVNULL)
    database = sqlite3.connect(copy)
    assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert database.execute("PRAGMA foreign_key_check").fetchall() == []
    database.close()
    copy.unlink()


def test_no_half_image_is_left(disk):
    result = subprocess.run(["/sbin/debugfs", "-R", "ls -p /images", disk], capture_output=True, text=True, check=True)
    names = [line.split("/")[5] for line in result.stdout.splitlines() if line]
    assert len(names) == 4, f"two directories and the images of the two demo cells: {names}"
