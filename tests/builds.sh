#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Does all that is compiled build without a warning at W=1, with gcc and with clang, for each kernel?
#
# Usage: builds.sh [KERNEL...]          (6.1 6.12 newest unless given)
#        COMPILERS=clang builds.sh      with that one alone
#        KUNIT=yes builds.sh            the sources of kunit as well, which are as much again
#        JOBS=1 builds.sh               one at once; as many as there are processors unless given
#
# Prints "ok - builds: KERNEL, COMPILER: ..." or "not ok - ..." for each pair, and for those of kunit. The logs are in
# build/builds. What built without a warning is not built again, until a file, the compiler or the kernel changes.

set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/rig/lib.sh"
. "$RIG_DIR/apt.sh"

# The same on Debian 12 and 13
CLANG=${CLANG:-clang-19}
COMPILERS=${COMPILERS:-gcc clang}
KUNIT=${KUNIT:-no}
OUT=$TOP_DIR/build/builds
KNOWN=$CACHE/builds

# Of kunit, what needs a user-mode kernel, fault injection, or to be built in; and fake_hyperv.c, which is built with the
# modules for tests.
UML_ONLY='^(fail|sim_msix|sim_irqs|hyperv_kunit|fake_hyperv)\.c$'

setup()
{
	local kernel

	if [[ " $COMPILERS " == *" clang "* ]] && ! command -v "$CLANG" >/dev/null; then
		(lock_cache && apt_install "to build with clang" "$CLANG")
	fi
	for kernel in "$@"; do
		"$RIG_DIR/setup.sh" "$kernel"
	done
}

# What the headers say of the compiler is true of gcc. These settings become those that the kernel's own configuration
# would have for clang; tests/builds/clang.h does the same for C.
clang_options()
{
	local major minor patch

	IFS=. read -r major minor patch < <("$CLANG" -dumpversion)
	printf '%s\n' "CC=$CLANG" CONFIG_CC_IS_GCC= CONFIG_CC_IS_CLANG=y CONFIG_GCC_VERSION=0 \
		"CONFIG_CLANG_VERSION=$((major * 10000 + minor * 100 + patch))" \
		CONFIG_CC_IMPLICIT_FALLTHROUGH=-Wimplicit-fallthrough CONFIG_CC_HAS_MIN_FUNCTION_ALIGNMENT= \
		CONFIG_FTRACE_MCOUNT_USE_CC= CONFIG_FTRACE_MCOUNT_USE_OBJTOOL=y CONFIG_UBSAN_BOUNDS_STRICT= \
		"KCFLAGS=-g0 -include $TOP_DIR/tests/builds/clang.h"
}

compiler_options()
{
	case $1 in
	gcc) printf '%s\n' KCFLAGS=-g0 ;;
	clang) clang_options ;;
	*) die "there is no compiler $1: gcc or clang" ;;
	esac
}

compiler_version()
{
	case $1 in
	gcc) gcc --version ;;
	clang) "$CLANG" --version ;;
	esac
}

list_files()
{
	case $1 in
	modules) find Kbuild common pf vf include samples tests/modules bench/modules kunit/fake_hyperv.[ch] \
		-name '*.[ch]' -o -name Kbuild ;;
	kunit) find common pf vf include kunit -name '*.[ch]' ;;
	esac | grep -v '\.mod\.c$' | LC_ALL=C sort
}

# key WHAT KERNEL COMPILER: whatever the result depends on
key()
{
	{
		cat "${BASH_SOURCE[0]}" "$TOP_DIR/tests/builds/clang.h"
		compiler_version "$3"
		kernel_release "$2"
		cat "$(kernel_kdir "$(kernel_release "$2")")/.kernelvariables"
		cd "$TOP_DIR"
		list_files "$1" | xargs sha256sum
	} | sha256sum | cut -c 1-24
}

# copy WHAT DIR: always anew, as make says nothing of what it does not compile
copy()
{
	rm -rf "$2"
	mkdir -p "$2"
	(cd "$TOP_DIR" && list_files "$1" | xargs cp --parents -t "$2")
}

