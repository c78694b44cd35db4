# SPDX-License-Identifier: MIT
"""What the board's test suites share: the emulated board and the ways to talk to it."""
