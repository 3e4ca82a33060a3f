#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Are the tests there that Documentation/contract.rst names, and are all rows and all suites?  Does one file of the
# drivers, and one of the simulated device, know of kernel versions, and no other?
#
# Usage: contract.sh    prints "not ok - contract: ..." for each that is missing, or a line "ok - contract: ..." for each

set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/rig/lib.sh"

CONTRACT=$TOP_DIR/Documentation/contract.rst
TESTING=$TOP_DIR/Documentation/testing.rst
ROWS=36
PITFALLS=10

WORK=$(mktemp -d)
trap 'rm -rf "$WORK"' EXIT

missing()
{
	printf 'not ok - contract: %s\n' "$*"
}

# "SUITE: CASE" for each case of KUnit
list_cases()
{
	local file suite

	for file in "$TOP_DIR"/kunit/*_kunit.c; do
		suite=$(sed -n 's/^\t\.name = "\(cfgblk_[a-z0-9_]*\)",$/\1/p' "$file")
		sed -n "s/^\tKUNIT_CASE[A-Z_]*(\([a-z0-9_]*\)[,)].*/$suite: \1/p" "$file"
	done
}

# "NN: NAME" for each test of the machines, as it is written there, "gNN: NAME" for those with guests
list_machine_tests()
{
	local file number

	for file in "$TOP_DIR"/tests/cases/[0-9]*.sh "$TOP_DIR"/tests/guests/g[0-9]*.sh; do
		number=$(basename "$file" | cut -d - -f 1)
		sed -nE "s/^[[:space:]]*(check|equal|refused|ended) \"([^\"]*)\".*/$number: \2/p" "$file"
	done
}

# "fuzz: TARGET"
list_fuzz_targets()
{
	awk '/^TARGETS=/ { on = 1; next } /^.$/ { on = 0 } on { print "fuzz: " $1 }' "$TOP_DIR/tests/fuzz.sh"
}

# "symbols: NAME"
list_symbol_tests()
{
	sed -n 's/^check "\([^"]*\)".*/symbols: \1/p' "$TOP_DIR/tests/symbols.sh"
}

# "model: CONFIGURATION"
list_model_runs()
{
	awk 'NF && !/^#/ { print "model: " $1 }' "$TOP_DIR/tests/model/configurations"
}

# "ENTRY<tab>TEST" for each line "  * TEST" below the line "Row N" or "Pitfall N"
list_named()
{
	awk '
		/^(Row|Pitfall) [0-9]+$/ { entry = $0; next }
		/^[^ ]/ { entry = "" }
		entry != "" && sub(/^  \* /, "") { gsub(/``/, ""); printf "%s\t%s\n", entry, $0 }
	' "$CONTRACT"
}

# The suites that the table of testing.rst names
list_documented_suites()
{
	sed -n 's/^``\(cfgblk_[a-z0-9_]*\)``  .*/\1/p' "$TESTING"
}

# exists NAME: as it is, or, of a test of the machines, as a prefix
exists()
{
	awk -v name="$1" '
		$0 == name || (name ~ /^g?[0-9]+: / && index($0, name) == 1) { found = 1 }
		END { exit !found }
	' "$WORK/tests"
}

check_named()
{
	local entry name

	while IFS=$'\t' read -r entry name; do
		case $name in
		'*not yet*' | '*none*') ;;
		*) exists "$name" || missing "${entry,}: there is no test $name" ;;
		esac
	done <"$WORK/named"
}

# check_entries WORD N: the entries "WORD 1" to "WORD N", each with a test or the word that there is none
check_entries()
{
	local word=$1 last=$2 i

	for ((i = 1; i <= last; i++)); do
		if ! grep -q "^$word $i"$'\t' "$WORK/named"; then
			missing "${word,} $i: no test is named, and not that there is none"
		fi
	done
}

check_suites()
{
	local suite

	while read -r suite; do
		if ! grep -q $'\t'"$suite: " "$WORK/named"; then
			missing "suite $suite: no row names it"
		fi
		if ! grep -qx "$suite" "$WORK/documented"; then
			missing "suite $suite: not in Documentation/testing.rst"
		fi
	done <"$WORK/suites"
	while read -r suite; do
		grep -qx "$suite" "$WORK/suites" || missing "suite $suite: in Documentation/testing.rst only"
	done <"$WORK/documented"
}

# What is not built tests nothing
check_built()
{
	local file name

	for file in "$TOP_DIR"/kunit/*_kunit.c; do
		name=kunit/$(basename "$file" .c).o
		grep -q "$name" "$TOP_DIR/Kbuild" || missing "$name is not built"
	done
}

# Out of tree, versions of the kernel are told apart in two files
VERSIONS_IN='common/compat.h|kunit/sim_compat.h'
VERSIONS='LINUX_VERSION_|KERNEL_VERSION|linux/version\.h|RHEL_RELEASE|UTS_RELEASE'

list_versions()
{
	(cd "$TOP_DIR" && grep -rnE "$VERSIONS" Kbuild Kconfig common pf vf include kunit samples tests/modules bench/modules) |
		grep -E "$@" "^($VERSIONS_IN):"
}

check_versions()
{
	list_versions -v >"$WORK/versions" || true
	sed 's/^/not ok - contract: asks for a version of the kernel: /' "$WORK/versions"
	if [ "$(list_versions -c)" -eq 0 ]; then
		missing "the search for kernel versions finds none in $VERSIONS_IN"
	elif ! [ -s "$WORK/versions" ]; then
		printf 'ok - contract: no file but %s asks for a version of the kernel\n' "${VERSIONS_IN/|/ and }"
	fi
}

check_all()
{
	check_entries Row "$ROWS"
	check_entries Pitfall "$PITFALLS"
	check_named
	check_suites
	check_built
}

main()
{
	local versions

	versions=$(check_versions)
	printf '%s\n' "$versions"
	list_cases >"$WORK/cases"
	cut -d : -f 1 "$WORK/cases" | sort -u >"$WORK/suites"
	{ cat "$WORK/cases"; list_machine_tests; list_fuzz_targets; list_model_runs; list_symbol_tests; } >"$WORK/tests"
	list_named >"$WORK/named"
	list_documented_suites >"$WORK/documented"
	check_all >"$WORK/missing"
	cat "$WORK/missing"
	if [ -s "$WORK/missing" ]; then
		return 1
	fi
	printf 'ok - contract: all %s tests that the %s rows and %s pitfalls name are there\n' \
		"$(cut -f 2 "$WORK/named" | sort -u | grep -vc '^\*')" "$ROWS" "$PITFALLS"
	! grep -q '^not ok' <<<"$versions"
}

main
