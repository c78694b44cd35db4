# shellcheck shell=sh
# SPDX-License-Identifier: MIT
# Sourced by process 1 of a board suite: file systems, the module, and checks that print a line each.
/bin/busybox --install -s /bin
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t devtmpfs devtmpfs /dev
exec </dev/console >/dev/console 2>&1
# shellcheck disable=SC2034 # for those who source this
sys=/sys/devices/jailhouse
passed=0 failed=0
mkdir -p /tmp
cd /cells || exit 1
insmod /jailhouse.ko

check() { # NAME COMMAND...: the command must succeed
	name=$1
	shift
	if "$@" >/tmp/out 2>&1; then
		passed=$((passed + 1)); echo "ok: $name"
	else
		failed=$((failed + 1)); echo "NOT OK: $name"; sed 's/^/    /' /tmp/out
	fi
}
reports() { # COMMAND...: prints lines as check() does, which are counted here
	"$@" >/tmp/report || { failed=$((failed + 1)); echo "NOT OK: $*"; }
	while read -r line; do
		echo "$line"
	done </tmp/report
	passed=$((passed + $(grep -c '^ok' /tmp/report)))
	failed=$((failed + $(grep -c '^NOT OK' /tmp/report)))
}
refused() { # CODE COMMAND...: the command must fail and name the code
	code=$1
	shift
	"$@" >/tmp/refused 2>&1 && { echo "was accepted: $*"; return 1; }
	grep -q -- "^$code: " /tmp/refused || { cat /tmp/refused; return 1; }
}
is() { [ "$(cat "$1")" = "$2" ] || { echo "$1 is '$(cat "$1")', not '$2'"; return 1; }; }
cpus() { [ "$(nproc)" = "$1" ] || { echo "$(nproc) CPUs, not $1"; return 1; }; }
waits_for() { # COMMAND...: until it succeeds, at most a minute
	tries=300
	until "$@" >/dev/null 2>&1; do
		tries=$((tries - 1))
		[ $tries -gt 0 ] || { echo "never: $*"; "$@"; return 1; }
		sleep 0.2
	done
}
says() { # CELL TEXT: its console holds it
	jailhouse cell console "$1" | grep -q -- "$2" || { jailhouse cell console "$1"; return 1; }
}
cell() { # CONFIG IMAGE: creates, loads and starts the cell named like its configuration
	jailhouse cell create "$1.cell" && jailhouse cell load "$1" "$2.bin" && jailhouse cell start "$1"
}
done_checking() {
	echo "$passed passed, $failed failed"
	poweroff -f
}
