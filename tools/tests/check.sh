#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# What the command prints and how it exits, over tests/fake.c; prints TAP.
# check.sh PROGRAM

manual=$(cd "$(dirname "$0")/.." && pwd)/cfgblk.8
case $1 in
/*) program=$1 ;;
*) program=$PWD/$1 ;;
esac
tests=$(cd "$(dirname "$0")" && pwd)
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
cd "$dir" || exit 1

n=0
failed=0
PF=0000:01:00.0
VF=0000:01:10.4

setup()
{
	mkdir -p dev/cfgblk sys/drivers/igb sys/drivers/cfgblk_vf
	echo pf > dev/cfgblk/$PF
	echo vf > dev/cfgblk/$VF
	echo something else > dev/cfgblk/0000:03:00.0
	for i in $PF 0000:02:00.0 0000:02:00.1 0000:02:00.2 0000:02:10.0; do
		mkdir -p "sys/devices/$i"
	done
	ln -s ../0000:01:10.0 sys/devices/$PF/virtfn0
	mkdir sys/devices/0000:01:10.0
	: > sys/devices/0000:01:10.0/reset
	ln -s ../../drivers/vfio-pci sys/devices/0000:01:10.0/driver
	ln -s ../../drivers/igb sys/devices/0000:02:00.1/driver
	touch sys/devices/0000:02:00.0/sriov_totalvfs sys/devices/0000:02:00.1/sriov_totalvfs
	ln -s ../../drivers/cfgblk_vf sys/devices/0000:02:00.2/driver
	ln -s ../0000:02:00.0 sys/devices/0000:02:10.0/physfn
	head -c 128 /dev/zero > full
	head -c 129 /dev/zero > over
	: > empty
}

# verdict NAME RESULT
verdict()
{
	n=$((n + 1))
	if [ "$2" = 0 ]; then
		echo "ok $n - $1"
		return
	fi
	failed=$((failed + 1))
	echo "not ok $n - $1"
	sed 's/^/# out: /' out
	sed 's/^/# err: /' err
	echo "# status: $status"
}

# run ARGUMENT...: the command
run()
{
	"$program" "$@" > out 2> err < "${input:-/dev/null}"
	status=$?
}

# ok OUTPUT ARGUMENT...: status 0, exactly this output, no message
ok()
{
	want=$1
	shift
	run "$@"
	[ $status = 0 ] && [ "$(cat out)" = "$want" ] && [ ! -s err ]
	verdict "cfgblk $*" $?
}

# bad STATUS MESSAGE ARGUMENT...: this status, exactly this first line
bad()
{
	want=$1
	message=$2
	shift 2
	run "$@"
	[ $status = "$want" ] && [ ! -s out ] &&
		[ "$(head -n 1 err)" = "$message" ]
	verdict "cfgblk $*: $message" $?
}

# json EXPRESSION ARGUMENT...: status 0, JSON of which this is true; its keys are kept for interface()
json()
{
	want=$1
	shift
	run "$@"
	[ $status = 0 ] && python3 -c "
import json, sys
j = json.load(open('out'))
sys.exit(not ($want))" 2>> err
	verdict "cfgblk $*: $want" $?
	python3 "$tests/json_keys.py" said "$1" out >> keys
}

# interface: the page has each key that any command printed, and no other
interface()
{
	python3 "$tests/json_keys.py" told "$tests/../../Documentation/user-abi.rst" > page
	sort -u keys | diff - page > out 2> err
	status=$?
	[ $status = 0 ] && [ -s page ]
	verdict "user-abi.rst has the keys of the JSON" $?
}

# refused NAME NUMBER MESSAGE ARGUMENT...: the driver answers this errno
refused()
{
	FAKE_ERROR=$1:$2
	export FAKE_ERROR
	shift 2
	bad 1 "$@"
	unset FAKE_ERROR
}

# at_terminal STREAM INPUT ARGUMENT...: run it while STREAM is a terminal, at which
# somebody has typed INPUT and ^D
at_terminal()
{
	stream=$1
	input=$2
	shift 2
	python3 -c "
import os, subprocess, sys
master, slave = os.openpty()
os.write(master, sys.argv[1].encode() + b'\4')
sys.exit(subprocess.call(sys.argv[2:], $stream=slave))" "$input" "$program" "$@"
}

# on_terminal STREAM MESSAGE ARGUMENT...: wrong usage while STREAM is a terminal,
# at which somebody has typed ^D
on_terminal()
{
	stream=$1
	message=$2
	shift 2
	at_terminal "$stream" '' "$@" > out 2> err < full
	status=$?
	[ $status = 2 ] && [ "$(cat err)" = "$message" ]
	verdict "cfgblk $*: $message" $?
}

# typed TEXT BYTES ARGUMENT...: somebody types this and then ^D at the terminal that
# is standard input, and is told how to end; the driver is sent these bytes
typed()
{
	text=$1
	want=$2
	shift 2
	rm -f log
	FAKE_LOG=log
	export FAKE_LOG
	at_terminal stdin "$text
" "$@" > out 2> err
	status=$?
	unset FAKE_LOG
	[ $status = 0 ] && [ "$(cat err)" = "cfgblk: the data is what you type; Ctrl-D at the start of a line ends it" ] &&
		tail -n 1 log | grep -q " $want"
	verdict "cfgblk $*: typed $text" $?
}

# on_screen OUTPUT MESSAGE ARGUMENT...: done, with exactly this on a terminal that
# is the standard output
on_screen()
{
	want=$1
	message=$2
	shift 2
	python3 -c "
import os, subprocess, sys, tty
master, slave = os.openpty()
tty.setraw(slave)
rc = subprocess.call(sys.argv[1:], stdout=slave)
os.close(slave)
sys.stdout.buffer.write(os.read(master, 4096))
sys.exit(rc)" "$program" "$@" > out 2> err
	status=$?
	[ $status = 0 ] && [ "$(cat out)" = "$want" ] && [ "$(cat err)" = "$message" ]
	verdict "cfgblk $* on a terminal: $want" $?
}

# bar FILE ARGUMENT...: done, and a bar came and went on a terminal that is the
# standard error, with standard output in FILE
bar()
{
	file=$1
	shift
	FAKE_SLOW=400 python3 -c "
import os, subprocess, sys
master, slave = os.openpty()
rc = subprocess.call(sys.argv[1:], stdout=open('$file', 'w'), stderr=slave)
os.close(slave)
said = b''
try:
    while more := os.read(master, 4096):
        said += more
except OSError:
    pass
sys.exit(rc != 0 or b'\r[###' not in said or b' of 5' not in said or
         not said.endswith(b'\r\x1b[K'))" "$program" "$@" 2> err
	status=$?
	[ $status = 0 ]
	verdict "cfgblk $*: a bar on a terminal" $?
}

# sent WORDS ARGUMENT...: the last command begins with these bytes
sent()
{
	want=$1
	shift
	rm -f log
	FAKE_LOG=log
	export FAKE_LOG
	run "$@"
	unset FAKE_LOG
	tail -n 1 log | grep -q "^$want"
	verdict "cfgblk $* sends $want" $?
}

usage()
{
	bad 2 "cfgblk: there is no command 'frob'; cfgblk --help lists them" frob
	bad 2 "cfgblk show: the device: its PCI address or its node is missing" show
	bad 2 "cfgblk read: the block id is missing" read $PF
	bad 2 "cfgblk read: Too many arguments" read $PF 1 2
	bad 2 "cfgblk read: unrecognized option '--frob'" read --frob $PF 1
	for i in -1 +1 1x 4294967296 '' 0x; do
		# shellcheck disable=SC2162 # a word of the command, not the shell's read
		run read $VF -- "$i"
		[ $status = 2 ]
		verdict "block '$i' is wrong usage" $?
	done
	bad 2 "cfgblk read: --vf: '-1' is not a number from 0 to 4294967295 (0xffffffff)" read $PF 1 --vf -1
	bad 2 "cfgblk read: --vf 65535 is no VF's id: for every VF there is --all" read $PF 1 --vf 65535
	bad 2 "cfgblk write: --vf and --all exclude each other" write $PF 1 --vf 1 --all
	bad 2 "cfgblk write: --hex and --file exclude each other" write $PF 1 --vf 1 --hex 00 --file full
	bad 2 "cfgblk write: --hex: '012' is not a row of bytes with two hex digits each" write $PF 1 --vf 1 --hex 012
	bad 2 "cfgblk read: --hex and --json exclude each other" read $VF 1 --hex --json
	for i in 0 129 200 x; do
		bad 2 "cfgblk define: --size: '$i' is not a number from 1 to 128" define $PF 1 --vf 1 --size $i
		bad 2 "cfgblk ping: --size: '$i' is not a number from 1 to 128" ping $VF --size $i
	done
	bad 2 "cfgblk define: --access: 'rx' is none of ro, wo, rw" define $PF 1 --vf 1 --access rx
	bad 2 "cfgblk invalidate: block 64 cannot be invalidated: only ids 0 to 63 have a bit in the block mask; higher ids can only be read and written" invalidate $PF 64 --all
	bad 2 "cfgblk invalidate: --mask and block ids exclude each other" invalidate $PF 1 --mask 1 --all
	bad 2 "cfgblk invalidate: say which blocks: their ids, or --mask MASK" invalidate $PF --all
	bad 2 "cfgblk invalidate: --mask: '0x10000000000000000' is not a number of at most 64 bits" invalidate $PF --all --mask 0x10000000000000000
	bad 2 "cfgblk watch: --timeout: 'x' is not a number of seconds, such as 10 or 0.5" watch $PF --timeout x
	bad 2 "cfgblk watch: --count 0 waits for nothing" watch $PF --count 0
	bad 2 "cfgblk ping: --count 0 measures nothing" ping $VF --count 0
	bad 2 "cfgblk: 'eth0' is neither a PCI address (0000:01:00.0) nor the path of a node (dev/cfgblk/...)" show eth0
	bad 2 "cfgblk: $PF: this is a PF: say which VF is meant, with --vf N or --all" limit $PF
	bad 2 "cfgblk limit: --rate: '9' is not a number from 10 to 1000000; for no limit there is --none" limit $PF --all --rate 9
	bad 2 "cfgblk limit: --rate: '1000001' is not a number from 10 to 1000000; for no limit there is --none" limit $PF --all --rate 1000001
	bad 2 "cfgblk limit: --burst: '0' is not a number from 1 to 1000000; for no limit there is --none" limit $PF --all --rate 10 --burst 0
	bad 2 "cfgblk limit: --burst: '1000001' is not a number from 1 to 1000000; for no limit there is --none" limit $PF --all --rate 10 --burst 1000001
	bad 2 "cfgblk limit: --burst needs --rate" limit $PF --all --burst 10
	bad 2 "cfgblk limit: --none excludes --rate and --burst" limit $PF --all --rate 10 --none
	bad 2 "cfgblk limit: --none excludes --rate and --burst" limit $PF --all --none --burst 10
	bad 2 "cfgblk limit: --json is for showing limits, not for setting them" limit $PF --all --none --json
	bad 2 "cfgblk limit: --json is for showing limits, not for setting them" limit $PF --all --rate 10 --json
	for i in reset save restore; do
		bad 2 "cfgblk: $PF: this is a PF: say which VF is meant, with --vf N" $i $PF
		bad 2 "cfgblk $i: unrecognized option '--all'" $i $PF --all
	done
	for i in define undefine invalidate; do
		bad 2 "cfgblk: $PF: this is a PF: say which VF is meant, with --vf N or --all" $i $PF 1
	done
	bad 2 "cfgblk: $PF: this is a PF: say which VF is meant, with --vf N or --all" write $PF 1 --hex 00
	bad 2 "cfgblk: $PF: this is a PF: say which VF is meant, with --vf N" read $PF 1
	bad 2 "cfgblk: $VF: --vf is for a PF, and this is a VF, which has its own blocks only" read $VF 1 --vf 0
	bad 2 "cfgblk: $VF: --quiet is for a PF, and this is a VF: its writes invalidate nothing" write $VF 1 --hex 00 --quiet
	bad 2 "cfgblk: there is no command 'frob'; cfgblk --help lists them" help frob
	for i in -h --help help '-?'; do
		run "$i"
		[ $status = 0 ] && grep -q '^Usage: cfgblk COMMAND' out && [ ! -s err ]
		verdict "cfgblk $i" $?
	done
	for i in list show stats define undefine write read invalidate watch ping limit reset save restore apply; do
		for word in -h "$PF -h"; do
			# shellcheck disable=SC2086 # words
			run $i $word
			[ $status = 0 ] && grep -q "^Usage: cfgblk $i " out
			verdict "cfgblk $i $word" $?
		done
		run help $i
		[ $status = 0 ] && grep -q "^Usage: cfgblk $i " out
		verdict "cfgblk help $i" $?
		run $i --help
		[ $status = 0 ] && grep -q "^Usage: cfgblk $i " out
		verdict "cfgblk $i --help" $?
	done
	run --version
	[ $status = 0 ] && [ "$(cat out)" = "cfgblk $(sed -n '1s/.*(\(.*\)).*/\1/p' "$tests/../../packaging/debian/changelog")" ]
	verdict "cfgblk --version is that of the packages" $?
}

