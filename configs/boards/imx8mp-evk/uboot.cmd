# SPDX-License-Identifier: MIT
# U-Boot commands for the i.MX8MP EVK, typed by hand or as a script: mkimage -T script -C none -d uboot.cmd boot.scr
# kernel, imx8mp-evk.dtb and memory.dtbo are in the first partition of the SD card, root is the second.
setenv bootargs console=ttymxc1,115200 root=/dev/mmcblk${mmcdev}p2 rootwait rw kvm-arm.mode=none clk_ignore_unused cpuidle.off=1
fatload mmc ${mmcdev}:1 ${loadaddr} Image
fatload mmc ${mmcdev}:1 ${fdt_addr} imx8mp-evk.dtb
fdt addr ${fdt_addr}
fdt resize 4096
setexpr rotunda_addr ${fdt_addr} + 100000
fatload mmc ${mmcdev}:1 ${rotunda_addr} memory.dtbo
fdt apply ${rotunda_addr}
booti ${loadaddr} - ${fdt_addr}
