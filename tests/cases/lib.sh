# shellcheck shell=sh
# SPDX-License-Identifier: GPL-2.0
#
# What every suite shares.  Sourced in the test machine (busybox sh, root).
#
# Each test prints one line, "ok - NAME" or "not ok - NAME" with what was seen behind "# ".

TMP=/run/case
mkdir -p "$TMP"
FAILED=0
SYS=/sys/bus/pci/devices

ok()
{
	echo "ok - $1"
}

not_ok()
{
	echo "not ok - $1"
	FAILED=$((FAILED + 1))
	shift
	for line in "$@"; do
		echo "$line" | sed 's/^/# /'
	done
}

# check NAME COMMAND...: it has to succeed
check()
{
	name=$1
	shift
	if "$@" >"$TMP/said" 2>&1; then
		ok "$name"
	else
		not_ok "$name" "exit status $? of: $*" "$(cat "$TMP/said")"
	fi
}

# refused NAME STATUS WORD COMMAND...: it has to end with STATUS, and say WORD
refused()
{
	name=$1 want=$2 word=$3
	shift 3
	status=0
	"$@" >"$TMP/said" 2>&1 </dev/null || status=$?
	if [ $status -eq "$want" ] && grep -q "$word" "$TMP/said"; then
		ok "$name"
	else
		not_ok "$name" "exit status $status, not $want with $word, of: $*" "$(cat "$TMP/said")"
	fi
}

# ended NAME STATUS PID: a background job has to end, and with STATUS
ended()
{
	status=0
	wait "$3" || status=$?
	equal "$1" "exit status $2" "exit status $status"
}

# equal NAME WANT GOT
equal()
{
	if [ "$2" = "$3" ]; then
		ok "$1"
	else
		not_ok "$1" "wanted: $2" "got:    $3"
	fi
}

# within SECONDS COMMAND...: wait until it succeeds; looks ten times a second
within()
{
	tries=$(($1 * 10))
	shift
	while ! "$@" >/dev/null 2>&1; do
		tries=$((tries - 1))
		[ $tries -gt 0 ] || return 1
		usleep 100000
	done
}

# PCI address of VF number N
vf()
{
	basename "$(readlink "$SYS/$PF/virtfn$1")"
}

numvfs()
{
	echo "$1" >"$SYS/$PF/sriov_numvfs"
}

attached()
{
	cfgblk show "$1" | grep -q '^ *link *up'
}

# Both drivers, N VFs, and every link up: start N [parameter of cfgblk_vf [parameter of cfgblk_pf]]
start()
{
	modprobe cfgblk_pf ${3:+"$3"} && numvfs "$1" && modprobe cfgblk_vf allow_parent=1 ${2:+"$2"} || return
	i=0
	while [ $i -lt "$1" ]; do
		within 10 attached "$(vf $i)" || return
		i=$((i + 1))
	done
}

# All background jobs, $PIDS, end well, and each says how many exchanges it made: all_end FILE...
all_end()
{
	failed=0
	for pid in $PIDS; do
		wait "$pid" || failed=1
	done
	cat "$@"
	[ $failed -eq 0 ]
}

stop()
{
	numvfs 0 && rmmod cfgblk_vf && rmmod cfgblk_pf && rmmod cfgblk
}

watching()
{
	ls -l /proc/"$1"/fd 2>/dev/null | grep -q /dev/cfgblk
}

# In the background, its lines to FILE: watch_to FILE DEV [options]
watch_to()
{
	file=$1
	shift
	cfgblk watch "$@" >"$file" 2>"$file.err" &
	WATCHER=$!
	within 5 watching $WATCHER
}

# One counter of a function: counter DEV NAME [--vf N]
counter()
{
	dev=$1 name=$2
	shift 2
	cfgblk stats "$dev" "$@" | sed -n "s/^$name  *\([0-9]*\).*/\1/p"
}

# N bytes that differ from call to call
bytes()
{
	head -c "$1" /dev/urandom
}

end()
{
	echo end
	[ $FAILED -eq 0 ]
	exit
}

# The calls that Hyper-V fills, and cfgblk_hvif.  Newer kernels have them built in, those of tests/debug not at all.
intf_built_in()
{
	grep -q '/pci-hyperv-intf.ko$' "/lib/modules/$(uname -r)/modules.builtin"
}

load_intf()
{
	intf_built_in || modprobe pci-hyperv-intf || insmod /send/pci-hyperv-intf.ko
}

unload_intf()
{
	intf_built_in || rmmod pci-hyperv-intf
}