nodes()
{
	bad 1 "cfgblk: 0000:09:00.0: there is no PCI device with this address (ENOENT); lspci -D lists them" show 9:0.0
	bad 1 "cfgblk: 0000:02:00.0: no driver has it (ENOENT); if cfgblk_pf(4) names this card, as root: modprobe cfgblk_pf; echo cfgblk_pf > /sys/bus/pci/devices/0000:02:00.0/driver_override; echo 0000:02:00.0 > /sys/bus/pci/drivers_probe" show 02:00.0
	bad 1 "cfgblk: 0000:02:10.0: no driver has it (ENOENT); if cfgblk_vf(4) names this card, as root: modprobe cfgblk_vf allow_parent=1; echo cfgblk_vf > /sys/bus/pci/devices/0000:02:10.0/driver_override; echo 0000:02:10.0 > /sys/bus/pci/drivers_probe" show 02:10.0
	mkdir -p sys/module/cfgblk_vf/parameters
	echo N >sys/module/cfgblk_vf/parameters/allow_parent
	bad 1 "cfgblk: 0000:02:10.0: no driver has it: its PF is in this system, and cfgblk_vf was loaded without allow_parent=1 (ENOENT); as root: rmmod cfgblk_vf; modprobe cfgblk_vf allow_parent=1" show 02:10.0
	rm -r sys/module
	has_it='another driver, igb, has it (ENOENT); if cfgblk_pf(4) names this card and nobody needs its network, as root: modprobe cfgblk_pf; echo cfgblk_pf > /sys/bus/pci/devices/0000:02:00.1/driver_override; echo 0000:02:00.1 > /sys/bus/pci/drivers/igb/unbind; echo 0000:02:00.1 > /sys/bus/pci/drivers_probe'
	bad 1 "cfgblk: 0000:02:00.1: $has_it" show 02:00.1
	sed 's/.* as root: //' err | sh -n
	verdict "what to do can be pasted into a shell" $?
	echo 0x010000 >sys/devices/0000:02:00.1/class
	bad 1 "cfgblk: 0000:02:00.1: this is no network card (ENOENT); lspci -D lists them" show 02:00.1
	echo 0x020000 >sys/devices/0000:02:00.1/class
	bad 1 "cfgblk: 0000:02:00.1: $has_it" show 02:00.1
	ln -s ../../drivers/igbvf sys/devices/0000:02:10.0/driver
	bad 1 "cfgblk: 0000:02:10.0: another driver, igbvf, has it (ENOENT); if cfgblk_vf(4) names this card and nobody needs its network, as root: modprobe cfgblk_vf allow_parent=1; echo cfgblk_vf > /sys/bus/pci/devices/0000:02:10.0/driver_override; echo 0000:02:10.0 > /sys/bus/pci/drivers/igbvf/unbind; echo 0000:02:10.0 > /sys/bus/pci/drivers_probe" show 02:10.0
	ln -sfn ../../drivers/vfio-pci sys/devices/0000:02:10.0/driver
	bad 1 "cfgblk: 0000:02:10.0: vfio-pci has it, for a guest (ENOENT); use it in the guest, and in the host its PF: 0000:02:00.0" show 02:10.0
	rm sys/devices/0000:02:10.0/physfn
	bad 1 "cfgblk: 0000:02:10.0: vfio-pci has it, for a guest (ENOENT); use it in the guest" show 02:10.0
	bad 1 "cfgblk: 0000:02:00.2: cfgblk_vf is bound to it, but its node is missing in dev/cfgblk (ENOENT); see whether udev runs and what dmesg says" show 02:00.2
	bad 1 "cfgblk: ./nothing: there is no such node (ENOENT); cfgblk list shows those that there are" show ./nothing
	bad 1 "cfgblk: 0000:03:00.0: this is not a node of cfgblk (ENOTTY); cfgblk list shows those that there are" show 03:00.0
	export FAKE_OPEN=13
	bad 1 "cfgblk: $PF: no permission to open dev/cfgblk/$PF (EACCES); this needs root" show $PF
	unset FAKE_OPEN
	refused INFO 19 "cfgblk: $PF: the device is gone from its driver (ENODEV); cfgblk list shows what is bound now" show $PF
}

