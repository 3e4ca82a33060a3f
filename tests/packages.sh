#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# make check-packages: what make deb builds is built, checked, installed, loaded, upgraded and removed on Debian 12 and
# 13. Each has a root file system, made once (tests/packages/lib.sh), in which DKMS builds at the speed of this machine;
# then it is that of a test machine with systemd, udev and a 82576.
#
# Usage: packages.sh          all of it
#        packages.sh short    without the machine
#
# DEBIAN="12 13"  which of them
# JOBS            how many of them at once; 2 unless given

set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/rig/lib.sh"
. "$RIG_DIR/apt.sh"
. "$TOP_DIR/tests/packages/lib.sh"
. "$TOP_DIR/tests/log.sh"

DEBIAN=${DEBIAN:-12 13}
JOBS=${JOBS:-2}
OUT=$TOP_DIR/build/packages
SHORT=${1:-}
MODULES=(cfgblk cfgblk_pf cfgblk_vf cfgblk_hvif)

# The version that is there, that of the upgrade, and by what its modules and its unit are known
FIRST=
NEXT=99.0
MARK="the upgrade"

# Below, in the subshell of one Debian: its number, its directory, its root file system with the kernel in it, whether a
# test has failed, and the process that the machine asks
D=
DIR=
ROOT_TREE=
RELEASE=
FAILED=
SERVER=

# check NAME COMMAND...: it has to succeed
check()
{
	local name=$1 rc
	shift

	set +e
	(set -e; "$@") >"$DIR/said" 2>&1
	rc=$?
	set -e
	if [ "$rc" -eq 0 ]; then
		printf 'ok - packages: Debian %s: %s\n' "$D" "$name"
	else
		printf 'not ok - packages: Debian %s: %s (status %s)\n' "$D" "$name" "$rc"
		tail -n 40 "$DIR/said" | sed 's/^/# /'
		FAILED=1
	fi
}

inside()
{
	in_tree "$ROOT_TREE" "$@"
}

# build VERSION: the packages to /root/debs/VERSION
build()
{
	inside make -s -C /root/cfgblk deb
	mkdir -p "$ROOT_TREE/root/debs/$1"
	mv "$ROOT_TREE"/root/cfgblk/build/deb/*.{deb,changes,buildinfo} "$ROOT_TREE/root/debs/$1/"
	[ "$(cd "$ROOT_TREE/root/debs/$1" && echo *_"$1"_*.deb)" = \
		"cfgblk-dkms_$1_all.deb cfgblk-tools-dbgsym_$1_amd64.deb cfgblk-tools_$1_amd64.deb" ]
}

build_next()
{
	local changelog=$ROOT_TREE/root/cfgblk/packaging/debian/changelog

	sed "1s/(.*)/($NEXT)/" "$changelog" >"$changelog.new"
	{ cat "$changelog.new"; echo; cat "$TOP_DIR/packaging/debian/changelog"; } >"$changelog"
	sed -i "s/^MODULE_DESCRIPTION(\".*\"/MODULE_DESCRIPTION(\"$MARK\"/" "$ROOT_TREE"/root/cfgblk/{common,pf,vf}/*main.c
	sed -i "s/^Description=.*/Description=$MARK/" "$ROOT_TREE/root/cfgblk/packaging/cfgblk-apply@.service.in"
	build "$NEXT"
}

# Its status is that of lintian itself; lines of tags begin with a letter and a colon, N: is for remarks.
lintian_clean()
{
	inside sh -c "lintian --allow-root --fail-on none -EviIL +pedantic /root/debs/$FIRST/*.changes" >"$DIR/lintian" 2>&1
	cat "$DIR/lintian"
	! grep -E '^[^N]: ' "$DIR/lintian" || return 1
}

install_debs()
{
	inside dpkg -i "/root/debs/$1/cfgblk-dkms_$1_all.deb" "/root/debs/$1/cfgblk-tools_$1_amd64.deb"
}

