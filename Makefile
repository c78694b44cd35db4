# SPDX-License-Identifier: MIT
# The verbs that people type. It only calls CMake, kbuild and the scripts beside what they belong to.
# V=1 shows every command, BUILD=DIR builds somewhere else, JOBS=N limits the compilers that run at once.
BUILD ?= build
# -jN is understood as JOBS=N. What is here is done one after the other whatever it says: suites boot boards of many CPUs, and builds
# of two folders fetch the same sources.
.NOTPARALLEL:
JOBS ?= $(or $(patsubst -j%,%,$(filter -j%,$(MAKEFLAGS))),$(shell nproc))
Q := $(if $(V),,@)
RESULTS := $(BUILD)/results
LOG := $(BUILD)/log
DEBIAN := $(abspath $(BUILD))/debian
PROGRESS := configs/host/progress
INSTALL_PACKAGES := BUILD=$(BUILD) configs/host/install-packages
SUITE := tests/run-suite $(RESULTS)

ifneq ($(words x$(CURDIR)x $(BUILD)),2)
$(error path-with-spaces: kbuild cannot work below "$(CURDIR)" into "$(BUILD)"; use paths without spaces)
endif

.DEFAULT_GOAL := help
.PHONY: help
help:	## this list
	@echo "Rotunda. On a Debian 12 or 13 machine:"
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
	@echo "For a board of your own (nothing is downloaded or installed here; docs/porting.md):"
	@echo '  make ARCH=arm64 CROSS_COMPILE=aarch64-linux-gnu- KDIR=KERNEL-TREE CC="COMPILER --sysroot=DIR" [BOARD=NAME]'
	@echo "  and then modules_install, firmware_install, tools_install or install, with DESTDIR=ROOT"
	@echo "Variables: V=1 shows every command, BUILD=DIR builds elsewhere, JOBS=N runs N compilers at once."

# This machine: libraries, tools, unit tests.

.PHONY: packages-host
packages-host:
	$(Q)$(INSTALL_PACKAGES) host

OWN_SOURCES := -DROTUNDA_CIVETWEB_DIR=$(DEBIAN)/src/civetweb
$(BUILD)/host/CMakeCache.txt $(BUILD)/asan/CMakeCache.txt: | packages-host
$(BUILD)/host/CMakeCache.txt:
	$(Q)$(PROGRESS) "configuring $(@D)" $(LOG)/configure-host.log cmake --preset host-debug -B $(@D) $(OWN_SOURCES)
$(BUILD)/asan/CMakeCache.txt:
	$(Q)$(PROGRESS) "configuring $(@D)" $(LOG)/configure-asan.log cmake --preset host-asan -B $(@D) $(OWN_SOURCES)

.PHONY: host asan host-tools
host: packages-host $(BUILD)/host/CMakeCache.txt
	$(Q)$(PROGRESS) "building for this machine" $(LOG)/host.log cmake --build $(BUILD)/host -j $(JOBS)
asan: packages-host $(BUILD)/asan/CMakeCache.txt
	$(Q)$(PROGRESS) "building for this machine, with sanitizers" $(LOG)/asan.log cmake --build $(BUILD)/asan -j $(JOBS)
host-tools: packages-host $(BUILD)/host/CMakeCache.txt
	$(Q)$(PROGRESS) "building the command" $(LOG)/tools.log cmake --build $(BUILD)/host -j $(JOBS) --target tools

# With a kernel, a compiler prefix or an architecture on the command line: a board of one's own.
ifneq ($(or $(KDIR),$(CROSS_COMPILE),$(ARCH)),)
include configs/toolchains/target.mk
else
.PHONY: tools
tools: host-tools	## the jailhouse command for this machine: compiles configurations, no board needed
	@echo "$(BUILD)/host/bin/jailhouse is there; try: config compile"
endif

.PHONY: yocto-sources
yocto-sources: host-tools	## rotunda-VERSION.tar.gz in build/yocto: all that the recipes of configs/yocto/meta-rotunda build from
	$(Q)$(PROGRESS) "building the dashboard" $(LOG)/yocto-dashboard.log cmake --build $(BUILD)/host -j $(JOBS) --target webui_assets
	$(Q)configs/yocto/pack-sources $(BUILD)