writes()
{
	sent 'WRITE 02000000 07000000 03000000 00000000 01abff00' write $PF 7 --vf 2 --hex '01:0xab ff'
	sent 'WRITE ffff0000 07000000 01000000 01000000 00000000' write $PF 7 --all --quiet --hex 00
	sent 'WRITE 00000000 ffffffff 80000000 00000000 00000000' write $VF 0xffffffff --file full
	input=full
	ok '' write $VF 1
	input=over
	bad 1 "cfgblk: $VF: block 1: more than 128 bytes, the most that any block can hold (EMSGSIZE); write less, or to several blocks" write $VF 1
	sent 'WRITE 00000000 01000000 81000000' write $VF 1
	typed ab '03000000 00000000 61620a00' write $VF 1
	input=empty
	bad 1 "cfgblk: $VF: block 1: there is no data to write (EINVAL); give 1 to 128 bytes, with --hex, --file or standard input" write $VF 1
	sent 'WRITE 00000000 01000000 00000000' write $VF 1
	input=
	bad 1 "cfgblk: cannot open nothing: No such file or directory (ENOENT)" write $VF 1 --file nothing
	bad 1 "cfgblk: cannot read dev: Is a directory (EISDIR)" write $VF 1 --file dev
	bad 1 "cfgblk: $PF: block 1 of VF 9: the device cannot have this VF (ENXIO); its VFs are 0 to 3" write $PF 1 --vf 9 --hex 00
	refused WRITE 2 "cfgblk: $PF: block 7 of VF 2: not defined for this VF (ENOENT); define it there: cfgblk define $PF 7 --vf 2" write $PF 7 --vf 2 --hex 00
	refused WRITE 2 "cfgblk: $PF: block 7 of all VFs: at least one VF does not have it, so it was written for none (ENOENT); cfgblk show $PF tells which VFs have it" write $PF 7 --all --hex 00
	refused WRITE 2 "cfgblk: $VF: block 7: not defined for this VF (ENOENT); the host does that: cfgblk define PF 7 --vf 2" write $VF 7 --hex 00
	refused WRITE 13 "cfgblk: $VF: block 7: the VF may not write it, its access is ro (EACCES); the host sets the access: cfgblk define PF 7 --vf 2 --access rw, after undefine" write $VF 7 --hex 00
	refused WRITE 90 "cfgblk: $PF: block 7 of VF 2: 2 bytes are more than the block may have (EMSGSIZE); cfgblk show $PF tells its size" write $PF 7 --vf 2 --hex 0000
	refused WRITE 90 "cfgblk: $VF: block 7: 2 bytes are more than the block may have (EMSGSIZE); the host sets its size: cfgblk define PF 7 --vf 2 --size 2, after undefine" write $VF 7 --hex 0000
}

reads()
{
	sent 'READ 02000000 07000000 80000000 00000000' read $PF 7 --vf 2
	ok 0061ff0a1b read $PF 7 --vf 2 --hex
	ok 0061 read $VF 7 --hex --length 2
	json "j == {'device': '$VF', 'vf': 2, 'block': 7, 'length': 5, 'hex': '0061ff0a1b'}" read $VF 7 -j
	json "j['vf'] == 3" read dev/cfgblk/$PF 7 --vf 3 --json
	# shellcheck disable=SC2162 # as above
	run read $VF 7
	[ $status = 0 ] && [ "$(od -An -tx1 out)" = " 00 61 ff 0a 1b" ]
	verdict "read prints the exact bytes" $?
	on_screen 0061ff0a1b "cfgblk: $VF: block 7 is not text; this is what --hex prints, and > FILE gets its bytes" read $VF 7
	on_screen 0061ff0a1b '' read $VF 7 --hex
	export FAKE_STORE=text
	run define $PF 7 --vf 0
	for i in 6d74753d313530300a:mtu=1500 09207e:"$(printf '\t ~')"; do
		run write $PF 7 --vf 0 --hex "${i%%:*}"
		on_screen "${i#*:}" '' read $PF 7 --vf 0
	done
	for i in 41c3a4 417f 411b 419b 410d 4100; do
		run write $PF 7 --vf 0 --hex $i
		on_screen $i "cfgblk: $PF: block 7 is not text; this is what --hex prints, and > FILE gets its bytes" read $PF 7 --vf 0
	done
	unset FAKE_STORE
	bad 1 "cfgblk: $VF: block 7: a read of 0 bytes reads nothing (EINVAL); ask for 1 to 128 bytes" read $VF 7 --length 0
	bad 1 "cfgblk: $VF: block 7: no block has 129 bytes (EMSGSIZE); ask for 1 to 128 bytes" read $VF 7 --length 129
	for FAKE_LEN in 0 6 129; do
		export FAKE_LEN
		bad 1 "cfgblk: $VF: block 7: asked for 5 bytes, the driver says that it gave $FAKE_LEN (EPROTO); load modules as new as this cfgblk" read $VF 7 --length 5
	done
	unset FAKE_LEN
	refused READ 61 "cfgblk: $PF: block 7 of VF 2: nothing was written to it yet (ENODATA); write it: cfgblk write $PF 7 --vf 2" read $PF 7 --vf 2
	refused READ 61 "cfgblk: $VF: block 7: nothing was written to it yet (ENODATA); wait for the host: cfgblk watch $VF" read $VF 7
	refused READ 13 "cfgblk: $VF: block 7: the VF may not read it, its access is wo (EACCES); the host sets the access: cfgblk define PF 7 --vf 2 --access rw, after undefine" read $VF 7
	refused READ 6 "cfgblk: $VF: block 7: the PF does not have this VF (ENXIO); see in the host whether it is enabled: cfgblk show PF" read $VF 7
	refused READ 11 "cfgblk: $VF: block 7: too many calls wait for the PF already (EAGAIN); try again in a moment" read $VF 7
	refused READ 110 "cfgblk: $VF: block 7: the PF did not answer in time (ETIMEDOUT); see in the host whether cfgblk_pf is bound and the link is up: cfgblk show PF" read $VF 7
	refused READ 104 "cfgblk: $VF: block 7: the link to the PF started afresh meanwhile (ECONNRESET); try again" read $VF 7
	refused READ 71 "cfgblk: $VF: block 7: the PF's answer made no sense (EPROTO); cfgblk stats $VF tells how often; renew the older of the two drivers" read $VF 7
	refused READ 93 "cfgblk: $VF: block 7: the PF's driver has no protocol version in common with ours (EPROTONOSUPPORT); cfgblk show $VF tells both; renew the older" read $VF 7
	refused READ 5 "cfgblk: $VF: block 7: the PF could not do it and does not say why (EIO); dmesg in the host may tell" read $VF 7
	refused READ 16 "cfgblk: $VF: block 7: the PF is busy (EBUSY); try again in a moment" read $VF 7
	refused READ 22 "cfgblk: $VF: block 7: the driver does not take these arguments (EINVAL); load modules as new as this cfgblk" read $VF 7
	refused READ 25 "cfgblk: $VF: block 7: the loaded driver does not know this command (ENOTTY); load modules as new as this cfgblk" read $VF 7
	refused READ 28 "cfgblk: $VF: block 7: No space left on device (ENOSPC)" read $VF 7
	"$program" read $VF 7 > /dev/full 2> err
	status=$?
	[ $status = 1 ] && grep -q ENOSPC err
	verdict "a full disk is a failure" $?
}

definitions()
{
	sent 'DEFINE 02000000 07000000 80000000 03000000' define $PF 7 --vf 2
	sent 'DEFINE ffff0000 07000000 10000000 01000000' define $PF 7 --all --size 16 --access ro
	sent 'UNDEFINE 02000000 07000000 00000000 00000000' undefine $PF 7 --vf 2
	ok '' define $PF 7 --vf 2
	ok '' undefine $PF 7 --all
	for i in define undefine invalidate; do
		run $i $VF 7
		[ $status = 1 ] && grep -q 'this is a VF, and only a PF does this (EPERM)' err
		verdict "$i on a VF: the driver refuses" $?
	done
	sent 'DEFINE 02000000 07000000 01000000 03000000' define $PF 7 --vf 2 --size 1
	refused DEFINE 17 "cfgblk: $PF: block 7 of VF 2: defined already (EEXIST); to change it, first: cfgblk undefine $PF 7 --vf 2" define $PF 7 --vf 2
	refused DEFINE 17 "cfgblk: $PF: block 7 of all VFs: defined already for at least one VF, so nothing was changed (EEXIST); cfgblk show $PF tells which VFs have it" define $PF 7 --all
	refused DEFINE 28 "cfgblk: $PF: block 7 of VF 2: the VF has as many blocks as it may have (ENOSPC); undefine one that nobody needs: cfgblk show $PF --vf 2" define $PF 7 --vf 2
	refused DEFINE 28 "cfgblk: $PF: block 7 of all VFs: a VF has as many blocks as it may have, so nothing was changed (ENOSPC); undefine blocks that nobody needs" define $PF 7 --all
	refused UNDEFINE 2 "cfgblk: $PF: block 7 of VF 2: not defined, so there is nothing to undefine (ENOENT); cfgblk show $PF --vf 2 lists the blocks" undefine $PF 7 --vf 2
	refused UNDEFINE 2 "cfgblk: $PF: block 7 of all VFs: at least one VF does not have it, so nothing was changed (ENOENT); cfgblk show $PF tells which VFs have it" undefine $PF 7 --all
	sent 'INVALIDATE 02000000 00000000 08000200 00000080' invalidate $PF 3 17 0x3f --vf 2
	sent 'INVALIDATE ffff0000 00000000 ffffffff ffffffff' invalidate $PF --all --mask 18446744073709551615
	ok '' invalidate $PF --all --mask 0
	bad 1 "cfgblk: $PF: VF 4: the device cannot have this VF (ENXIO); its VFs are 0 to 3" invalidate $PF 1 --vf 4
}