private()
{
	[ "$(stat -c '%u %a' "$ROOT_TREE/etc/cfgblk")" = "0 700" ]
}

# dkms_has VERSION: built and installed, without a warning, and it is the only version
dkms_has()
{
	local log=$ROOT_TREE/var/lib/dkms/cfgblk/$1/$RELEASE/x86_64/log/make.log module

	inside dkms status
	[ "$(inside dkms status)" = "cfgblk/$1, $RELEASE, x86_64: installed" ]
	for module in "${MODULES[@]}"; do
		inside modinfo -k "$RELEASE" -F filename "$module" | grep "/updates/dkms/$module.ko"
	done
	[ -s "$log" ]
	! grep -i 'warning:' "$log" || return 1
}

described()
{
	inside modinfo -k "$RELEASE" -F description cfgblk_pf | grep "$1"
}

# All names but those of logs, of what others keep up to date, and of DKMS' key
list_files()
{
	(cd "$ROOT_TREE" && find . -xdev \( -path ./root -o -path ./var/log -o -path ./var/cache -o -path ./tmp \
		-o -path ./run -o -path ./proc -o -path ./sys -o -path ./dev -o -path ./var/lib/systemd \
		-o -path './var/lib/dkms/mok.*' -o -name .updated \) -prune -o -print) | LC_ALL=C sort
}

nothing_left()
{
	list_files >"$DIR/after"
	diff "$DIR/before" "$DIR/after"
	! grep cfgblk "$ROOT_TREE/lib/modules/$RELEASE"/modules.{dep,alias,symbols} || return 1
}

purge()
{
	inside dpkg-query -W cfgblk-dkms cfgblk-tools
	inside dpkg -P cfgblk-dkms cfgblk-tools
}

# What the machine asks for is done out here: DKMS would take it minutes. See outside() in packages/machine.sh.
serve()
{
	local ask=$ROOT_TREE/root/ask

	while sleep 0.2; do
		if [ -e "$ask" ]; then
			inside sh -c "$(cat "$ask")" >"$ROOT_TREE/root/told" 2>&1 && echo 0 >"$DIR/status" || echo $? >"$DIR/status"
			rm "$ask"
			mv "$DIR/status" "$ROOT_TREE/root/answer"
		fi
	done
}

# It would keep the output open for ever, and main waits for its end.
stop_server()
{
	if [ -n "$SERVER" ]; then
		kill "$SERVER" 2>/dev/null || true
		wait "$SERVER" 2>/dev/null || true
		SERVER=
	fi
}

# The machine's tests are lines of its output.
run_machine()
{
	serve &
	SERVER=$!
	ROOT=$ROOT_TREE RUN=$TOP_DIR/tests/packages/machine.sh SEND="$TOP_DIR/tests/cases $TOP_DIR/Documentation/packages.rst" SMP=1 MEM=768 TIMEOUT=600 \
		APPEND="CFGBLK_NEXT=$NEXT" LOG=$DIR "$RIG_DIR/vm.sh" >"$DIR/machine" 2>"$DIR/stderr" ||
		printf '\nnot ok - the machine ended well\n' >>"$DIR/machine"
	stop_server
	sed -n "s/^\(\(not \)\{0,1\}ok\) - /\1 - packages: Debian $D: /p; /^#/p" "$DIR/machine"
	if ! grep -qxF end "$DIR/machine"; then
		printf 'not ok - packages: Debian %s: the machine came to its end\n' "$D"
		tail -n 60 "$DIR/stderr" | sed 's/^/# /'
	fi
	check_log "$DIR" "packages: Debian $D"
}

test_build()
{
	check "make deb" build "$FIRST"
	check "make deb of a higher version" build_next
	[ -z "$FAILED" ] || return 0
	check "lintian" lintian_clean
	list_files >"$DIR/before"
	test_uninstall
	[ "$SHORT" = short ] || test_install
	check "the packages are installed" install_debs "$FIRST"
	check "and who is not root sees no file of a PF" private
	check "DKMS has built the modules for the kernel" dkms_has "$FIRST"
}