.PHONY: reference
reference:	## docs/definition-reference.md, made of the schema of definitions
	$(Q)agent/definition/reference agent/definition/definition.schema.json >docs/definition-reference.md.new
	$(Q)mv docs/definition-reference.md.new docs/definition-reference.md

# The emulated board.

.PHONY: debian board driver appliance demo
debian:
	$(Q)$(INSTALL_PACKAGES) host cross board
	$(Q)$(PROGRESS) "Debian's arm64 kernel and libraries" $(LOG)/debian.log configs/host/fetch-debian --out $(DEBIAN)

$(BUILD)/board/CMakeCache.txt: | debian
	$(Q)$(PROGRESS) "configuring $(@D)" $(LOG)/configure-board.log cmake --preset board -B $(@D) $(OWN_SOURCES) \
		-DROTUNDA_SYSROOT=$(DEBIAN)/sysroot
board: debian $(BUILD)/board/CMakeCache.txt
	$(Q)$(PROGRESS) "building firmware, cells and programs of the board" $(LOG)/board.log \
		cmake --build $(BUILD)/board -j $(JOBS)

driver: debian
	$(Q)$(PROGRESS) "building the kernel module" $(LOG)/driver.log \
		driver/build $(BUILD)/driver $(DEBIAN)/kernel/headers ARCH=arm64 CROSS_COMPILE=aarch64-linux-gnu-

appliance: board driver host-tools	## builds what the emulated board boots
	$(Q)$(PROGRESS) "packing the appliance" $(LOG)/appliance.log configs/boards/qemu-virt/build-image $(BUILD)
demo:	## installs what is missing, builds, boots the emulated board (Ctrl-A x ends it); START="--https-port N"
	$(Q)$(INSTALL_PACKAGES) host cross board
	$(Q)configs/host/check-qemu
	$(Q)$(MAKE) --no-print-directory appliance
	@echo "==> booting; the serial console follows"
	$(Q)ROTUNDA_APPLIANCE=$(BUILD)/appliance configs/boards/qemu-virt/start $(START)

# Tests. Each suite is a target test-NAME; `make test` runs those in SUITES and adds them up.

# A folder of tests/board with a `run` is a suite of its own: add its name here.
BOARD_SUITES := smoke isolation exceptions fatal recorder power hostile cpus gic consoles original definitions errnos supervision story refusals linux-cell
SUITES := lint unit asan api webui $(BOARD_SUITES) browser target yocto unchanged
.PHONY: test $(SUITES:%=test-%) test-board test-kernels test-boards test-fresh readme-picture
test:	## every test, with a total at the end
	$(Q)rm -rf $(RESULTS)
	$(Q)for suite in $(SUITES); do $(MAKE) --no-print-directory test-$$suite || exit; done
	$(Q)tests/sum-suites $(RESULTS)
test-lint: packages-lint $(BUILD)/host/CMakeCache.txt	## formatting, licence lines, shell scripts, what may include what
	$(Q)BUILD=$(BUILD) $(SUITE) lint tests/lint/run --fast
test-unit: host	## unit tests on this machine
	$(Q)$(SUITE) unit ctest --test-dir $(BUILD)/host --output-on-failure -j $(JOBS)
test-asan: asan	## the same under address and undefined-behaviour sanitizers
	$(Q)$(SUITE) unit-asan ctest --test-dir $(BUILD)/asan --output-on-failure -j $(JOBS)
test-board: $(BOARD_SUITES:%=test-%)	## what runs on the emulated board under Debian's stock kernel: tests/board/*, each also as test-NAME
$(BOARD_SUITES:%=test-%): test-%: debian
	$(Q)configs/host/check-qemu
	$(Q)$(SUITE) $* tests/board/$*/run $(BUILD)