# tabled TABLE: the blocks in cfgblk show of the PF
tabled()
{
	run show $PF
	sed -n '/^VF *BLOCK/,$p' out > table
	[ $status = 0 ] && printf '%s\n' "$1" | diff - table > err
	verdict "show: the blocks are $(printf '%s' "$1" | sed 1d | tr '\n' ';')" $?
}

# Equal neighbours share a line
tables()
{
	export FAKE_STORE=neighbours
	for i in 0 1 3; do
		run define $PF 4 --vf $i --size 16
		run define $PF 3 --vf $i --size 16
	done
	tabled 'VF   BLOCK  SIZE  ACCESS  HOLDS  WRITTEN BY
0-1  3-4    16    rw      0      nobody
3    3-4    16    rw      0      nobody'
	run define $PF 3 --vf 2 --size 16
	run define $PF 4 --vf 2 --size 16
	tabled 'VF   BLOCK  SIZE  ACCESS  HOLDS  WRITTEN BY
0-3  3-4    16    rw      0      nobody'
	run define $PF 6 --vf 1 --size 16
	tabled 'VF   BLOCK  SIZE  ACCESS  HOLDS  WRITTEN BY
0    3-4    16    rw      0      nobody
1    3-4    16    rw      0      nobody
1    6      16    rw      0      nobody
2-3  3-4    16    rw      0      nobody'
	run undefine $PF 6 --vf 1
	for i in 'write --hex 00' 'define --size 8' 'define --size 16 --access ro' 'define --size 16'; do
		[ "${i%% *}" = write ] || run undefine $PF 4 --vf 3
		# shellcheck disable=SC2086 # words
		run $i $PF 4 --vf 3
		case $i in
		write*) row='16    rw      1      PF' ;;
		*8) row='8     rw      0      nobody' ;;
		*ro) row='16    ro      0      nobody' ;;
		*) tabled 'VF   BLOCK  SIZE  ACCESS  HOLDS  WRITTEN BY
0-3  3-4    16    rw      0      nobody' && continue ;;
		esac
		tabled "VF   BLOCK  SIZE  ACCESS  HOLDS  WRITTEN BY
0-2  3-4    16    rw      0      nobody
3    3      16    rw      0      nobody
3    4      $row"
	done
	json "len(j['blocks']) == 8" show $PF -j
	FAKE_STORE=ranges
	for i in 0:1 0:2 1:1 1:2 1:3 2:2 2:3; do
		run define $PF ${i#*:} --vf ${i%:*}
	done
	for i in 2 3; do
		run define $PF $i --vf 3 --access ro
	done
	tabled 'VF  BLOCK  SIZE  ACCESS  HOLDS  WRITTEN BY
0   1-2    128   rw      0      nobody
1   1-3    128   rw      0      nobody
2   2-3    128   rw      0      nobody
3   2-3    128   ro      0      nobody'
	unset FAKE_STORE
}

lists()
{
	rm dev/cfgblk/0000:03:00.0
	ok 'DEVICE        ROLE  MAP    STATE
0000:01:00.0  PF    i350?  2 of 4 VFs enabled
0000:01:10.4  VF    82576  VF 2, link up' list
	json "[d['role'] for d in j] == ['pf', 'vf'] and j[1]['vf'] == 2 and j[0]['total_vfs'] == 4" list --json
	mv dev/cfgblk kept
	run list
	[ $status = 0 ] && [ ! -s out ] && [ "$(cat err)" = "cfgblk: no function is bound; to bind one: modprobe cfgblk_pf (in the host) or cfgblk_vf (in a guest); if they are loaded, cfgblk show PCI-ADDRESS tells who has the card" ]
	verdict "list without functions" $?
	json 'j == []' list --json
	mv kept dev/cfgblk
	run show $PF
	[ $status = 0 ] && grep -q '^0   0000:01:10.0  vfio-pci  up  .* 3 17 63$' out && grep -q 'untried' out && grep -q '^  buffer        32 bits at a time$' out &&
		grep -q '^0   4294967295  128   rw      0      nobody$' out && ! grep -q "$(printf '\033')" out
	verdict "show of a PF" $?
	grep -qx '  VFs           2 enabled of 4; link up: 1; refused: 1' out && ! grep -q '^[23]  ' out &&
		grep -qx 'VFs that are not enabled and have no blocks: 2' out
	verdict "show of a PF: how many links are up, and no row of a VF that there is not" $?
	run show $PF --vf 2
	[ $status = 0 ] && grep -q '^2   not enabled  -       down' out && grep -qx '  VFs           2 enabled of 4' out &&
		grep -qx "No blocks are defined for VF 2; to define one: cfgblk define $PF 0 --vf 2" out
	verdict "show of a VF that is not enabled, when it is asked for" $?
	FAKE_STORE=$PWD/none run show $PF
	[ $status = 0 ] && grep -qx "No blocks are defined; to define one: cfgblk define $PF 0 --all" out
	verdict "show of a PF of which no VF has blocks" $?
	FAKE_FRESH=1 "$program" show $PF > out 2> err
	status=$?
	[ $status = 0 ] && grep -qx '  VFs           0 enabled of 4' out && ! grep -q '^VFs that' out &&
		grep -qx "No VF is enabled; to enable one: echo 1 > /sys/bus/pci/devices/$PF/sriov_numvfs" out
	verdict "show of a PF without VFs says how to enable one" $?
	json "[v['driver'] for v in j['vfs']] == ['vfio-pci', None, None, None]" show $PF -j
	json "len(j['vfs']) == 4 and j['vfs'][0]['pending'] == '0x8000000000020008' and j['vfs'][0]['pending_blocks'] == [3, 17, 63] and j['untried'] is True" show $PF -j
	json "[b['block'] for b in j['blocks']] == [3, 4294967295] and j['blocks'][0]['writer'] == 'pf' and j['blocks'][1]['writer'] is None" show $PF -j
	json "len(j['vfs']) == 1 and j['vfs'][0]['link'] == 'refused' and j['blocks'] == []" show $PF --vf 1 -j
	json "j['vf'] == 2 and j['transport'] == 'mailbox' and j['partition'] == 'child' and j['link'] == 'up'" show $VF -j
	json "j['wide'] is False and j['wide_failed'] is False and 'wide' not in j['capabilities']" show $PF -j
	json "j['wide'] is True and j['wide_failed'] is False and 'wide' in j['capabilities']" show $VF -j
	run show $VF
	[ $status = 0 ] && grep -q '^  buffer        64 bits at a time$' out
	verdict "show of a VF with 64-bit accesses" $?
	export FAKE_NARROW=1
	run show $VF
	[ $status = 0 ] && grep -q '^  buffer        32 bits at a time: 64 failed their self test$' out
	verdict "show of a VF whose 64-bit accesses failed" $?
	json "j['wide'] is False and j['wide_failed'] is True" show $VF -j
	unset FAKE_NARROW
	export FAKE_DOWN=1
	json "j['vf'] is None and j['link'] == 'down'" show $VF -j
	run show $VF
	[ $status = 0 ] && grep -q 'link          down: the PF has not answered yet' out
	verdict "show of a VF without a link" $?
	refused READ 2 "cfgblk: $VF: block 7: not defined for this VF (ENOENT); the host does that: cfgblk define PF 7 --vf N" read $VF 7
	export FAKE_HYPERV=1
	run show $VF
	[ $status = 0 ] && grep -q 'link          down: the host does not answer' out
	verdict "show of a VF whose host hangs" $?
	unset FAKE_DOWN
	run show $VF
	[ $status = 0 ] && grep -q 'protocol      none of ours' out && grep -q 'transport     hyperv' out &&
		grep -q 'nobody has run this on a real Hyper-V' out && ! grep -q 'register map\|buffer' out
	verdict "show of a VF on Hyper-V" $?
	json "j['transport'] == 'hyperv' and j['untried'] is True and j['map'] == ''" show $VF -j
	refused ECHO 95 "cfgblk: $VF: on Hyper-V nothing but blocks goes to the host, and there is no round trip without one (EOPNOTSUPP); read a block: cfgblk read $VF BLOCK" ping $VF --count 1
	refused READ 110 "cfgblk: $VF: block 7: the host did not answer in time, or hangs over an earlier call (ETIMEDOUT); cfgblk show $VF tells whether it hangs; a write may still arrive" read $VF 7
	unset FAKE_HYPERV
	bad 1 "cfgblk: $PF: VF 4: the device cannot have this VF (ENXIO); its VFs are 0 to 3" show $PF --vf 4
	FAKE_BACK=1
	export FAKE_BACK
	bad 1 "cfgblk: $PF: asked for VF 0's blocks from 4 on, the driver gave block 3 of VF 0 (EPROTO); load modules as new as this cfgblk" show $PF -j
	unset FAKE_BACK
	refused NEXT_BLOCK 19 "cfgblk: $PF: VF 0: the device is gone from its driver (ENODEV); cfgblk list shows what is bound now" show $PF -j
	json "[s['vf'] for s in j['stats']] == [0, 1, 3] and j['stats'][0]['requests'] == 12 and j['stats'][0]['limited'] == 4 and len(j['stats'][0]) == 19" stats $PF -j
	json "[s['vf'] for s in j['stats']] == [2]" stats $PF --vf 2 -j
	json "len(j['stats']) == 1 and j['stats'][0]['vf'] == 2" stats $VF -j
	run stats $PF
	[ $status = 0 ] && grep -q '^requests          12     0    12  requests begun$' out
	verdict "stats of a PF" $?
	run stats $PF
	[ $status = 0 ] && grep -q '^limited            4     0     4  times made to wait, over its limit$' out
	verdict "stats of a PF tell how often a VF was limited" $?
	json "not j['vfs'][0]['limited']" show $PF -j
	run show $PF
	[ $status = 0 ] && ! grep -q limited out
	verdict "show of a PF without a VF over its limit" $?
	export FAKE_LIMITED=1
	json "[v['limited'] for v in j['vfs']] == [True, False, False, False]" show $PF -j
	run show $PF
	[ $status = 0 ] && grep -q '^0   0000:01:10.0  vfio-pci  up, limited ' out && [ "$(grep -c limited out)" = 2 ] &&
		grep -q '; limited: 1$' out
	verdict "show of a PF with a VF over its limit" $?
	unset FAKE_LIMITED
}