# install_without_modules [NAME=VALUE]...: what make install does, but for the modules, which take long
install_without_modules()
{
	inside make -C /root/cfgblk/tools install "$@"
	inside make -C /root/cfgblk/packaging install-boot install-headers RELEASE="$RELEASE" SYMVERS=/dev/null "$@"
}

# no_file_of_ours DIR: but such as were put there by the test, whose names end in "theirs"
no_file_of_ours()
{
	find "$1" -type f ! -name '*theirs' >"$DIR/ours"
	diff /dev/null "$DIR/ours"
}

# Files of others where ours were, and a checkout where many have one
spares_others()
{
	local lib=$ROOT_TREE/usr/local/lib/cfgblk src=$ROOT_TREE/usr/local/src/cfgblk file
	local theirs=("$lib/theirs" "$lib/$RELEASE/theirs" "$lib/$RELEASE/include/linux/theirs" "$src/README.md" "$src/Module.symvers"
		"$src/$RELEASE/Module.symvers" "$src/include/linux/cfgblk.h")

	install_without_modules
	[ -e "$lib/$RELEASE/include/linux/cfgblk.h" ]
	for file in "${theirs[@]}"; do
		install -D /dev/null "$file"
	done
	inside make -C /root/cfgblk uninstall
	ls "${theirs[@]}"
	no_file_of_ours "$lib"
	rm -r "$lib" "$src"
	nothing_left
}

# With names in which a shell that is not told better sees two
spares_halves()
{
	local theirs=("$ROOT_TREE"/root/{in,cfgblk/tools/own/sbin/cfgblk,cfgblk/packaging/own/include/linux/cfgblk.h})
	local places=(DESTDIR="/root/in it" PREFIX="/opt/its own") file

	for file in "${theirs[@]}"; do
		install -D /dev/null "$file"
	done
	install_without_modules "${places[@]}"
	[ -x "$ROOT_TREE/root/in it/opt/its own/sbin/cfgblk" ]
	inside make -C /root/cfgblk uninstall "${places[@]}"
	ls "${theirs[@]}"
	no_file_of_ours "$ROOT_TREE/root/in it"
	rm -r "$ROOT_TREE/root/in it" "$ROOT_TREE"/root/{in,cfgblk/{tools,packaging}/own}
}

# Commands of systemd's and udev's names write down what they are told, and how many rules are there then.
tells_daemons()
{
	local said=$ROOT_TREE/root/said name

	mkdir -p "$ROOT_TREE/run/systemd/system"
	for name in systemctl udevadm; do
		cat >"$ROOT_TREE/usr/local/bin/$name" <<-"END"
		#!/bin/sh
		echo "$(basename "$0") $* $(ls /usr/local/lib/udev/rules.d 2>/dev/null | wc -l)" >>/root/said
		END
		chmod 755 "$ROOT_TREE/usr/local/bin/$name"
	done
	install_without_modules DESTDIR="/root/tree"
	inside make -C /root/cfgblk uninstall DESTDIR="/root/tree"
	[ ! -e "$said" ]
	install_without_modules
	diff - "$said" <<-END
	systemctl daemon-reload 1
	udevadm control --reload 1
	END
	rm "$said"
	inside make -C /root/cfgblk uninstall
	diff - "$said" <<-END
	systemctl daemon-reload 0
	udevadm control --reload 0
	END
	rm -r "$ROOT_TREE/run/systemd/system" "$ROOT_TREE/root/tree" "$ROOT_TREE"/usr/local/bin/{systemctl,udevadm}
	nothing_left
}

test_uninstall()
{
	check "make uninstall takes nothing of others, nor a checkout" spares_others
	check "nor what half of a name with a space stands for" spares_halves
	check "make install and uninstall tell a running systemd and udev" tells_daemons
}

