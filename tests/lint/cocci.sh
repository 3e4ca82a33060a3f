# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# The kernel's semantic patches (scripts/coccinelle), as make coccicheck MODE=report runs them. To be sourced after
# cache.sh. Expects OUT and SOURCE.

# Rules that cannot apply, one a line, with the reason
COCCI_SKIP='
api/check_bq27xxx_data	is about one driver of the kernel, and is a script in OCaml
null/badzero		is a script in OCaml, whose compiler spatch would want: sparse finds the same
'

cocci_sources()
{
	list_sources common pf vf include kunit samples tests/modules bench/modules
}

# Those of the kernel but for the skipped ones
cocci_rules()
{
	local rule name

	find "$SOURCE/scripts/coccinelle" -name '*.cocci' | sort | while read -r rule; do
		name=${rule#"$SOURCE/scripts/coccinelle/"}
		awk -v name="${name%.cocci}" '$1 == name { found = 1 } END { exit !found }' <<<"$COCCI_SKIP" ||
			printf '%s\n' "$rule"
	done
}

cocci_inputs()
{
	versions coccinelle
	cocci_rules | xargs cat
}

# cocci_rule RULE: over the files of $COCCI_GROUPS. That it complains of a rule itself ("should x be a metavariable?")
# is the kernel's business; what it finds begins with a file's name.
cocci_rule()
{
	local rule=$1 options out

	options=$(sed -n 's,^//[ /]*Options: *,,p' "$rule")
	out=$COCCI_GROUPS.$(basename "$rule" .cocci)
	# shellcheck disable=SC2086 # options are words
	spatch -D report --no-show-diff --very-quiet --cocci-file "$rule" $options -I include -I common \
		--file-groups "$COCCI_GROUPS" >"$out" 2>&1 || printf 'spatch failed: %s (%s)\n' "$rule" $?
	grep -vE '^warning: line [0-9]+: should ' "$out" || true
}

# A file of its own each, and not one program of all of them: what is found in one does not depend on the others.
lint_coccicheck()
{
	local sum=$OUT/coccicheck.sum files=$OUT/coccicheck.files file

	cocci_inputs | fingerprint "$sum"
	cocci_sources | not_clean coccicheck "$sum" >"$files"
	[ -s "$files" ] || return 0
	COCCI_GROUPS=$OUT/coccicheck.groups
	while read -r file; do
		printf '%s\n\n' "$file"
	done <"$files" >"$COCCI_GROUPS"
	export COCCI_GROUPS
	export -f cocci_rule
	cocci_rules | xargs -P "$JOBS" -n 1 bash -c 'cocci_rule "$1"' bash >"$OUT/coccicheck.log"
	cat "$OUT/coccicheck.log"
	[ -s "$OUT/coccicheck.log" ] || now_clean coccicheck "$sum" <"$files"
}