# scraped FILE ARGUMENT...: status 0, exactly the bytes of this file
scraped()
{
	want=$1
	shift
	run "$@"
	[ $status = 0 ] && cmp -s "$want" out && [ ! -s err ]
	verdict "cfgblk $*: exactly $(basename "$want")" $?
}

# grouped: the samples of each metric stand together, none is there twice
grouped()
{
	python3 -c "
import sys
lines = open('out').read().splitlines()
samples = [i.split(' ')[0] for i in lines if i[0] != '#']
names = [i.split('{')[0] for i in samples]
blocks = [n for i, n in enumerate(names) if i == 0 or names[i - 1] != n]
typed = [i.split(' ')[2] for i in lines if i.startswith('# TYPE')]
sys.exit(not names or len(set(samples)) != len(samples) or blocks != typed)"
}

prometheus()
{
	export FAKE_LIMITED=1
	scraped "$tests/prometheus-pf.txt" stats --prometheus $PF
	unset FAKE_LIMITED
	scraped "$tests/prometheus-vf.txt" stats --prometheus $VF
	scraped "$tests/prometheus-vf.txt" stats $VF --prometheus dev/cfgblk/$VF
	run stats --prometheus $VF $PF
	[ $status = 0 ] && grouped
	verdict "stats --prometheus of two functions: each metric stands together" $?
	cp out both
	echo something else > dev/cfgblk/0000:03:00.0
	run stats --prometheus
	rm dev/cfgblk/0000:03:00.0
	sort both > want
	[ $status = 1 ] && [ "$(wc -l < err)" = 1 ] &&
		grep -q '0000:03:00.0: this is not a node' err &&
		sort out | cmp -s want -
	verdict "stats --prometheus: all functions, and who fails does not keep the others back" $?
	export FAKE_DOWN=1
	run stats --prometheus $VF
	grep -q "^cfgblk_link_state{device=\"$VF\",role=\"vf\",vf=\"\"} 0$" out
	verdict "stats --prometheus of a VF that does not know its id" $?
	unset FAKE_DOWN
	cp dev/cfgblk/$VF 'a"b\c'
	run stats --prometheus './a"b\c'
	grep -qF '{device="./a\"b\\c",role="vf",vf="2"} 12' out
	verdict "stats --prometheus escapes what a label cannot hold" $?
	mv dev gone
	ok '' stats --prometheus
	mv gone dev
	for i in -j --vf=0; do
		bad 2 "cfgblk stats: --prometheus excludes --json and --vf" stats --prometheus $i $PF
	done
	bad 2 "cfgblk stats: Too many arguments" stats $PF $VF
	refused LINK 19 "cfgblk: $VF: the device is gone from its driver (ENODEV); cfgblk list shows what is bound now" stats --prometheus $VF
	"$program" stats --prometheus $VF > /dev/full 2> err
	status=$?
	[ $status = 1 ] && grep -q ENOSPC err
	verdict "stats --prometheus: a full disk is a failure" $?
}

