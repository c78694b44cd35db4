# SPDX-License-Identifier: MIT
# From source to a real board, with the board's compiler and kernel:
#   make ARCH=arm64 CROSS_COMPILE=aarch64-linux-gnu- KDIR=KERNEL-TREE CC="aarch64-linux-gnu-gcc --sysroot=DIR"
#   make ... DESTDIR=MOUNTED-ROOT install
# Nothing is downloaded and nothing is installed on this machine. Read by the Makefile when ARCH, CROSS_COMPILE or KDIR is given.
ARCH ?= arm64
ifeq ($(origin CC),default)
CC := $(CROSS_COMPILE)gcc
endif
TARGET := $(BUILD)/target
CIVETWEB ?= $(DEBIAN)/src/civetweb
BOARD ?=
DESTDIR ?=
INSTALL_PREFIX := $(or $(DESTDIR),/)
KERNEL_VARIABLES := ARCH=$(ARCH) CROSS_COMPILE=$(CROSS_COMPILE) CC="$(CC)"
CHECK_TARGET := ARCH="$(ARCH)" CC="$(CC)" KDIR="$(KDIR)" CIVETWEB="$(CIVETWEB)" WEBUI_ASSETS="$(WEBUI_ASSETS)" configs/host/check-target
# CC and CROSS_COMPILE reach CMake by names of its own toolchain file; make would pass them on to everything else.
TARGET_ENVIRONMENT := env -u CC -u MAKEFLAGS ROTUNDA_TARGET_CC="$(CC)" ROTUNDA_TARGET_PREFIX="$(CROSS_COMPILE)"
COMPILER := $(BUILD)/compiler
TARGET_INSTALL := cmake --install $(TARGET) --prefix /usr --strip --component
.DEFAULT_GOAL := all

.PHONY: compiler all modules firmware tools modules_install firmware_install tools_install board_install install check-kernel check-programs

all: check-kernel modules firmware tools $(if $(BOARD),compiler)

check-kernel:
	$(Q)$(CHECK_TARGET) kernel
check-programs:
	$(Q)$(CHECK_TARGET) programs

$(TARGET)/CMakeCache.txt: | check-programs
	$(Q)$(PROGRESS) "configuring $(@D)" $(LOG)/configure-target.log $(TARGET_ENVIRONMENT) cmake -S . -B $(@D) \
		-DCMAKE_TOOLCHAIN_FILE=$(CURDIR)/configs/toolchains/target.cmake -DCMAKE_BUILD_TYPE=MinSizeRel \
		-DROTUNDA_CIVETWEB_DIR=$(CIVETWEB) -DROTUNDA_WEBUI_ASSETS=$(WEBUI_ASSETS)
# Another compiler or another source: configured afresh.
$(TARGET)/settings: FORCE | check-programs
	$(Q)mkdir -p $(@D); echo '$(CC) $(CIVETWEB) $(WEBUI_ASSETS)' | cmp -s - $@ || { rm -f $(@D)/CMakeCache.txt; echo '$(CC) $(CIVETWEB) $(WEBUI_ASSETS)' >$@; }
$(TARGET)/CMakeCache.txt: $(TARGET)/settings
.PHONY: FORCE
FORCE:

modules: check-kernel
	$(Q)$(PROGRESS) "building the kernel module" $(LOG)/target-driver.log driver/build $(TARGET)/driver $(KDIR) $(KERNEL_VARIABLES)
firmware: $(TARGET)/CMakeCache.txt
	$(Q)$(PROGRESS) "building firmware and cells" $(LOG)/target-firmware.log \
		$(TARGET_ENVIRONMENT) cmake --build $(TARGET) -j $(JOBS) --target firmware cells
tools: firmware
	$(Q)$(PROGRESS) "building the agent and the command" $(LOG)/target-tools.log $(TARGET_ENVIRONMENT) cmake --build $(TARGET) -j $(JOBS)

# lib/modules, lib/firmware: a root with merged /usr has lib -> usr/lib; install follows it.
modules_install: modules
	$(Q)configs/install/modules $(TARGET)/driver $(KDIR) $(INSTALL_PREFIX) $(KERNEL_VARIABLES)
firmware_install: firmware
	$(Q)DESTDIR=$(DESTDIR) $(TARGET_INSTALL) firmware >/dev/null
tools_install: tools
	$(Q)DESTDIR=$(DESTDIR) $(TARGET_INSTALL) tools >/dev/null
# The system definition becomes a binary; what makes it runs here, built with this machine's compiler.
compiler:
	$(Q)[ -f configs/boards/$(BOARD)/system.json ] || { echo "board-unknown: there is no configs/boards/$(BOARD)/system.json; BOARD is one of: \
		$(notdir $(patsubst %/,%,$(dir $(wildcard configs/boards/*/system.json))))" >&2; exit 1; }
	$(Q)$(PROGRESS) "building the definition compiler for this machine" $(LOG)/compiler.log env -u CC -u MAKEFLAGS sh -c \
		'cmake -S configs/install/compiler -B $(COMPILER) -DCMAKE_BUILD_TYPE=Release && cmake --build $(COMPILER)'
board_install: compiler
	$(Q)configs/install/board $(BOARD) $(COMPILER)/bin/jailhouse-config $(INSTALL_PREFIX)
install: modules_install firmware_install tools_install $(if $(BOARD),board_install)
	@echo "installed below $(INSTALL_PREFIX)"
