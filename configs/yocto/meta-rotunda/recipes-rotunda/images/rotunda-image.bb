# SPDX-License-Identifier: MIT
SUMMARY = "A small image whose board is managed from a browser"
LICENSE = "MIT"

inherit core-image

IMAGE_FEATURES += "rotunda"