events()
{
	export FAKE_EVENTS=3
	ok 'invalidated 3 17' watch $VF --count 1
	run watch $PF --count 2
	[ $status = 0 ] && [ "$(cat out)" = 'vf 2 wrote block 5 (16 bytes)
vf 2 wrote block 5 (16 bytes)' ] && [ "$(cat err)" = "cfgblk: $PF: 7 events found no room and are lost" ]
	verdict "watch on a PF, with lost events" $?
	json "j['blocks'] == [3, 17] and j['mask'] == '0x20008'" watch $VF --count 1 -j
	json "j['vf'] == 2 and j['block'] == 5 and j['length'] == 16" watch $PF --count 1 -j
	run watch $VF --timeout 0.05
	[ $status = 0 ] && [ "$(wc -l < out)" = 3 ]
	verdict "watch until the time is up" $?
	run watch $VF --timeout 0.05 --count 4
	[ $status = 1 ] && [ "$(cat err)" = "cfgblk: $VF: 3 of 4 events came within 0.05 s (ETIMEDOUT); cfgblk show $VF tells whether the link is up" ]
	verdict "watch with too few events" $?
	"$program" watch $VF --count 1 > /dev/full 2> err
	status=$?
	[ $status = 1 ] && grep -q ENOSPC err
	verdict "watch into a full disk" $?
	unset FAKE_EVENTS
	bad 1 "cfgblk: $VF: no event came within 0.05 s (ETIMEDOUT); cfgblk show $VF tells whether the link is up" watch $VF --timeout 0.05
	export FAKE_HANGUP=1
	bad 1 "cfgblk: $VF: the device is gone from its driver (ENODEV); cfgblk list shows what is bound now" watch $VF
	unset FAKE_HANGUP
	refused EVENT 19 "cfgblk: $VF: the device is gone from its driver (ENODEV); cfgblk list shows what is bound now" watch $VF
}

pings()
{
	run ping $VF --count 3 --size 1
	[ $status = 0 ] && grep -Eqx '3 round trips of 1 byte: min [0-9.]+ us, median [0-9.]+ us, 90th percentile [0-9.]+ us, max [0-9.]+ us' out
	verdict "ping" $?
	bar out ping $VF --count 5
	FAKE_SLOW=400
	export FAKE_SLOW
	run ping $VF --count 4
	[ $status = 0 ] && [ ! -s err ]
	verdict "ping: and none in a log" $?
	unset FAKE_SLOW
	json "j['count'] == 10 and j['size'] == 16 and j['min_ns'] <= j['median_ns'] <= j['p90_ns'] <= j['max_ns']" ping $VF -j
	bad 1 "cfgblk: $PF: this is a PF, and round trips start at a VF (EPERM); run it on a VF: cfgblk list shows them" ping $PF
	export FAKE_GARBLE=1
	bad 1 "cfgblk: $VF: round trip 1 of 10: other bytes came back than were sent (EPROTO); cfgblk stats $VF tells about errors" ping $VF
	unset FAKE_GARBLE
	refused ECHO 110 "cfgblk: $VF: the PF did not answer in time (ETIMEDOUT); see in the host whether cfgblk_pf is bound and the link is up: cfgblk show PF" ping $VF
}

limits()
{
	export FAKE_LIMITED=1
	ok 'VF  MESSAGES/S  BURST  LIMITED NOW
0        10000  20000  yes
1         none   none  no
2        10000  20000  no
3        10000  20000  no' limit $PF --all
	ok 'VF  MESSAGES/S  BURST  LIMITED NOW
1         none   none  no' limit $PF --vf 1
	json "j['device'] == '$PF' and j['limits'][:2] == [{'vf': 0, 'rate': 10000, 'burst': 20000, 'limited': True}, {'vf': 1, 'rate': None, 'burst': None, 'limited': False}] and len(j['limits']) == 4" limit $PF --all -j
	unset FAKE_LIMITED
	json "[l['limited'] for l in j['limits']] == [False]" limit $PF --vf 0 --json
	sent 'LIMIT 02000000 01000000 64000000 05000000$' limit $PF --vf 2 --rate 100 --burst 5
	sent 'LIMIT ffff0000 01000000 0a000000 14000000$' limit $PF --all --rate 10
	sent 'LIMIT 02000000 01000000 21a10700 40420f00$' limit $PF --vf 2 --rate 500001
	sent 'LIMIT 02000000 01000000 40420f00 40420f00$' limit $PF --vf 2 --rate 1000000
	sent 'LIMIT ffff0000 01000000 00000000 00000000$' limit $PF --all --none
	ok '' limit $PF --all --rate 10
	ok '' limit $PF --vf 2 --none
	bad 1 "cfgblk: $PF: VF 4: the device cannot have this VF (ENXIO); its VFs are 0 to 3" limit $PF --vf 4
	bad 1 "cfgblk: $PF: VF 4: the device cannot have this VF (ENXIO); its VFs are 0 to 3" limit $PF --vf 4 --none
	bad 1 "cfgblk: $VF: this is a VF, and only a PF does this (EPERM); run it in the host, on the VF's PF" limit $VF
	refused LIMIT 25 "cfgblk: $PF: VF 2: the loaded driver does not know this command (ENOTTY); load modules as new as this cfgblk" limit $PF --vf 2
}

# saved LENGTH TRIES: cfgblk save gives a state of this length, so many calls
saved()
{
	rm -f log
	FAKE_STATE=$1 FAKE_LOG=log "$program" save $PF --vf 2 > out 2> err
	status=$?
	[ $status = 0 ] && [ "$(wc -c < out)" = "$1" ] &&
		[ "$(grep -c '^SAVE 02000000 ' log)" = "$2" ]
	verdict "save of a state of $1 bytes takes $2 calls" $?
}

saves()
{
	saved 52 1
	saved 65536 1
	saved 65537 2
	saved 1081408 2
	FAKE_STATE=65537 FAKE_GROW=-1 "$program" save $PF --vf 2 > out 2> err
	status=$?
	[ $status = 0 ] && [ "$(wc -c < out)" = 65536 ]
	verdict "save of a state that shrinks between two tries" $?
	FAKE_GROW=1000
	FAKE_STATE=65537
	export FAKE_GROW FAKE_STATE
	bad 1 "cfgblk: $PF: VF 2: the state grew each time that it was read (ENOBUFS); try again" save $PF --vf 2
	unset FAKE_GROW
	FAKE_STATE=1081409
	bad 1 "cfgblk: $PF: VF 2: room for 65536 bytes, and the driver says 1081409 (EPROTO); load modules as new as this cfgblk" save $PF --vf 2
	FAKE_STATE=100
	for FAKE_LEN in 0 65537; do
		export FAKE_LEN
		bad 1 "cfgblk: $PF: VF 2: room for 65536 bytes, and the driver says $FAKE_LEN (EPROTO); load modules as new as this cfgblk" save $PF --vf 2
	done
	unset FAKE_LEN
	refused SAVE 105 "cfgblk: $PF: VF 2: room for 65536 bytes, and the driver says 65536 (EPROTO); load modules as new as this cfgblk" save $PF --vf 2
	refused SAVE 12 "cfgblk: $PF: VF 2: the kernel is out of memory (ENOMEM); try again" save $PF --vf 2
	bad 1 "cfgblk: $PF: VF 4: the device cannot have this VF (ENXIO); its VFs are 0 to 3" save $PF --vf 4
	bad 1 "cfgblk: $VF: this is a VF, and only a PF does this (EPERM); run it in the host, on the VF's PF" save $VF
	on_terminal stdout "cfgblk: standard output is a terminal, and a state is not text; add: > FILE" save $PF --vf 2
	"$program" save $PF --vf 2 > /dev/full 2> err
	status=$?
	[ $status = 1 ] && grep -q ENOSPC err
	verdict "save into a full disk" $?
	unset FAKE_STATE
}

# restored FILE: cfgblk restore hands its bytes to the driver, all at once
restored()
{
	rm -f log to
	FAKE_RESTORED=to FAKE_LOG=log "$program" restore $PF --vf 2 < "$1" > out 2> err
	status=$?
	[ $status = 0 ] && [ ! -s out ] && [ ! -s err ] && cmp -s "$1" to &&
		[ "$(grep -c '^RESTORE 02000000 ' log)" = 1 ]
	verdict "restore of $(wc -c < "$1") bytes" $?
}

restores()
{
	restored full
	FAKE_STATE=1081408 "$program" save $PF --vf 1 > state
	restored state
	rm -f to
	head -c 300000 state | FAKE_RESTORED=to "$program" restore $PF --vf 2 2> err
	status=$?
	[ $status = 0 ] && head -c 300000 state | cmp -s - to
	verdict "restore from a pipe reads all of it" $?
	echo x >> state
	input=state
	rm -f log
	export FAKE_LOG=log
	bad 1 "cfgblk: $PF: more than 1081408 bytes are no state (EMSGSIZE); give what cfgblk save wrote" restore $PF --vf 2
	grep -q INFO log && ! grep -q RESTORE log
	verdict "restore of too much does not reach the driver" $?
	unset FAKE_LOG
	input=empty
	bad 1 "cfgblk: $PF: VF 2: standard input is empty (EINVAL); give it what cfgblk save wrote" restore $PF --vf 2
	input=full
	refused RESTORE 22 "cfgblk: $PF: VF 2: this is no saved state, or one without sense (EINVAL); give what cfgblk save wrote" restore $PF --vf 2
	refused RESTORE 74 "cfgblk: $PF: VF 2: the state is damaged or cut off (EBADMSG); save it again" restore $PF --vf 2
	refused RESTORE 93 "cfgblk: $PF: VF 2: a newer cfgblk made the state, or its VF driver speaks other versions (EPROTONOSUPPORT); renew cfgblk_pf" restore $PF --vf 2
	refused RESTORE 28 "cfgblk: $PF: VF 2: the state has more blocks than a VF may have (ENOSPC); undefine some, save again" restore $PF --vf 2
	bad 1 "cfgblk: $PF: VF 4: the device cannot have this VF (ENXIO); its VFs are 0 to 3" restore $PF --vf 4
	bad 1 "cfgblk: $VF: this is a VF, and only a PF does this (EPERM); run it in the host, on the VF's PF" restore $VF
	input=dev
	bad 1 "cfgblk: cannot read standard input: Is a directory (EISDIR)" restore $PF --vf 2
	input=
	on_terminal stdin "cfgblk: standard input is a terminal, and a state is not text; add: < FILE" restore $PF --vf 2
}

# unreset VARIABLE NUMBER MESSAGE: the kernel answers this errno to a reset
unreset()
{
	export "$1=$2"
	bad 1 "cfgblk: $PF: VF 0: $3" reset $PF --vf 0
	unset "$1"
}

resets()
{
	reset=sys/devices/0000:01:10.0/reset
	unreset FAKE_RESET_OPEN 13 "no permission to reset it (EACCES); this needs root"
	unreset FAKE_RESET_OPEN 19 "not enabled (ENODEV); when nobody needs the VFs that are, write 0 and then 1 or more to the PF's sriov_numvfs"
	unreset FAKE_RESET 1 "no permission to reset it (EPERM); this needs root"
	unreset FAKE_RESET 25 "no reset method of it works (ENOTTY); write default to its reset_method"
	unreset FAKE_RESET 5 "cannot reset it: Input/output error (EIO)"
	bad 1 "cfgblk: $PF: VF 1: not enabled (ENODEV); when nobody needs the VFs that are, write 0 and then 2 or more to the PF's sriov_numvfs" reset $PF --vf 1
	FAKE_FRESH=1
	export FAKE_FRESH
	bad 1 "cfgblk: $PF: VF 1: not enabled (ENODEV); write 2 or more to the PF's sriov_numvfs" reset $PF --vf 1
	unset FAKE_FRESH
	bad 1 "cfgblk: $PF: VF 4: the device cannot have this VF (ENXIO); its VFs are 0 to 3" reset $PF --vf 4
	bad 1 "cfgblk: $VF: this is a VF, and only a PF does this (EPERM); run it in the host, on the VF's PF" reset $VF
	cp dev/cfgblk/$PF card
	bad 2 "cfgblk: ./card: the node's name is no PCI address; give the address" reset ./card --vf 0
	cmp -s empty $reset
	verdict "what was refused reset nothing" $?
	ok '' reset $PF --vf 0
	[ "$(cat $reset)" = 1 ]
	verdict "reset writes to the VF's reset file" $?
	rm $reset
	unreset FAKE_NOTHING 0 "the kernel has no method to reset it (ENOENT); disable and enable the VFs"
	[ ! -e $reset ]
	verdict "reset makes no file" $?
}

# named FILE WORDS: the page has each of them
named()
{
	: > err
	for i in $2; do
		grep -q "\\b$i\\b" "$1" || echo "$1: no $i" >> err
	done
	[ -n "$2" ] && [ ! -s err ]
	verdict "${1##*/} names all that there is" $?
}

# files PAGE: its FILES name all that the driver shows in sysfs
files()
{
	sed -n '/^.SH FILES/,/^.SH [^F]/p' "$tests/../cfgblk_$1.4" > "cfgblk_$1.4: FILES"
	named "cfgblk_$1.4: FILES" "$(sed -n 's/^static DEVICE_ATTR_RO(\(.*\));/\1/p' "$tests/../../$1/sysfs.c") debug/cfgblk"
}

manuals()
{
	header=$tests/../../include/uapi/linux/cfgblk.h
	named "$tests/../cfgblk.4" "$(sed -n 's/^#define \(CFGBLK_IOC_[A-Z_]*\)\t*_IO.*/\1/p' "$header")"
	for end in pf vf; do
		files $end
		named "$tests/../cfgblk_$end.4" "$(sed -n 's/^module_param(\([a-z_]*\),.*/\1/p' "$tests"/../../$end/*.c)"
	done
	for i in cfgblk.8 cfgblk.4 cfgblk_hvif.4 cfgblk_pf.4 cfgblk_vf.4; do
		groff -man -ww -z "$tests/../$i" 2> err
		status=$?
		[ $status = 0 ] && [ ! -s err ]
		verdict "$i has no mistakes of form" $?
	done
}

# site JSON: the file that cfgblk apply is given
site()
{
	printf '%s\n' "$1" > conf/site.json
}

# wrong JSON MESSAGE: cfgblk apply refuses this file, and asks nothing of a PF
wrong()
{
	site "$1"
	rm -f log
	export FAKE_LOG=log
	bad 1 "cfgblk: conf/site.json: $2" apply conf/site.json
	unset FAKE_LOG
	[ ! -e log ]
	verdict "and no device was opened" $?
}

# wrong_block JSON MESSAGE: the same, of a block
wrong_block()
{
	wrong '{"01:00.0": {"vfs": {"2": {"blocks": [{"id": 1}, '"$1"']}}}}' \
		"/01:00.0/vfs/2/blocks/1$2"
}

apply_files()
{
	bad 2 "cfgblk apply: the file is missing" apply
	bad 2 "cfgblk apply: Too many arguments" apply 1 2
	bad 1 "cfgblk: nothing: cannot open it: No such file or directory (ENOENT); give the path of a JSON file" apply nothing
	wrong '{
 x' "line 2, column 2: string or '}' expected near 'x' (EINVAL); correct it there"
	wrong '{"a": 1, "a": 2}' 'line 1, column 12: duplicate object key near '\''"a"'\'' (EINVAL); correct it there'
	wrong '[]' "this is not an object (EINVAL); write it as { ... }"
	wrong '{"eth0": {}}' "/eth0: not a PCI address (EINVAL); write the PF's PCI address, such as 0000:01:00.0"
	wrong '{"01:00.0": {}, "0000:01:00.0": {}}' "/0000:01:00.0: this PF is there twice (EEXIST); keep one of the two"
	wrong '{"01:00.0": {"a\u001b/b": 1}}' "/01:00.0/a?~1b: unknown key (EINVAL); correct or remove it; there are: only, vfs"
	wrong '{"01:00.0": {"only": 1}}' "/01:00.0/only: neither true nor false (EINVAL); write true or false"
	wrong '{"01:00.0": {"vfs": []}}' "/01:00.0/vfs: this is not an object (EINVAL); write it as { ... }"
	wrong '{"01:00.0": {"vfs": {"x": {}}}}' "/01:00.0/vfs/x: not a VF (EINVAL); write the VF id, from 0, or all"
	wrong '{"01:00.0": {"vfs": {"2": {}, "0x2": {}}}}' "/01:00.0/vfs/0x2: this VF is there twice (EEXIST); keep one of the two"
	wrong '{"01:00.0": {"vfs": {"2": {"block": []}}}}' "/01:00.0/vfs/2/block: unknown key (EINVAL); correct or remove it; there are: blocks, limit"
	wrong '{"01:00.0": {"vfs": {"2": {"blocks": {}}}}}' "/01:00.0/vfs/2/blocks: this is not a list (EINVAL); write it as [ ... ]"
	wrong '{"01:00.0": {"vfs": {"2": {"limit": 5}}}}' '/01:00.0/vfs/2/limit: not a limit (EINVAL); write "none" or { "rate": N, "burst": N }'
	wrong '{"01:00.0": {"vfs": {"2": {"limit": {"burst": 5}}}}}' '/01:00.0/vfs/2/limit: the rate is missing (EINVAL); add "rate", or write "none" for no limit'
	wrong '{"01:00.0": {"vfs": {"2": {"limit": {"rate": 9}}}}}' "/01:00.0/vfs/2/limit/rate: not a whole number in its bounds (EINVAL); give a number from 10 to 1000000"
	wrong '{"01:00.0": {"vfs": {"2": {"limit": {"rate": 10, "burst": 0}}}}}' "/01:00.0/vfs/2/limit/burst: not a whole number in its bounds (EINVAL); give a number from 1 to 1000000"
}

