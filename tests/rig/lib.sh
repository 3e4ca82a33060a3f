# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# What every script of the rig shares: where things are kept, how it speaks, how it becomes root.
# To be sourced.

# Without it set -e ends at every $( ).
shopt -s inherit_errexit

RIG_DIR=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
TOP_DIR=$(cd "$RIG_DIR/../.." && pwd)
CACHE=${CFGBLK_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/cfgblk}

export TOP_DIR

# Messages go to stderr: stdout belongs to the results (a path, the output of a script in the machine).
say()
{
	progress_end
	printf '%s\n' "$*" >&2
}

DIE_STATUS=${DIE_STATUS:-1}
die()
{
	say "$(basename "$0"): $*"
	exit "$DIE_STATUS"
}

# One line that overwrites itself, for somebody who watches; nothing at all in a log.
PROGRESS_SHOWN=
progress()
{
	if [ -t 2 ]; then
		printf '\r\033[K%s' "$*" >&2
		PROGRESS_SHOWN=1
	fi
}

progress_end()
{
	if [ -n "$PROGRESS_SHOWN" ]; then
		printf '\r\033[K' >&2
		PROGRESS_SHOWN=
	fi
}

can_be_root()
{
	[ "$(id -u)" -eq 0 ] || command -v sudo >/dev/null
}

as_root()
{
	if [ "$(id -u)" -eq 0 ]; then
		"$@"
	else
		sudo "$@"
	fi
}

# at_once N COMMAND...: COMMAND with each line of its input, N of them at once. It fails if one of them did.
at_once()
{
	local jobs=$1 line running=0 rc=0
	shift

	while read -r line; do
		if [ "$running" -ge "$jobs" ]; then
			wait -n || rc=$?
			running=$((running - 1))
		fi
		"$@" "$line" </dev/null &
		running=$((running + 1))
	done
	while [ "$running" -gt 0 ]; do
		wait -n || rc=$?
		running=$((running - 1))
	done
	[ "$rc" -eq 0 ] || say "$(basename "$0"): $1 ended early ($rc)"
	return "$rc"
}

# copy_for_kbuild DIR PATH...: what kbuild reads of these paths of the checkout; of a path "A/./B" A is no part of the
# copy's name. What has not changed stays untouched, whatever its time is, and so do objects beside it: make builds what
# is new. What is gone may have left any object behind, so then the directory begins anew. DIR/.sources says what was
# there.
copy_for_kbuild()
{
	local dir=$1 files file to

	shift
	files=$(cd "$TOP_DIR" && find "$@" -type f \( -name Kbuild -o -name '*.[ch]' ! -name '*.mod.c' \) | LC_ALL=C sort)
	if ! [ -e "$dir/.sources" ] || [ -n "$(LC_ALL=C comm -13 <(printf '%s\n' "$files") "$dir/.sources")" ]; then
		rm -rf "$dir"
	fi
	mkdir -p "$dir"
	printf '%s\n' "$files" >"$dir/.sources"
	while read -r file; do
		to=$dir/${file#*/./}
		cmp -s "$TOP_DIR/$file" "$to" || install -D -m 644 "$TOP_DIR/$file" "$to"
	done <<<"$files"
}

# pick_names WORDS FILE...: those whose names begin with one of the words, or all of them if there is no word. A word
# that no name begins with is an error.
pick_names()
{
	local words=$1 word file found
	shift

	for word in ${words:-""}; do
		found=
		for file in "$@"; do
			if [[ ${file##*/} == "$word"* ]]; then
				printf '%s\n' "$file"
				found=1
			fi
		done
		[ -n "$found" ] || die "nothing there has a name that begins with $word"
	done | awk '!seen[$0]++'
}

# Two runs at once must not unpack into the same directory. Held until the script ends.
lock_cache()
{
	mkdir -p "$CACHE"
	exec 9>"$CACHE/lock"
	if ! flock -n 9; then
		say "waiting for another run that fills $CACHE"
		flock 9
	fi
}

# The release (as in uname -r) that a kernel name such as 6.12 stands for; fails when it was never set up. A machine
# with a root file system of its own (ROOT) has the kernel that is in it.
kernel_release()
{
	local name=$1

	if [ -n "${ROOT:-}" ]; then
		basename "$(find "$ROOT/lib/modules/" -mindepth 1 -maxdepth 1 | sort -V | tail -n 1)"
	elif [ -s "$CACHE/kernels/names/$name" ]; then
		cat "$CACHE/kernels/names/$name"
	elif [ -e "$CACHE/kernels/$name/ready" ]; then
		printf '%s\n' "$name"
	else
		return 1
	fi
}

kernel_dir()
{
	printf '%s\n' "${ROOT:-$CACHE/kernels/$1}"
}

kernel_kdir()
{
	printf '%s/kernels/%s/build\n' "$CACHE" "$1"
}
