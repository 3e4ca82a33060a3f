# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# User-mode kernels with the drivers in them: how each is configured, where it is built, what its log must not say.
# To be sourced after lib.sh, apt.sh and source.sh. The script that does sets KERNEL, OUT and CONFIG.

# What it takes to build one
HOST_PACKAGES=(gcc make libc6-dev flex bison bc python3 xz-utils)

# Whole suite in a second or so; a kernel that hangs must not hold up everything.
RUN_TIMEOUT=${RUN_TIMEOUT:-300}

# Sleeps take no time, and VFs may be driven in the kernel that has the PF.
# The simulated 82576 takes 64-bit accesses, the other devices none: so both are tested
KERNEL_ARGS=(time-travel=inf-cpu cfgblk_vf.allow_parent=1 cfgblk_pf.wide_buffer=1 cfgblk_vf.wide_buffer=1
	kmemleak.verbose=1)

# Variables for make, such as KCFLAGS=...
MAKE_OPTIONS=()

# What the kernel says when something is wrong in it.
BAD='WARNING:|BUG:|Oops|Call Trace|possible .*deadlock|inconsistent lock|suspicious RCU|blocked for more than'
BAD="$BAD|scheduling while atomic|sleeping function called|refcount_t:|list_(add|del) corruption|UBSAN|KASAN: "
BAD="$BAD|Kernel panic|nobody cared|double free|use-after-free|DMA-API: .*(error|leak)|Trying to free already-free"
BAD="$BAD|ODEBUG:|unreferenced object|suspected memory leak|kobject.*(tried to|initialized)"

# What a kernel does not have for UML, kunit.py would not build without.
write_config()
{
	local version=$1 absent='^$'

	case $version in
	6.1.*) absent='^CONFIG_DEBUG_ATOMIC_SLEEP=' ;;
	esac
	grep -v "$absent" "$TOP_DIR/kunit/.kunitconfig" >"$CONFIG"
}

# One for each version and configuration.
build_dir()
{
	local version=$1 key

	key=$(sha256sum <"$CONFIG" | cut -c 1-12)
	printf '%s/kunit/build/%s-%s\n' "$CACHE" "$version" "$key"
}

# Our objects are of one checkout. Those of another may be newer than our files, and make would keep them.
claim_build()
{
	local build=$1

	mkdir -p "$build"
	if [ "$(cat "$build/checkout" 2>/dev/null)" != "$TOP_DIR" ]; then
		rm -rf "$build/drivers/cfgblk" "$build/cfgblk"
		printf '%s\n' "$TOP_DIR" >"$build/checkout"
	fi
}

# Ends with the directory there, its sources linked, and nothing in it that another checkout left.
prepare_build()
{
	local version=$1 build=$2

	source_link "$(source_dir "$version")"
	claim_build "$build"
	touch "$build"
	find "$CACHE/kunit/build" -mindepth 1 -maxdepth 1 -mtime +30 -exec rm -rf {} +
	if ! [ -e "$build/vmlinux" ]; then
		say "building a user-mode Linux $version in $build: this takes minutes, once"
	fi
}

# kunit_py VERSION BUILD COMMAND [ARGUMENT...], with what every command takes
kunit_py()
{
	local version=$1 build=$2 command=$3
	local args=() arg

	shift 3
	for arg in "${MAKE_OPTIONS[@]}"; do
		args+=("--make_options=$arg")
	done
	(cd "$(source_dir "$version")" && MAKEFLAGS='' /usr/bin/python3 tools/testing/kunit/kunit.py "$command" \
		--arch=um --jobs="$(nproc)" --kunitconfig="$CONFIG" --build_dir="$build" "${args[@]}" "$@")
}

# run_suites VERSION BUILD [GLOB]: builds the kernel and boots it. What it says goes to $OUT/console.log, what the cases
# say to $OUT/results.json.
run_suites()
{
	local version=$1 build=$2 args=() arg

	shift 2
	for arg in "${KERNEL_ARGS[@]}"; do
		args+=("--kernel_args=$arg")
	done
	rm -f "$build/test.log"
	kunit_py "$version" "$build" run --timeout="$RUN_TIMEOUT" --json="$OUT/results.json" "${args[@]}" "$@" \
		>"$OUT/kunit.log" 2>&1 || true
	if [ -e "$build/test.log" ]; then
		cp "$build/test.log" "$OUT/console.log"
	fi
}

# What has a warning is compiled again the next time: otherwise it would be told only once.
check_warnings()
{
	local build=$1

	if grep -A 2 -E '/drivers/cfgblk/.*(warning|error): ' "$OUT/kunit.log" >"$OUT/warnings"; then
		printf 'not ok - kunit: builds without a warning\n'
		head -n 20 "$OUT/warnings" | sed 's/^/# /'
		rm -rf "$build/drivers/cfgblk"
	else
		printf 'ok - kunit: builds without a warning\n'
	fi
}

# One line for each case. Without any nothing has passed, and the log tells why.
show_results()
{
	if ! /usr/bin/python3 "$TOP_DIR/tests/kunit/results.py" "$OUT/results.json"; then
		printf 'not ok - kunit: its tests ran\n'
		tail -n 60 "$OUT/kunit.log" >&2
	fi
}

# kunit.py does not fail on a warning or on a report of lockdep: the log has them.
check_log()
{
	local name=$1 log=${2:-$OUT/console.log}

	if ! [ -s "$log" ]; then
		printf 'not ok - %s: the kernel ran\n' "$name"
	elif grep -nE "$BAD" "$log" >"$OUT/bad"; then
		printf 'not ok - %s: nothing bad in the kernel log\n' "$name"
		head -n 40 "$OUT/bad" | sed 's/^/# /'
	else
		printf 'ok - %s: nothing bad in the kernel log\n' "$name"
	fi
}

# The cache as a whole is locked for as long as something is fetched into it, and not for the build. The busybox is the
# one of the test machine.
setup()
{
	lock_cache
	apt_need_locked "to build a user-mode kernel" "${HOST_PACKAGES[@]}"
	source_setup "$KERNEL"
	apt_keep busybox busybox-static
	exec 9>&-
}

# One tree, one run at a time.
lock_tree()
{
	exec 8>"$SOURCES/lock"
	if ! flock -n 8; then
		say "waiting for another run of KUnit"
		flock 8
	fi
}