# All modules in one go; those that only tests have lie where tests/build.sh puts them.
prepare_modules()
{
	local dir=$1

	copy modules "$dir"
	mv "$dir/tests/modules" "$dir/"
	mv "$dir"/bench/modules/* "$dir/bench/"
	mv "$dir"/kunit/fake_hyperv.[ch] "$dir/modules/"
	printf 'obj-m += modules/ bench/ samples/\n' >>"$dir/Kbuild"
}

# One module for each file: no kernel of Debian has KUnit, so nothing is linked.
prepare_kunit()
{
	local dir=$1

	copy kunit "$dir"
	cat >"$dir/kunit/Kbuild" <<-END
	ccflags-y += -I\$(src)/../include -I\$(src)/../common
	obj-m := $(list_objects "$dir")
	END
}

list_objects()
{
	(cd "$1/kunit" && printf '%s\n' *.c) | grep -vE "$UML_ONLY" | sed 's/\.c$/.o/' | tr '\n' ' '
}

# make_in DIR KERNEL COMPILER TARGET... Nobody loads the modules: they need nothing for debuggers.
make_in()
{
	local dir=$1 kernel=$2 compiler=$3 options

	shift 3
	mapfile -t options < <(compiler_options "$compiler")
	MAKEFLAGS='' nice make -C "$(kernel_kdir "$(kernel_release "$kernel")")" M="$dir" W=1 \
		CONFIG_DEBUG_INFO_BTF_MODULES= "${options[@]}" "$@"
}

build_modules()
{
	prepare_modules "$1"
	make_in "$@" modules
}

build_kunit()
{
	local objects

	prepare_kunit "$1"
	mapfile -t -d ' ' objects < <(list_objects "$1")
	make_in "$1/kunit" "$2" "$3" "${objects[@]}"
}

# build WHAT KERNEL COMPILER: one test
build()
{
	local what=$1 kernel=$2 compiler=$3 name known dir

	name="$(kernel_release "$kernel"), $compiler: $what without a warning"
	known=$KNOWN/$(key "$@")
	dir=$OUT/$kernel-$compiler-$what
	if [ -e "$known" ]; then
		touch "$known"
		printf 'ok - builds: %s\n' "$name"
		return
	fi
	# In a condition set -e ends nothing: the status is that of make, which comes last.
	"build_$what" "$dir" "$kernel" "$compiler" >"$dir.log" 2>&1 && touch "$dir/built"
	if [ -e "$dir/built" ] && ! grep -E 'warning:|WARNING:' "$dir.log" >"$dir.warnings"; then
		touch "$known"
		printf 'ok - builds: %s\n' "$name"
		return
	fi
	printf 'not ok - builds: %s\n' "$name"
	{ grep -E -A 3 'warning:|WARNING:|error:|ERROR:' "$dir.log" || tail -n 20 "$dir.log"; } | sed -n '1,40s/^/# /p'
}

# WHAT KERNEL COMPILER, one a line; each is built with one processor.
list_builds()
{
	local kernel compiler

	for kernel in "$@"; do
		for compiler in $COMPILERS; do
			printf 'modules %s %s\n' "$kernel" "$compiler"
			[ "$KUNIT" != yes ] || printf 'kunit %s %s\n' "$kernel" "$compiler"
		done
	done | sort
}

main()
{
	[ $# -gt 0 ] || set -- 6.1 6.12 newest
	setup "$@"
	mkdir -p "$OUT" "$KNOWN"
	find "$KNOWN" -type f -mtime +30 -delete
	list_builds "$@" | xargs -P "${JOBS:-$(nproc)}" -L 1 "${BASH_SOURCE[0]}" --one >"$OUT/output"
	cat "$OUT/output"
	! grep -q '^not ok' "$OUT/output"
}

if [ "${1:-}" = --one ]; then
	shift
	build "$@"
else
	main "$@"
fi
