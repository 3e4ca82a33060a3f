# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# Files in which a slow linter found nothing are not looked at again until something changes that the linter reads.
# To be sourced after rig/lib.sh. Expects OUT.
#
# An empty file $CACHE/lint/NAME/KEY stands for each of them. The key is a sum of all that goes into the verdict: the
# file, its name, our headers, the linter with its rules and options, and these scripts.

CLEAN=$CACHE/lint

# versions PACKAGE...
versions()
{
	dpkg-query -W -f '${Package} ${Version}\n' "$@"
}

# Of a program on the PATH: clang-tidy, for one, is only a link of the package clang-tidy, to clang-tidy-14
package_of()
{
	dpkg-query -S "$(realpath "$(command -v "$1")")" | sed 's/: .*//'
}

# What counts for every linter and every file: any header may be included, or hold the names of another file.
common_inputs()
{
	cat "$TOP_DIR/tests/lint.sh" "$TOP_DIR"/tests/lint/*.sh
	list_files | grep '\.h$' | xargs sha256sum
}

# fingerprint FILE: a sum of what is on standard input and of the common inputs, in that file
fingerprint()
{
	{ cat; common_inputs; } | sha256sum >"$1"
}

# key FINGERPRINT FILE
key()
{
	{ cat "$1"; sha256sum "$2"; } | sha256sum | cut -d ' ' -f 1
}

# not_clean NAME FINGERPRINT: those of the files on standard input that have to be looked at
not_clean()
{
	local file clean

	mkdir -p "$CLEAN/$1"
	# What nobody asked for in a month
	find "$CLEAN/$1" -type f -mtime +30 -delete
	while read -r file; do
		clean=$CLEAN/$1/$(key "$2" "$file")
		if [ -e "$clean" ]; then
			touch "$clean"
		else
			printf '%s\n' "$file"
		fi
	done
}

# now_clean NAME FINGERPRINT: nothing was found in the files on standard input
now_clean()
{
	local file

	while read -r file; do
		touch "$CLEAN/$1/$(key "$2" "$file")"
	done
}
