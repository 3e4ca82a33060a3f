#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# What bash completes for the command, against what the command tells of itself; prints TAP.
# completion.sh PROGRAM

program=$(realpath "$1")
here=$(cd "$(dirname "$0")/.." && pwd)
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
cd "$dir" || exit 1

n=0
failed=0
COMMANDS=$("$program" --help | sed -nE 's/^  ([a-z]+) .*/\1/p' | xargs)

setup()
{
	mkdir nodes
	touch nodes/0000:01:00.0 nodes/0000:01:10.4
	sed "s|/dev/cfgblk|$dir/nodes|" "$here/cfgblk.bash-completion" >completion
	# shellcheck source=/dev/null
	. ./completion
}

# completes WANT LINE: these words, in whatever order, at the end of this line, whose words bash breaks at colons
completes()
{
	local want=$1 got

	COMP_LINE=$2
	COMP_POINT=${#COMP_LINE}
	mapfile -t COMP_WORDS < <(sed 's/:/ : /g; s/  */\n/g' <<<"$COMP_LINE")
	COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
	_cfgblk
	got=$(printf '%s\n' "${COMPREPLY[@]}" | sort | xargs -d '\n')
	want=$(printf '%s\n' "$want" | tr ' ' '\n' | sort | xargs)
	n=$((n + 1))
	if [ "$got" = "$want" ]; then
		echo "ok $n - completion: $COMP_LINE"
	else
		failed=$((failed + 1))
		echo "not ok $n - completion: $COMP_LINE"
		printf '# want: %s\n# got:  %s\n' "$want" "$got"
	fi
}

# The options that "cfgblk COMMAND --help" tells of, and -h; -? is nobody's first thought
told()
{
	"$program" "$1" --help | sed -nE 's/^ +((-.), )?(--[a-z-]+).*/\2 \3/p' | xargs | sed 's/-? //; s/$/ -h/'
}

commands()
{
	local i

	completes "$COMMANDS help --help -h --version" 'cfgblk '
	completes 'help' 'cfgblk he'
	completes "$COMMANDS" 'cfgblk help '
	completes 'read reset restore' 'cfgblk help re'
	for i in $COMMANDS; do
		completes "$(told "$i")" "cfgblk $i -"
	done
}

devices()
{
	local both='0000:01:00.0 0000:01:10.4' i

	for i in show define undefine write read invalidate watch ping limit reset save restore; do
		COMP_WORDBREAKS=' ' completes "$both" "cfgblk $i "
		completes '' "cfgblk $i 0000:01:00.0 "
		completes '' "cfgblk $i --vf 1 01:00.0 1"
	done
	completes '00.0 10.4' 'cfgblk show 0000:01:'
	completes '' "cfgblk show $dir/nodes/0000:01:00.0 "
	completes "$both" 'cfgblk stats --prometheus 0000:01:00.0 '
	completes '' 'cfgblk list '
	completes "$both" 'cfgblk write --hex 01:02 '
}

values()
{
	completes 'ro rw wo' 'cfgblk define 0000:01:00.0 1 --access '
	completes '' 'cfgblk show --vf '
	completes '' 'cfgblk write --hex '
	completes '0000:01:00.0 0000:01:10.4' 'cfgblk read --hex '
}

# bash is told that these are paths: a directory gets its slash then, and a blank its backslash
paths()
{
	local line options

	compopt() { options=$*; }
	for line in 'cfgblk apply com' 'cfgblk write 0000:01:00.0 1 --file com'; do
		options=
		completes 'completion' "$line"
		n=$((n + 1))
		[ "$options" = '-o filenames' ] || { failed=$((failed + 1)); printf 'not '; }
		echo "ok $n - completion: $line: as a path"
	done
}

setup
commands
devices
values
paths
echo "1..$n"
[ $failed = 0 ]
