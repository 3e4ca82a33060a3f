#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The test machine: an emulated PC with one or more 82576 and a stock kernel, without KVM and without root.
# Everything is said by environment variables; README.md beside this file lists them.

set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

RUN=${RUN:-}
SEND=${SEND:-}
KERNEL=${KERNEL:-6.12}
SMP=${SMP:-2}
MEM=${MEM:-512}
IGBS=${IGBS:-1}
MACHINE=${MACHINE:-q35}
SHARE=${SHARE:-}
ROOT=${ROOT:-}
APPEND=${APPEND:-}
QEMU_EXTRA=${QEMU_EXTRA:-}
TIMEOUT=${TIMEOUT:-300}
LOG=${LOG:-}

# A machine whose console does not say this within so many seconds never will. The kernel prints its first line within
# about two.
UP=${UP:-.}
SILENCE=${SILENCE:-60}

# What vm.sh itself returns when the machine did not get as far as an exit status.
FAILED=125
DIE_STATUS=$FAILED

WORK=
QEMU=
WATCHER=

# shellcheck disable=SC2317 # called by the trap
cleanup()
{
	stop_machine
	if [ -n "$WORK" ]; then
		rm -rf "$WORK"
	fi
}

# shellcheck disable=SC2317 # called by cleanup
stop_machine()
{
	if [ -n "$QEMU" ]; then
		kill "$QEMU" 2>/dev/null || true
		wait "$QEMU" || true
		QEMU=
	fi
	if [ -n "$WATCHER" ]; then
		kill "$WATCHER" 2>/dev/null || true
		WATCHER=
	fi
	return 0
}

build_image()
{
	export RUN SEND ROOT
	"$RIG_DIR/initramfs.sh" "$KERNEL" "$WORK/initramfs" || exit "$FAILED"
}

# Each 82576 behind a root port of its own: SR-IOV needs the bus numbers, and so do several of them.
igb_arguments()
{
	local i

	for ((i = 1; i <= IGBS; i++)); do
		printf '%s\n' \
			-device "pcie-root-port,id=rp$i,chassis=$i,slot=$i" \
			-netdev "user,id=net$i,restrict=on" \
			-device "igb,id=igb$i,bus=rp$i,netdev=net$i"
	done
}

share_arguments()
{
	if [ -n "$SHARE" ]; then
		printf '%s\n' -virtfs \
			"local,path=$SHARE,mount_tag=share,security_model=none,readonly=on,multidevs=remap"
	fi
}

root_arguments()
{
	if [ -n "$ROOT" ]; then
		printf '%s\n' -virtfs "local,path=$ROOT,mount_tag=root,security_model=passthrough,multidevs=remap"
	fi
}

# The shell's terminal; Ctrl-c belongs to the machine then, and Ctrl-a to QEMU.
terminal_arguments()
{
	if [ -n "$RUN" ]; then
		printf '%s\n' -chardev "file,id=out,path=$WORK/output" -serial chardev:out
	else
		printf '%s\n' -chardev stdio,id=out,mux=on,signal=off -serial chardev:out -mon chardev=out
	fi
}

# A timer that ticks instead of one that is set for each event: a machine with two processors was seen to hang when one
# such event never came. It is no cure, another one hung all the same; check.sh says more. The kernel counts ticks at
# boot, and panics if too few came in time: on a loaded host, without KVM, that says nothing.
#
# On a busy host the kernel can mistake the speed of the TSC, fifty times too slow was seen: with systemd, which has
# limits of time, the machine takes another clock.
kernel_arguments()
{
	local size

	printf 'console=ttyS0 panic=-1 loglevel=8 nohz=off highres=off no_timer_check'
	if [ -z "$RUN" ] && size=$(stty size) && [ "$size" != "0 0" ]; then
		printf ' rig.rows=%s rig.columns=%s' "${size% *}" "${size#* }"
	fi
	if [ -n "$ROOT" ]; then
		printf ' clocksource=hpet tsc=unstable rig.root=1 systemd.unit=basic.target systemd.wants=rig.service'
	fi
	printf ' rig.term=%s %s' "${TERM:-linux}" "$APPEND"
}

qemu_arguments()
{
	local release
	release=$(kernel_release "$KERNEL")

	printf '%s\n' -M "$MACHINE" -accel tcg -cpu max -smp "$SMP" -m "$MEM" \
		-no-user-config -nodefaults -display none -no-reboot \
		-kernel "$(kernel_dir "$release")/boot/vmlinuz-$release" \
		-initrd "$WORK/initramfs" -append "$(kernel_arguments)" \
		-serial "file:$LOG/console.log"
	terminal_arguments
	printf '%s\n' -serial "file:$WORK/status"
	igb_arguments
	share_arguments
	root_arguments
}

came_up()
{
	grep -qa -- "$UP" "$LOG/console.log"
}

