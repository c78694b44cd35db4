# shellcheck shell=bash
# SPDX-License-Identifier: MIT
# What board suites share: builds module, firmware and command for the emulated board, packs a root file system, boots it. The
# caller has set `top` (the project), `build` (with debian/ in it) and `work` (its own folder, the current one).
: "${top:?}" "${build:?}" "${work:?}"
cross=aarch64-linux-gnu-

board_shape() { # CPUS GIC-VERSION [CPU-MODEL [MEMORY]]: the options of QEMU
	local its=,its=off
	[ "$2" = 3 ] || its=''
	# shellcheck disable=SC2054 # commas are QEMU's
	board=(-M "virt,gic-version=$2,virtualization=on$its" -cpu "${3-cortex-a57}" -smp "$1" -m "${4:-2G}" -nic none -display none)
}
board_shape 4 3

board_module() { # kbuild writes beside the sources: it gets a copy
	rm -rf module && mkdir -p module/hypervisor
	cp -r "$top/driver" module/
	cp -r "$top/hypervisor/include" module/hypervisor/
	make -s -C "$build/debian/kernel/headers" M="$work/module/driver" ARCH=arm64 CROSS_COMPILE=$cross modules
}
board_firmware() { # [CMAKE-OPTION...]
	cmake -S "$top/tests/board/smoke/firmware" -B firmware -DCMAKE_SYSTEM_NAME=Linux -DCMAKE_SYSTEM_PROCESSOR=aarch64 \
		-DCMAKE_C_COMPILER=${cross}gcc -DCMAKE_ASM_COMPILER=${cross}gcc "$@" >/dev/null
	cmake --build firmware >/dev/null
}
board_command() { # static: this root file system has no libraries
	${cross}gcc -static -O2 -std=gnu11 -D_GNU_SOURCE -DROTUNDA_VERSION='"test"' -DROTUNDA_HELPERS='"/libexec"' -I"$top/agent" \
		-I"$top/driver/include" -I"$top/hypervisor/include" -o jailhouse "$top"/agent/cli/*.c "$top"/agent/jailhouse_{client,sysfs}.c
}
board_inmate() { # SOURCE NAME [DEFINE...]: cells/NAME.bin, linked at 0
	local source=$1 name=$2
	shift 2
	${cross}gcc -nostdlib -static -Wl,--build-id=none -Wl,-Ttext=0 "$@" -I"$top/hypervisor/include" -o "$name.elf" "$source"
	${cross}objcopy -O binary "$name.elf" "cells/$name.bin"
}
board_program() { # NAME SOURCE...: cells/NAME.bin, over the inmate library
	local name=$1
	shift
	${cross}gcc -O2 -std=gnu11 -Wall -Wextra -Werror -ffreestanding -fno-builtin -fno-pie -no-pie -mgeneral-regs-only -mstrict-align \
		-mno-outline-atomics -fno-stack-protector -fno-asynchronous-unwind-tables -fno-tree-loop-distribute-patterns \
		-Wno-address-of-packed-member -I"$top/configs/cells/lib" -I"$top/hypervisor/include" -nostdlib -static \
		-Wl,--build-id=none,--defsym=inmate_base=0 -Wl,--no-warn-rwx-segments -Wl,-T,"$top/configs/cells/lib/inmate.lds" \
		-o "$name.elf" "$@" "$top"/configs/cells/lib/*.[cS]
	${cross}objcopy -O binary "$name.elf" "cells/$name.bin"
}
board_initramfs() { # INIT: process 1; it finds the cells in /cells, tests/board/lib/init.sh in /init.sh
	rm -rf root && mkdir -p root/{bin,proc,sys,dev,tmp,lib/firmware}
	cp "$(find "$build/debian/sysroot" -path "*/bin/busybox" -type f | head -n 1)" root/bin/busybox
	cp -r cells root/
	cp jailhouse ${board_extra-} root/bin/
	cp module/driver/jailhouse.ko root/
	cp firmware/hypervisor/jailhouse.bin root/lib/firmware/
	cp "$top/tests/board/lib/init.sh" root/init.sh
	cp "$1" root/init
	chmod 755 root/init
	(cd root && find . | cpio -o -H newc --quiet) >initramfs.cpio
}
board_device_tree() { # RESERVED.dtso: QEMU's own, with the memory of hypervisor and cells set aside
	qemu-system-aarch64 "${board[@]}" -machine dumpdtb=base.dtb 2>/dev/null
	dtc -q -@ -I dts -O dtb -o reserved.dtbo "$1"
	fdtoverlay -i base.dtb -o board.dtb reserved.dtbo
}
board_boot() { # [QEMU-OPTION...]: what process 1 says goes to stdout; board_append is for the kernel's command line
	# shellcheck disable=SC2086 # an option or none
	timeout 400 qemu-system-aarch64 "${board[@]}" -serial stdio ${board_reboot--no-reboot} -dtb board.dtb -kernel "$build/debian/kernel/vmlinuz" \
		-initrd initramfs.cpio -append "console=ttyAMA0 quiet kvm-arm.mode=none panic=-1 ${board_append-}" "$@" </dev/null | stdbuf -oL tr -d '\r'
}
board_boot_with_resets() { # LINE [QEMU-OPTION...]: when process 1 says LINE, the board is reset as by its button; RAM stays
	local when=$1 line
	shift
	rm -f monitor.socket
	board_reboot='' board_boot -monitor unix:monitor.socket,server=on,wait=off "$@" | while IFS= read -r line; do
		printf '%s\n' "$line"
		[ "$line" != "$when" ] || PYTHONDONTWRITEBYTECODE=1 PYTHONPATH=$top/tests/board/lib /usr/bin/python3 -c \
			'import monitor; monitor.Monitor("monitor.socket").command("system_reset")'
	done
}
