# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# clang-tidy, with the static analyzer of clang in it: over the modules, with the flags that kbuild gave to the
# compiler, and over the programs. To be sourced after cache.sh. Expects OUT, KDIR and COPY, a build of the modules.

# DeprecatedOrUnsafeBufferHandling: wants memcpy_s(), which nobody has; the kernel leaves it out as well
CLANG_CHECKS='-*
clang-analyzer-core.*
clang-analyzer-deadcode.*
clang-analyzer-nullability.*
clang-analyzer-security.*
-clang-analyzer-security.insecureAPI.DeprecatedOrUnsafeBufferHandling
clang-analyzer-unix.*
linuxkernel-*
bugprone-argument-comment
bugprone-bool-pointer-implicit-conversion
bugprone-branch-clone
bugprone-infinite-loop
bugprone-integer-division
bugprone-macro-repeated-side-effects
bugprone-misplaced-pointer-arithmetic-in-alloc
bugprone-misplaced-widening-cast
bugprone-multiple-statement-macro
bugprone-not-null-terminated-result
bugprone-posix-return
bugprone-redundant-branch-condition
bugprone-signed-char-misuse
bugprone-string-literal-with-embedded-nul
bugprone-suspicious-enum-usage
bugprone-suspicious-memory-comparison
bugprone-suspicious-memset-usage
bugprone-suspicious-missing-comma
bugprone-suspicious-semicolon
bugprone-swapped-arguments
bugprone-terminating-continue
misc-misplaced-const
misc-redundant-expression
readability-inconsistent-declaration-parameter-name
readability-misleading-indentation'

# Of gcc's flags clang does not know all: what preprocessor and dialect need is enough. xargs takes the quotes away.
kbuild_flags()
{
	sed -n '1s/^[^=]*:= *//p' "$1" | sed 's/ *;.*//' | xargs printf '%s\n' | awk '
		$0 == "-include" { getline name; print; print name; next }
		/^-(nostdinc$|[IDU]|std=|m64$|mcmodel=|O)/ ||
		/^-f(short-wchar|unsigned-char|no-common|no-strict-aliasing|no-delete-null-pointer-checks)$/'
}

program_flags()
{
	case $1 in
	bench/programs/pure.c) printf '%s\n' -std=gnu11 -O2 -Itests/fuzz -Itests/fuzz/include -Iinclude -Icommon ;;
	*) printf '%s\n' -std=gnu11 -O2 -D_GNU_SOURCE -Iinclude/uapi -Itools -DVERSION='"0"' ;;
	esac
}

# Files in the copy were compiled by kbuild.
clang_flags()
{
	case $1 in
	"$COPY"/*) kbuild_flags "$(dirname "$1")/.$(basename "$1" .c).o.cmd" ;;
	*) program_flags "$1" ;;
	esac
}

# What was compiled for the kernel, and programs
clang_sources()
{
	find "$COPY" -name '.*.o.cmd' ! -name '*.mod.o.cmd' | sort |
		xargs sed -n "s,^source_[^ ]* := \\($COPY/.*\.c\\)\$,\\1,p"
	list_files tools tests/programs tests/soak bench/programs | grep '\.c$'
}

clang_inputs()
{
	local file

	versions "$(package_of clang-tidy)" libc6-dev linux-libc-dev libjansson-dev
	printf '%s\n' "$CLANG_CHECKS"
	clang_sources | while read -r file; do
		clang_flags "$file"
	done | sed "s|$COPY|COPY|g" | sort -u
}

# clang_file FILE: one line for each finding; what only the kernel's own headers are to blame for is not ours.
clang_file()
{
	local file=$1 dir=$TOP_DIR flags log

	mapfile -t flags < <(clang_flags "$file")
	[[ $file != "$COPY"/* ]] || dir=$KDIR
	log=$OUT/clang.$(tr / _ <<<"${file#"$COPY/"}")
	(cd "$dir" && clang-tidy --quiet --checks="${CLANG_CHECKS//$'\n'/,}" "$file" -- "${flags[@]}") >"$log" 2>&1 ||
		printf 'clang-tidy failed: %s (%s)\n' "$file" $?
	sed "s|^$COPY/||; s|^$TOP_DIR/||" "$log" | grep -E '^[^/ ][^ ]*:[0-9]+:[0-9]+: (warning|error):' || true
}

lint_clang-tidy()
{
	local sum=$OUT/clang.sum files=$OUT/clang.files

	clang_inputs | fingerprint "$sum"
	clang_sources | not_clean clang-tidy "$sum" >"$files"
	export OUT COPY KDIR CLANG_CHECKS
	export -f clang_file clang_flags kbuild_flags program_flags
	xargs -r -P "$JOBS" -n 1 bash -c 'clang_file "$1"' bash <"$files" >"$OUT/clang.log"
	sort -u "$OUT/clang.log"
	[ -s "$OUT/clang.log" ] || now_clean clang-tidy "$sum" <"$files"
}
