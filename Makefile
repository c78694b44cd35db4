# SPDX-License-Identifier: MIT
# The verbs that people type. It only calls CMake, kbuild and the scripts beside what they belong to.
.DEFAULT_GOAL := help
BUILD ?= build
JOBS ?= $(shell nproc)
Q := $(if $(V),,@)
QUIET := $(if $(V),,>/dev/null)
RESULTS := $(BUILD)/results

.PHONY: help
help:	## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: packages-host packages-cross
packages-host:
	$(Q)configs/host/install-packages host
packages-cross:
	$(Q)configs/host/install-packages host cross

$(BUILD)/host/CMakeCache.txt $(BUILD)/asan/CMakeCache.txt: | packages-host
$(BUILD)/host/CMakeCache.txt:
	@echo "==> configuring $(@D)"
	$(Q)cmake --preset host-debug -B $(@D) $(QUIET)
$(BUILD)/asan/CMakeCache.txt:
	@echo "==> configuring $(@D)"
	$(Q)cmake --preset host-asan -B $(@D) $(QUIET)

.PHONY: host asan
host: packages-host $(BUILD)/host/CMakeCache.txt
	@echo "==> building for this machine"
	$(Q)cmake --build $(BUILD)/host -j $(JOBS) $(QUIET)
asan: packages-host $(BUILD)/asan/CMakeCache.txt
	@echo "==> building for this machine, with sanitizers"
	$(Q)cmake --build $(BUILD)/asan -j $(JOBS) $(QUIET)

.PHONY: debian
debian:
	$(Q)configs/host/install-packages host cross board
	$(Q)configs/host/fetch-debian

.PHONY: test test-unit test-asan test-board test-isolation
test-unit: host	## unit tests on this machine
	$(Q)tests/run-suite $(RESULTS) unit ctest --test-dir $(BUILD)/host --output-on-failure -j $(JOBS)
test-asan: asan	## the same under address and undefined-behaviour sanitizers
	$(Q)tests/run-suite $(RESULTS) unit-asan ctest --test-dir $(BUILD)/asan --output-on-failure -j $(JOBS)
test-board: debian	## module, firmware and command on the emulated board, under Debian's stock kernel
	$(Q)tests/run-suite $(RESULTS) board tests/board/smoke/run $(BUILD)
test-isolation: debian	## what EL2 promises about isolation, on the emulated board: audit, refusals, scrubbing, force
	$(Q)tests/run-suite $(RESULTS) isolation tests/board/isolation/run $(BUILD)
test:	## every test, with a total at the end
	$(Q)rm -rf $(RESULTS)
	$(Q)$(MAKE) --no-print-directory test-unit
	$(Q)$(MAKE) --no-print-directory test-asan
	$(Q)$(MAKE) --no-print-directory test-board
	$(Q)$(MAKE) --no-print-directory test-isolation
	$(Q)tests/sum-suites $(RESULTS)

.PHONY: board driver appliance demo lint
$(BUILD)/board/CMakeCache.txt: | debian
	@echo "==> configuring $(@D)"
	$(Q)cmake --preset board -B $(@D) $(QUIET)
board: debian $(BUILD)/board/CMakeCache.txt
	@echo "==> building firmware, cells and programs of the board"
	$(Q)cmake --build $(BUILD)/board -j $(JOBS) $(QUIET)

# Kbuild writes beside the sources: it gets a copy, which rsync brings up to date without touching what is the same.
driver: debian
	@echo "==> building the kernel module for $$(cat $(BUILD)/debian/kernel/version)"
	$(Q)mkdir -p $(BUILD)/driver-src $(BUILD)/driver
	$(Q)rsync -a driver hypervisor --include='*/' --include='*.[ch]' --include=Kbuild --exclude='*' $(BUILD)/driver-src/
	$(Q)$(MAKE) --no-print-directory -C $(BUILD)/debian/kernel/headers M=$(abspath $(BUILD))/driver-src/driver ARCH=arm64 \
		CROSS_COMPILE=aarch64-linux-gnu- modules $(QUIET)
	$(Q)cp -u $(BUILD)/driver-src/driver/jailhouse.ko $(BUILD)/driver/

appliance: board driver	## builds what the emulated board boots
	@echo "==> packing the appliance"
	$(Q)configs/boards/qemu-virt/build-image $(BUILD)
demo:	## installs what is missing, builds, boots the emulated board (Ctrl-A x ends it)
	$(Q)configs/host/install-packages host cross board
	$(Q)$(MAKE) --no-print-directory appliance
	@echo "==> booting; the serial console follows"
	$(Q)configs/boards/qemu-virt/start

SHELL_SCRIPTS := .ci/run $(wildcard configs/host/install-packages configs/host/fetch-debian configs/host/*.sh \
	configs/boards/*/start configs/boards/*/build-image configs/boards/*/rootfs/usr/lib/rotunda/board/* tests/run-suite tests/sum-suites)
lint:	## shellcheck, and an SPDX line in every source
	$(Q)configs/host/install-packages lint
	$(Q)shellcheck -x -S warning $(SHELL_SCRIPTS)
	$(Q)configs/host/check-spdx
	@echo "lint: clean"

.PHONY: bench
bench: board driver	## counts what the hypervisor costs, beside the published figures of the original
	$(Q)tests/bench/run $(BUILD)

.PHONY: clean
clean:	## removes what was built, keeps what was downloaded and the data disk
	$(Q)rm -rf $(BUILD)/host $(BUILD)/asan $(BUILD)/board $(BUILD)/driver $(BUILD)/driver-src $(RESULTS) \
		$(BUILD)/appliance/initramfs.cpio $(BUILD)/appliance/vmlinuz $(BUILD)/appliance/memory.dtbo