apply_blocks()
{
	wrong '{"01:00.0": {"vfs": {"2": {"blocks": [{"id": 1}, {"id": 1}]}}}}' "/01:00.0/vfs/2/blocks: block 1 is there twice (EEXIST); keep one of the two"
	wrong_block 3 ": this is not an object (EINVAL); write it as { ... }"
	wrong_block '{"size": 1}' ': the block id is missing (EINVAL); add "id"'
	wrong_block '{"id": 2, "data": 1}' "/data: unknown key (EINVAL); correct or remove it; there are: id, size, access, hex, text, file"
	wrong_block '{"id": -1}' "/id: not a whole number in its bounds (EINVAL); give a number from 0 to 4294967295"
	wrong_block '{"id": 4294967296}' "/id: not a whole number in its bounds (EINVAL); give a number from 0 to 4294967295"
	wrong_block '{"id": 2, "size": 129}' "/size: not a whole number in its bounds (EINVAL); give a number from 1 to 128"
	wrong_block '{"id": 2, "size": 1.5}' "/size: not a whole number in its bounds (EINVAL); give a number from 1 to 128"
	wrong_block '{"id": 2, "access": "rx"}' "/access: not an access (EINVAL); write ro, wo or rw"
	wrong_block '{"id": 2, "access": 1}' '/access: this is not a word (EINVAL); write it as "...", without \u0000'
	wrong_block '{"id": 2, "hex": "012"}' '/hex: not a row of bytes with two hex digits each (EINVAL); write it as "01 02 ff"'
	wrong_block '{"id": 2, "hex": "01\u0000"}' '/hex: this is not a word (EINVAL); write it as "...", without \u0000'
	wrong_block '{"id": 2, "hex": ""}' "/hex: there are no bytes in it (EINVAL); give 1 byte or more, or leave the key out"
	wrong_block '{"id": 2, "text": 1}' '/text: this is not text (EINVAL); write it as "..."'
	wrong_block '{"id": 2, "size": 1, "text": "ab"}' "/text: 2 bytes are more than the block's size, 1 (EMSGSIZE); write less, or raise the size"
	wrong_block '{"id": 2, "hex": "01", "text": "a"}' "/text: the block has contents already (EINVAL); keep one of hex, text and file"
	wrong_block '{"id": 2, "file": "none"}' "/file: cannot read conf/none: No such file or directory (ENOENT); correct the path, which counts from the directory of this file"
	wrong_block '{"id": 2, "file": "../dev"}' "/file: cannot read conf/../dev: Is a directory (EISDIR); correct the path, which counts from the directory of this file"
	wrong_block '{"id": 2, "file": "../over"}' "/file: more than 128 bytes, the most that any block can hold (EMSGSIZE); write less, or to several blocks"
	wrong_block '{"id": 2, "file": "../empty"}' "/file: there are no bytes in it (EINVAL); give 1 byte or more, or leave the key out"
}

apply_devices()
{
	site '{"01:10.4": {}}'
	bad 1 "cfgblk: conf/site.json: /$VF: this is a VF (EPERM); write the address of its PF: cfgblk list shows it" apply conf/site.json
	site '{"09:00.0": {}}'
	bad 1 "cfgblk: 0000:09:00.0: there is no PCI device with this address (ENOENT); lspci -D lists them" apply conf/site.json
	site '{"01:00.0": {"only": true, "vfs": {"all": {"blocks": [{"id": 1}]}, "4": {}}}}'
	export FAKE_LOG=log
	rm -f log
	bad 1 "cfgblk: conf/site.json: /$PF/vfs: the device cannot have VF 4, as it has at most 4 VFs (ENXIO); correct or remove it" apply conf/site.json
	! grep -v '^INFO' log
	verdict "apply with a wrong VF asks for nothing but what the PF is" $?
	unset FAKE_LOG
	ok 'nothing to do' apply empty.json
}