# For the tree's kernel, which uname names there
make_install()
{
	inside make -C /root/cfgblk install
	inside modinfo -k "$RELEASE" -F filename "${MODULES[@]}" | grep -c "/updates/cfgblk" | grep -qx "${#MODULES[@]}"
	inside cfgblk --help
	grep -x 'ExecStart=/usr/local/sbin/cfgblk apply /etc/cfgblk/%i.json' \
		"$ROOT_TREE/usr/local/lib/systemd/system/cfgblk-apply@.service"
	[ -s "$ROOT_TREE/usr/local/lib/udev/rules.d/90-cfgblk.rules" ]
}

make_uninstall()
{
	inside make -C /root/cfgblk uninstall
	nothing_left
}

# samples OPTION...: another driver, built against what is installed, as Documentation/packages.rst says
samples()
{
	cp -r "$TOP_DIR/samples" "$ROOT_TREE/root/samples"
	inside make -C "/lib/modules/$RELEASE/build" M=/root/samples "$@" W=1 modules
	rm -rf "$ROOT_TREE/root/samples"
}

test_install()
{
	check "make install" make_install
	check "another driver is built against it" samples CFGBLK="/usr/local/lib/cfgblk/$RELEASE"
	check "make uninstall leaves nothing" make_uninstall
}

test_short()
{
	check "a higher version is installed over it" install_debs "$NEXT"
	check "DKMS has that version and no other" dkms_has "$NEXT"
	check "its modules are what is loaded" described "$MARK"
	check "the packages are purged" purge
}

test_debian()
{
	test_build
	# Without packages all the rest fails as well, and takes long.
	if ! [ -e "$DIR/before" ]; then
		return
	fi
	if [ "$SHORT" = short ]; then
		test_short
	else
		check "another driver is built against the packages" samples CFGBLK="/usr/src/cfgblk-$FIRST" \
			KBUILD_EXTRA_SYMBOLS="/var/lib/dkms/cfgblk/$FIRST/$RELEASE/x86_64/Module.symvers"
		run_machine
	fi
	check "nothing is left" nothing_left
}

# What each Debian says at last
last_line()
{
	printf '# packages: Debian %s: end\n' "$1"
}

leave()
{
	stop_server
	layer_down "$LAYER"
}

run_debian()
{
	D=$1
	DIR=$OUT/$D
	LAYER=$(mktemp -d "$TREES/layer.XXXXXX")
	trap leave EXIT
	trap 'exit 143' TERM INT HUP
	layer_up "$LAYER" "$D" rig
	ROOT_TREE=$LAYER/root
	RELEASE=$(tree_release "$ROOT_TREE")
	copy_checkout "$ROOT_TREE/root/cfgblk"
	test_debian
	last_line "$D"
}

# A Debian that ends early has said nothing that is "not ok".
try_debian()
{
	local d=$1 rc

	mkdir -p "$OUT/$d"
	set +e
	(set -e; run_debian "$d") | tee "$OUT/$d/output"
	rc=$?
	set -e
	if [ "$rc" -ne 0 ] || ! grep -qxF "$(last_line "$d")" "$OUT/$d/output"; then
		printf 'not ok - packages: Debian %s: its tests ran to their end (%s)\n' "$d" "$rc" | tee -a "$OUT/$d/output"
	fi
}

check_request()
{
	local d

	[ -n "${DEBIAN// /}" ] || die "DEBIAN: there are 12 and 13"
	for d in $DEBIAN; do
		[ -n "${SUITES[$d]:-}" ] || die "DEBIAN: there is no $d, but 12 and 13"
	done
}

main()
{
	local d

	check_request
	trees_setup git
	[ "$SHORT" = short ] || "$RIG_DIR/setup.sh"
	need_root "$@"
	trap give_to_user EXIT
	for d in $DEBIAN; do
		tree "$d" rig >/dev/null
	done
	exec 9>&-
	rm -rf "$OUT"
	FIRST=$(make -s -C "$TOP_DIR/packaging" version)
	# shellcheck disable=SC2086 # words
	at_once "$JOBS" try_debian < <(printf '%s\n' $DEBIAN)
	! grep -q '^not ok' "$OUT"/*/output
}

main "$@"
