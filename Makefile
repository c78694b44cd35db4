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

.PHONY: test test-unit test-asan
test-unit: host	## unit tests on this machine
	$(Q)tests/run-suite $(RESULTS) unit ctest --test-dir $(BUILD)/host --output-on-failure -j $(JOBS)
test-asan: asan	## the same under address and undefined-behaviour sanitizers
	$(Q)tests/run-suite $(RESULTS) unit-asan ctest --test-dir $(BUILD)/asan --output-on-failure -j $(JOBS)
test:	## every test, with a total at the end
	$(Q)rm -rf $(RESULTS)
	$(Q)$(MAKE) --no-print-directory test-unit
	$(Q)$(MAKE) --no-print-directory test-asan
	$(Q)tests/sum-suites $(RESULTS)

.PHONY: clean
clean:	## removes what was built, keeps what was downloaded
	$(Q)rm -rf $(BUILD)/host $(BUILD)/asan $(BUILD)/board $(BUILD)/driver $(BUILD)/appliance $(RESULTS)