# same NAME: the PF is as it was
same()
{
	cmp -s store store.before
	verdict "$1" $?
}

apply_changes()
{
	export FAKE_STORE=store
	site '{"01:00.0": {"vfs": {
		"all": {"limit": {"rate": 100}, "blocks": [
			{"id": 3, "size": 16, "access": "ro", "text": "a\u0000b"},
			{"id": 4294967295, "hex": "01 ff"}]},
		"2": {"limit": "none", "blocks": [
			{"id": 7, "access": "wo"}, {"id": 3, "file": "content"}]}}}}'
	printf 'from a file' > conf/content
	ok "$PF: VF 0: block 3: define (16 bytes, ro)
$PF: VF 0: block 3: publish (3 bytes)
$PF: VF 0: block 4294967295: define (128 bytes, rw)
$PF: VF 0: block 4294967295: publish (2 bytes)
$PF: VF 0: limit: none -> 100 messages/s, burst 200
$PF: VF 1: block 3: define (16 bytes, ro)
$PF: VF 1: block 3: publish (3 bytes)
$PF: VF 1: block 4294967295: define (128 bytes, rw)
$PF: VF 1: block 4294967295: publish (2 bytes)
$PF: VF 1: limit: none -> 100 messages/s, burst 200
$PF: VF 2: block 3: define (128 bytes, rw)
$PF: VF 2: block 3: publish (11 bytes)
$PF: VF 2: block 7: define (128 bytes, wo)
$PF: VF 2: block 4294967295: define (128 bytes, rw)
$PF: VF 2: block 4294967295: publish (2 bytes)
$PF: VF 3: block 3: define (16 bytes, ro)
$PF: VF 3: block 3: publish (3 bytes)
$PF: VF 3: block 4294967295: define (128 bytes, rw)
$PF: VF 3: block 4294967295: publish (2 bytes)
$PF: VF 3: limit: none -> 100 messages/s, burst 200
20 changes to make; nothing was changed" apply conf/site.json --dry-run
	[ ! -e store ]
	verdict "a dry run changes nothing" $?
	json "len(j['changes']) == 20 and not j['dry_run'] and j['file'] == 'conf/site.json'" apply conf/site.json -j
	ok 610062 read $PF 3 --vf 3 --hex
	ok 'from a file' read $PF 3 --vf 2
	cp store store.before
	rm -f log
	FAKE_LOG=log
	export FAKE_LOG
	ok 'nothing to do' apply conf/site.json
	unset FAKE_LOG
	! grep -E '^(UN)?DEFINE|^WRITE|^LIMIT ........ 01' log && cmp -s store store.before
	verdict "applying twice changes nothing" $?
	json "j['changes'] == []" apply conf/site.json -j
}

# What is there is that of apply_changes
apply_differences()
{
	run define $PF 9 --vf 1
	site '{"01:00.0": {"vfs": {"1": {"limit": {"rate": 50, "burst": 3}, "blocks": [
		{"id": 3, "size": 8, "access": "ro", "hex": "00"},
		{"id": 4294967295, "hex": "01 fe"}]}}}}'
	cp store store.before
	json "j['dry_run'] and [c['change'] for c in j['changes']] == ['redefine', 'publish', 'publish', 'limit'] and j['changes'][0] == {'device': '$PF', 'vf': 1, 'change': 'redefine', 'block': 3, 'size': 8, 'access': 'ro', 'from': {'size': 16, 'access': 'ro'}} and j['changes'][1]['hex'] == '00' and j['changes'][3]['from'] == {'rate': 100, 'burst': 200} and j['changes'][3]['to'] == {'rate': 50, 'burst': 3}" apply conf/site.json --dry-run --json
	same "a dry run with --json changes nothing"
	ok "$PF: VF 1: block 3: undefine (16 bytes, ro), with what it holds, and define (8 bytes, ro)
$PF: VF 1: block 3: publish (1 byte)
$PF: VF 1: block 4294967295: publish (2 bytes)
$PF: VF 1: limit: 100 messages/s, burst 200 -> 50 messages/s, burst 3" apply conf/site.json
	ok 'nothing to do' apply conf/site.json
	site '{"01:00.0": {"only": true, "vfs": {"1": {"limit": "none", "blocks": [
		{"id": 2, "access": "wo"}, {"id": 4294967295}]}, "all": {"blocks": [{"id": 3}]}}}}'
	ok "$PF: VF 0: block 4294967295: undefine
$PF: VF 0: block 3: undefine (16 bytes, ro), with what it holds, and define (128 bytes, rw)
$PF: VF 1: block 9: undefine
$PF: VF 1: block 2: define (128 bytes, wo)
$PF: VF 1: block 3: undefine (8 bytes, ro), with what it holds, and define (128 bytes, rw)
$PF: VF 1: limit: 50 messages/s, burst 3 -> none
$PF: VF 2: block 7: undefine
$PF: VF 2: block 4294967295: undefine
$PF: VF 3: block 4294967295: undefine
$PF: VF 3: block 3: undefine (16 bytes, ro), with what it holds, and define (128 bytes, rw)" apply conf/site.json
	ok 'nothing to do' apply conf/site.json
	ok 01fe read $PF 4294967295 --vf 1 --hex
}

# Only one thing differs
apply_single()
{
	export FAKE_STORE=single
	run define $PF 3 --vf 1 --access ro
	run limit $PF --vf 1 --rate 50 --burst 3
	site '{"01:00.0": {"vfs": {"1": {"limit": {"rate": 50, "burst": 4}, "blocks": [{"id": 3}]}}}}'
	ok "$PF: VF 1: block 3: undefine (128 bytes, ro), with what it holds, and define (128 bytes, rw)
$PF: VF 1: limit: 50 messages/s, burst 3 -> 50 messages/s, burst 4" apply conf/site.json
	site '{"01:00.0": {"only": false, "vfs": {"1": {"blocks": []}}}}'
	ok 'nothing to do' apply conf/site.json
	site '{"01:00.0": {"only": true}}'
	ok "$PF: VF 1: block 3: undefine" apply conf/site.json
	site '{"01:00.0": {"vfs": {"0": {"blocks": [{"id": 1}, {"id": 2}, {"id": 3}, {"id": 4}, {"id": 5}]}}}}'
	bar made apply conf/site.json
	[ "$(wc -l < made)" = 5 ]
	verdict "and the lines are in the file" $?
	unset FAKE_STORE
}

apply_refusals()
{
	site '{"01:00.0": {"vfs": {"0": {"blocks": [{"id": 3, "text": "x"}]}}}}'
	FAKE_WRITER=2 "$program" write $PF 3 --vf 0 --hex 78
	ok "$PF: VF 0: block 3: publish (1 byte)" apply conf/site.json
	ok 'nothing to do' apply conf/site.json
	refused READ 19 "cfgblk: $PF: block 3 of VF 0: the device is gone from its driver (ENODEV); cfgblk list shows what is bound now" apply conf/site.json
	site '{"01:00.0": {"vfs": {"0": {"blocks": [{"id": 1}, {"id": 3, "text": "y"}, {"id": 4}]}}}}'
	for i in '' -j; do
		FAKE_ERROR=WRITE:12 "$program" apply conf/site.json $i > out 2> err
		status=$?
		[ $status = 1 ] && [ -s out ] && grep -q "^cfgblk: $PF: block 3 of VF 0: the kernel is out of memory (ENOMEM); try again$" err &&
			grep -q '^cfgblk: conf/site.json: [01] of [23] changes were made; apply it again when the cause is gone$' err
		verdict "a change that fails ends it, and it says how far it came $i" $?
	done
	ok "$PF: VF 0: block 3: publish (1 byte)
$PF: VF 0: block 4: define (128 bytes, rw)" apply conf/site.json
	"$program" apply conf/site.json > /dev/full 2> err
	status=$?
	[ $status = 1 ] && grep -q ENOSPC err
	verdict "apply into a full disk" $?
	unset FAKE_STORE
}

# The manual page's example is a file that can be applied
apply_example()
{
	sed -n '/^{$/,/^}$/p' "$manual" > conf/site.json
	mkdir conf/keys
	cp full conf/keys/vf0.bin
	json "len(j['changes']) == 19 and sum(c['change'] == 'limit' for c in j['changes']) == 3" apply conf/site.json -j
	ok 'nothing to do' apply conf/site.json
	ok mtu=1500 read $PF 3 --vf 0
	ok mtu=9000 read $PF 3 --vf 3
	rm -f log
}

applies()
{
	mkdir conf
	echo '{}' > empty.json
	apply_files
	apply_blocks
	apply_devices
	apply_changes
	apply_differences
	apply_refusals
	apply_single
	export FAKE_STORE=example
	apply_example
	unset FAKE_STORE
}

input=
setup
usage
nodes
writes
reads
definitions
tables
lists
prometheus
events
pings
limits
saves
restores
resets
manuals
applies
interface
echo "1..$n"
[ $failed = 0 ]
