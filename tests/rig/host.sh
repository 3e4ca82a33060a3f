# shellcheck shell=sh
# SPDX-License-Identifier: GPL-2.0
#
# Guests, seen from their host: the machine of nested.sh (busybox sh, root). To be sourced.
#
# guest_up N [BUS]       starts guest N, which has VF N, and waits until it is there. BUS is what its VF is on:
#                        port, which can be unplugged (unless given), or pcie.0, which cannot
# guest N COMMAND...     runs that in guest N; its output and its exit status. 125: the guest ended meanwhile
# guest_start N [BUS]    starts it, and does not wait
# guest_booted N         waits until it is there
# guest_again N [BUS]    starts it once more, and says so: for who used these two and was not lucky
# guest_kill N           kill -9 of its QEMU
# guest_wait N           waits until its QEMU has ended
# guest_alive N          is its QEMU there?
#
# In /run/guest/N: its QEMU's pid and messages, and the pipes. Warnings of a guest's kernel, and what is worse,
# go to the host's console.

# shellcheck source=/dev/null # nested.sh makes it
. /send/guest.conf

GUESTS_DIR=/run/guest
OUTSIDE=/run/outside
SYS=/sys/bus/pci/devices

# A guest on a busy machine without KVM boots within 20 to 60 seconds. One that has not after this many never will.
BOOT_SECONDS=120

# What the guests' QEMU needs: the outside's files with this machine's devices
host_prepare()
{
	if grep -q " $OUTSIDE " /proc/mounts; then
		return
	fi
	for host_module in kvm-amd vfio_iommu_type1 vfio-pci 9pnet_virtio 9p; do
		modprobe "$host_module" || return
	done
	# Built into newer kernels
	modprobe virtio_pci 2>/dev/null
	mkdir -p $OUTSIDE $GUESTS_DIR
	mount -t 9p -o trans=virtio,version=9p2000.L,ro,cache=loose,msize=512000 share $OUTSIDE || return
	mount -o bind /dev $OUTSIDE/dev
	mount -t proc proc $OUTSIDE/proc
	mount -o bind /sys $OUTSIDE/sys
	mount -o bind /run $OUTSIDE/run
}

vf_of()
{
	basename "$(readlink "$SYS/$PF/virtfn$1")"
}

# VF number N to vfio-pci
vf_give()
{
	dev=$(vf_of "$1")
	echo vfio-pci >"$SYS/$dev/driver_override"
	if ! [ -e "$SYS/$dev/driver" ]; then
		echo "$dev" >/sys/bus/pci/drivers_probe
	fi
	[ "$(basename "$(readlink "$SYS/$dev/driver")")" = vfio-pci ]
}

# guest_pipes DIR: they stay open, so that what a guest has said is there for whom comes later
guest_pipes()
{
	mkdir -p "$1"
	rm -f "$1"/*
	mkfifo "$1/agent.in" "$1/agent.out" "$1/console"
	(
		sleep 1000000 <>"$1/agent.in" 3<>"$1/agent.out" 4<>"$1/console" >/dev/null 2>&1 &
		echo $! >"$1/holder"
	)
}

guest_console()
{
	while read -r line; do
		echo "guest $1: $line" >/dev/console
	done <"$GUESTS_DIR/$1/console"
}

# A root port with that name, unless it is the bus that every machine has
guest_bus()
{
	[ "$1" = pcie.0 ] || echo "-device pcie-root-port,id=$1"
}

guest_qemu()
{
	dir=$GUESTS_DIR/$1
	# shellcheck disable=SC2046 # words
	exec chroot $OUTSIDE qemu-system-x86_64 -M q35 -accel kvm -cpu host -smp 1 -m 256 \
		-no-user-config -nodefaults -display none \
		-kernel "$GUEST_KERNEL" -initrd "$GUEST_IMAGE" \
		-append "console=ttyS0 panic=-1 loglevel=5 no_timer_check ROLE=guest GUEST=$1" \
		-chardev "file,id=console,path=$dir/console" -serial chardev:console \
		-chardev "pipe,id=agent,path=$dir/agent" -serial chardev:agent -serial null \
		$(guest_bus "$2") -device "vfio-pci,host=$(vf_of "$1"),bus=$2" \
		</dev/null >"$dir/qemu" 2>&1
}

# A guest from its start to its end, which is the last that its agent's pipe says: guest_life N BUS. One that was
# killed may have left half a line there.
guest_life()
{
	guest_qemu "$1" "$2" &
	echo $! >"$GUESTS_DIR/$1/pid"
	wait $!
	printf '\n! %s\n' $? >"$GUESTS_DIR/$1/agent.out"
}

guest_start()
{
	host_prepare && vf_give "$1" || return
	if [ -e "$GUESTS_DIR/$1/holder" ]; then
		kill "$(cat "$GUESTS_DIR/$1/holder")" "$(cat "$GUESTS_DIR/$1/reader")" 2>/dev/null
	fi
	guest_pipes "$GUESTS_DIR/$1"
	(
		guest_console "$1" >/dev/null 2>&1 &
		echo $! >"$GUESTS_DIR/$1/reader"
	)
	# In a session of its own, and no job of the shell: Ctrl-c there is not meant for it.
	(setsid sh -c '. /send/host.sh && guest_life "$@"' sh "$1" "${2:-plug}" </dev/null >/dev/null 2>&1 &)
	until [ -s "$GUESTS_DIR/$1/pid" ]; do
		usleep 10000
	done
}

guest_alive()
{
	pid=$(cat "$GUESTS_DIR/$1/pid" 2>/dev/null)
	[ -n "$pid" ] && kill -0 "$pid" 2>/dev/null
}

# shellcheck disable=SC3045 # busybox has read -t
guest_booted()
{
	while read -r -t $BOOT_SECONDS said <"$GUESTS_DIR/$1/agent.out"; do
		case $said in
		"+ "*) return 0 ;;
		"! "*) break ;;
		esac
	done
	echo "guest $1 did not boot${said:+, its QEMU ended with status ${said#! }}" >&2
	tail -n 5 "$GUESTS_DIR/$1/qemu" >&2 2>/dev/null
	return 1
}

# The start of an emulated machine in an emulated machine can fail by itself; nothing of ours runs there yet.
guest_up()
{
	host_prepare && vf_give "$1" || return
	if guest_start "$@" && guest_booted "$1"; then
		return
	fi
	guest_again "$@"
}

guest_again()
{
	echo "# INFRASTRUCTURE RETRY: guest $1 did not boot; starting it once more"
	guest_kill "$1"
	guest_start "$@" && guest_booted "$1"
}

# PREFIX goes before each line
guest()
{
	guest_n=$1
	shift
	if ! guest_alive "$guest_n"; then
		echo "guest $guest_n is not there" >&2
		return 125
	fi
	printf '%s\n' "$*" >"$GUESTS_DIR/$guest_n/agent.in"
	while IFS= read -r said; do
		case $said in
		" "*) printf '%s%s\n' "$PREFIX" "${said# }" ;;
		"= "*) return "${said#= }" ;;
		"+ "*) echo "guest $guest_n booted anew" >&2; return 125 ;;
		"! "*) echo "guest $guest_n ended" >&2; return 125 ;;
		esac
	done <"$GUESTS_DIR/$guest_n/agent.out"
}

guest_kill()
{
	if guest_alive "$1"; then
		kill -9 "$pid"
		guest_wait "$1"
	fi
}

guest_wait()
{
	while guest_alive "$1"; do
		usleep 10000
	done
}