# Ends a machine that does not come up, long before its time is up.
watch_silence()
{
	local i

	for ((i = 0; i < SILENCE; i++)); do
		sleep 1
		if came_up; then
			return
		fi
	done
	kill "$1" 2>/dev/null || true
}

# Hands the output on, and goes on reading when nobody wants it any more: the machine must not wait for that.
pass_output()
{
	cat 2>/dev/null || cat >/dev/null
}

# In the background and waited for, here as below: only then do the traps run at once.
run_shell()
{
	local rc=0

	qemu-system-x86_64 "$@" <&0 2>"$LOG/qemu.stderr" &
	QEMU=$!
	wait "$QEMU" || rc=$?
	QEMU=
	return "$rc"
}

# Starts the machine and waits for its end; returns what timeout(1) returns.
run_script()
{
	local reader rc=0

	rm -f "$WORK/output"
	mkfifo "$WORK/output"
	# Held open here, so that the reader ends when the machine has, and also when QEMU never got to open it.
	exec 8<>"$WORK/output"
	pass_output <"$WORK/output" 8>&- &
	reader=$!
	timeout --kill-after=5 "$TIMEOUT" qemu-system-x86_64 "$@" \
		</dev/null >"$LOG/qemu.stdout" 2>"$LOG/qemu.stderr" 8>&- &
	QEMU=$!
	watch_silence "$QEMU" >/dev/null 2>&1 8>&- &
	WATCHER=$!
	wait "$QEMU" || rc=$?
	QEMU=
	stop_machine
	exec 8>&-
	# All that the machine wrote has to be out before we say anything ourselves.
	wait "$reader" || true
	return "$rc"
}

run_machine()
{
	local arguments

	: >"$LOG/console.log"
	: >"$WORK/status"
	mapfile -t arguments < <(qemu_arguments)
	# shellcheck disable=SC2206 # a list of words
	arguments+=($QEMU_EXTRA)
	if [ -n "$RUN" ]; then
		run_script "${arguments[@]}"
	else
		run_shell "${arguments[@]}"
	fi
}

explain()
{
	say "vm.sh: $1"
	if [ -s "$LOG/console.log" ]; then
		say "--- the last lines of the console:"
		tail -n 40 "$LOG/console.log" >&2
	fi
	if [ -s "$LOG/qemu.stderr" ]; then
		say "--- QEMU said:"
		tail -n 20 "$LOG/qemu.stderr" >&2
	fi
}

# Only an arrived status of a machine that ended by itself counts as one.
verdict()
{
	local rc=$1 status panic

	panic=$(sed -n 's/.*\(Kernel panic - not syncing.*\)/\1/p' "$LOG/console.log")
	status=$(sed -n 's/^status \([0-9]*\).*/\1/p' "$WORK/status")
	if ! [ -s "$LOG/console.log" ]; then
		explain "the machine never got as far as the kernel (QEMU: $rc)"
	elif [ "$rc" -eq 124 ] || [ "$rc" -eq 137 ]; then
		explain "the machine was stopped after TIMEOUT=$TIMEOUT seconds${status:+, in its shutdown}"
	elif [ -n "$panic" ]; then
		explain "the kernel of the machine died: ${panic%%$'\n'*}"
	elif [ -z "$RUN" ]; then
		return "$rc"
	elif [ -z "$status" ]; then
		explain "the machine ended (QEMU: $rc) without an exit status of the script"
	else
		return "$status"
	fi
	return "$FAILED"
}

check_request()
{
	if [ -z "$RUN" ] && ! [ -t 0 ]; then
		die "without RUN=script there is a shell in the machine, and that needs a terminal"
	fi
	[ -z "$RUN" ] || [ -f "$RUN" ] || die "RUN: there is no file $RUN"
	[ -z "$ROOT" ] || [ -n "$RUN" ] || die "ROOT needs RUN=script: there is no shell"
}

main()
{
	local rc=0 status=0

	check_request
	trap cleanup EXIT
	trap 'exit 130' INT
	trap 'exit 143' TERM HUP
	WORK=$(mktemp -d)
	LOG=${LOG:-$WORK/log}
	mkdir -p "$LOG"
	LOG=$(cd "$LOG" && pwd)
	if ! kernel_release "$KERNEL" >/dev/null; then
		"$RIG_DIR/setup.sh" "$KERNEL" || exit "$FAILED"
	fi
	build_image
	run_machine || rc=$?
	# The emulator alone can fail (a hang in its firmware was seen). Once the machine is up it is not alone.
	if [ -n "$RUN" ] && ! came_up; then
		say "vm.sh: INFRASTRUCTURE RETRY: QEMU ended ($rc) before ${UP_NAME:-any output of the kernel}; starting it once more"
		rc=0
		run_machine || rc=$?
	fi
	verdict "$rc" || status=$?
	exit "$status"
}

main "$@"