test-original test-exceptions: host-tools
test-definitions test-supervision test-story test-refusals test-linux-cell: appliance
test-story: promtool
.PHONY: promtool
promtool:
	$(Q)$(PROGRESS) "Prometheus' checker" $(LOG)/promtool.log configs/host/fetch-promtool $(BUILD)/promtool
test-api: host	## the API against its own OpenAPI document: redocly, spectral, prism in front of a walk over every route
	$(Q)$(INSTALL_PACKAGES) api
	$(Q)$(SUITE) api tests/api/run $(BUILD)
test-webui: packages-host	## type check, lint and unit tests of the dashboard
	$(Q)$(SUITE) webui webui/check
test-browser: appliance	## a person's story in Chromium, on the emulated board; pictures in build/browser
	$(Q)$(INSTALL_PACKAGES) board browser
	$(Q)configs/host/check-qemu
	$(Q)$(SUITE) browser tests/browser/run $(BUILD)
readme-picture: appliance	## the same story, whose picture of the dashboard becomes docs/dashboard.png
	$(Q)$(INSTALL_PACKAGES) board browser
	$(Q)configs/host/check-qemu
	$(Q)tests/browser/run $(BUILD) docs/dashboard.png
test-target: host debian	## source to a board's root file system with a compiler and kernel from the command line
	$(Q)$(SUITE) target tests/target/run $(BUILD)
test-yocto: host debian	## the Yocto layer: a linter, which is tested itself, and its recipes carried out without network
	$(Q)$(INSTALL_PACKAGES) board
	$(Q)$(SUITE) yocto tests/yocto/run $(BUILD)
test-unchanged: appliance	## a build after which nothing changed does nothing
	$(Q)$(SUITE) unchanged tests/incremental/unchanged $(BUILD)
test-kernels: debian	## the module on every kernel of this Debian release, backports too; long, not part of `make test`
	$(Q)configs/host/check-qemu
	$(Q)$(SUITE) kernels tests/kernels/run $(BUILD)
test-boards: host debian	## other boards that QEMU can be (i.MX8MP EVK), with a QEMU of their own in build/qemu; not part of `make test`
	$(Q)$(PROGRESS) "QEMU 10 for the i.MX8MP EVK" $(LOG)/qemu.log configs/host/fetch-qemu $(BUILD)/qemu
	$(Q)$(SUITE) boards tests/boards/imx8mp-evk/run $(BUILD)
test-fresh:	## `make demo` and `make test` in fresh Debian 12 and 13 machines; long, not part of `make test`
	$(Q)$(INSTALL_PACKAGES) fresh
	$(Q)for suite in bookworm trixie; do for user in root user; do \
		$(SUITE) fresh-$$suite-$$user tests/fresh/run $$suite $(BUILD) $$user; done; done
	$(Q)tests/sum-suites $(RESULTS)

.PHONY: bench
bench: board driver	## counts what the hypervisor costs, beside the published figures of the original
	$(Q)tests/bench/run $(BUILD)

# Checks of the sources.

.PHONY: packages-lint format lint
packages-lint:
	$(Q)$(INSTALL_PACKAGES) host cross lint
format: packages-lint	## formats the C sources
	$(Q)git ls-files -coz --exclude-standard '*.c' '*.h' | xargs -0 tests/lint/format --fix
lint: packages-lint host	## every check of the sources: the fast ones, and clang-tidy
	$(Q)BUILD=$(BUILD) tests/lint/run --database $(BUILD)/host

.PHONY: clean distclean
clean:	## removes what was built, keeps what was downloaded and the data disk
	$(Q)rm -rf $(addprefix $(BUILD)/,host asan board browser driver target target-test compiler yocto yocto-test boards $(BOARD_SUITES) bench unchanged log) $(RESULTS)
	$(Q)find $(BUILD)/appliance -mindepth 1 -maxdepth 1 ! -name data.img -exec rm -rf {} + 2>/dev/null || true
distclean:	## removes everything that is not a source, the data disk too
	$(Q)rm -rf $(BUILD) webui/node_modules webui/lint/node_modules tests/browser/node_modules
