# shellcheck shell=sh
# SPDX-License-Identifier: GPL-2.0
#
# The soak in the test machine: starts the processes that use the blocks, breaks one thing after another, and says at
# the end what they saw. tests/soak.sh puts SEED, DURATION (seconds) and VFS in front of this.

. /send/cases/lib.sh
. /send/watchers.sh

BOARD=/run/board
# A settlement for so many faults
ROUND=12
STEPS=0

soak()
{
	/send/soak $BOARD "$@"
}

# Park and Miller's, in whole numbers: the same faults in the same order for the same seed
random()
{
	STATE=$((STATE * 48271 % 2147483647))
	RANDOM_NUMBER=$((STATE / 8 % $1))
}

# Up to N milliseconds
pause()
{
	random "$1"
	usleep $((RANDOM_NUMBER * 1000))
}

now()
{
	cut -d . -f 1 /proc/uptime
}

# What breaks things has to work itself
must()
{
	"$@" >"$TMP/must" 2>&1 || not_ok "soak: $*" "$(cat "$TMP/must")"
}

store()
{
	echo "$1" >"$2"
}

all_vfs()
{
	seq 0 $((VFS - 1))
}

flr()
{
	must store flr "$SYS/$1/reset_method"
	must store 1 "$SYS/$1/reset"
}

fault_vf_flr()
{
	soak begin vf-flr "$1"
	flr "$(vf "$1")"
	soak end vf-flr "$1"
}

# As the host administrator does it
fault_reset()
{
	soak begin reset "$1"
	must cfgblk reset "$PF" --vf "$1"
	soak end reset "$1"
}

fault_rebind()
{
	soak begin rebind "$1"
	must store "$(vf "$1")" /sys/bus/pci/drivers/cfgblk_vf/unbind
	pause 200
	must store "$(vf "$1")" /sys/bus/pci/drivers/cfgblk_vf/bind
	soak end rebind "$1"
}

fault_limit()
{
	soak begin limit "$1"
	random 200
	must cfgblk limit "$PF" --vf "$1" --rate $((10 + RANDOM_NUMBER)) --burst 5
	pause 3000
	must cfgblk limit "$PF" --vf "$1" --none
	soak end limit "$1"
}

# Onto the VF that it came from, which went on meanwhile
fault_restore()
{
	soak begin restore "$1"
	must save "$1"
	pause 300
	must restore "$1"
	soak end restore "$1"
}

save()
{
	cfgblk save "$PF" --vf "$1" >"$TMP/state.$1"
}

restore()
{
	cfgblk restore "$PF" --vf "$1" <"$TMP/state.$1"
}

# None, some, none, all
fault_numvfs()
{
	# shellcheck disable=SC2046 # numbers
	soak begin numvfs $(all_vfs)
	must numvfs 0
	pause 100
	random "$VFS"
	must numvfs $((RANDOM_NUMBER + 1))
	pause 300
	must numvfs 0
	must numvfs "$VFS"
	# shellcheck disable=SC2046
	soak end numvfs $(all_vfs)
}

fault_pf_flr()
{
	# shellcheck disable=SC2046
	soak begin pf-flr $(all_vfs)
	flr "$PF"
	# shellcheck disable=SC2046
	soak end pf-flr $(all_vfs)
}

# The PF's driver goes, in the middle of all of it, and the VFs and blocks with it
fault_pf_rebind()
{
	# shellcheck disable=SC2046
	soak begin pf-rebind $(all_vfs)
	soak hush
	must store "$PF" /sys/bus/pci/drivers/cfgblk_pf/unbind
	pause 100
	must store "$PF" /sys/bus/pci/drivers/cfgblk_pf/bind
	must define_blocks
	must soak publish "/dev/cfgblk/$PF" "$VFS"
	must numvfs "$VFS"
	soak unhush
	# shellcheck disable=SC2046
	soak end pf-rebind $(all_vfs)
}

fault_of_one()
{
	random 5
	case $RANDOM_NUMBER in
	0) fault_vf_flr "$1" ;;
	1) fault_rebind "$1" ;;
	2) fault_limit "$1" ;;
	3) fault_restore "$1" ;;
	4) fault_reset "$1" ;;
	esac
}

# Another VF at the same time; what it draws does not move the sequence of the others
fault_of_two()
{
	random "$VFS"
	first=$RANDOM_NUMBER
	random $((VFS - 1))
	second=$(((first + 1 + RANDOM_NUMBER) % VFS))
	(fault_of_one $second) &
	other=$!
	random 1000
	fault_of_one $first
	wait $other
}

step()
{
	random 10
	case $RANDOM_NUMBER in
	0) fault_numvfs ;;
	1) fault_pf_flr ;;
	2) fault_pf_rebind ;;
	*) fault_of_two ;;
	esac
	STEPS=$((STEPS + 1))
	if [ $((STEPS % ROUND)) -eq 0 ]; then
		soak settle "/dev/cfgblk/$PF" "$VFS"
	fi
	pause 500
	echo "progress $(($(now) - BEGAN)) $STEPS $(soak exchanges)"
}

# What the callers, those who share and the host need
define_blocks()
{
	for block in 5 16 17; do
		cfgblk define "$PF" $block --all || return
	done
	for block in 8 9 10 11; do
		cfgblk define "$PF" $block --all || return
	done
}

nodes()
{
	for n in $(all_vfs); do
		echo "/dev/cfgblk/$(vf "$n")"
	done
}

STATE=$((SEED % 2147483646 + 1))
random 1
watchers_begin
check "the PF and $VFS VFs" start "$VFS" timeout_ms=5000
check "their blocks" define_blocks
# shellcheck disable=SC2046 # a list of words
soak run "$SEED" "/dev/cfgblk/$PF" $(nodes) &
USERS=$!
BEGAN=$(now)
while [ $(($(now) - BEGAN)) -lt "$DURATION" ]; do
	step
done
check "in the end every watcher has what the host published" soak settle "/dev/cfgblk/$PF" "$VFS"
soak stop
ended "those who used the blocks end by themselves" 0 $USERS
check "all of it goes away again" stop
leaks_check
watchers_alive
soak report || not_ok "something was exchanged and settled, and nothing is wrong"
leaks_count
end
