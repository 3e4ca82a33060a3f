#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# demo.sh: shows a conversation between a PF and two VFs in the test machine. What "make demo" ends with; it needs
# tests/rig/setup.sh to have run, and the modules and the command to be built.
#
# Everything that vm.sh takes from the environment works here too, KERNEL above all. NO_COLOR turns colours off.

set -euo pipefail
TESTS_DIR=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source-path=SCRIPTDIR
. "$TESTS_DIR/rig/lib.sh"

# The machine leaves out what was not built, and the conversation would end with less of an explanation.
check_built()
{
	local modules=${CFGBLK_MODULES:-$TOP_DIR} file

	for file in "$modules"/cfgblk{,_pf,_vf}.ko "${CFGBLK_COMMAND:-$TOP_DIR/tools/cfgblk}"; do
		[ -e "$file" ] || die "$file is missing: build it first, or say where it is (tests/rig/README.md)"
	done
}

want_colours()
{
	[ -t 1 ] && [ -z "${NO_COLOR:-}" ] && [ "${TERM:-dumb}" != dumb ]
}

conversation()
{
	RUN=$TESTS_DIR/demo/conversation.sh "$TESTS_DIR/rig/vm.sh"
}

# Takes the hint away with the machine's first line.
pass_on()
{
	local line

	if IFS= read -r line; then
		progress_end
		printf '%s\n' "$line"
		cat
	fi
	progress_end
}

point_onward()
{
	cat <<-'END'
		Next: README.md   what cfgblk is for, and how to use it on a machine of yours
		      make vm     a shell in this test machine, to go on by yourself
		      make help   everything else that make can do
	END
}

main()
{
	check_built
	# Asked here, where stdout is still the user's. What the kernel does not know on its command line it hands on to
	# process 1 as environment, and that hands it to the script.
	if want_colours; then
		export APPEND="${APPEND:-} DEMO_COLOUR=1"
	fi
	# With the cursor back at the start of the line, whatever vm.sh has to say writes over it.
	progress "Starting the test machine, 10 seconds or so ..."$'\r'
	conversation | pass_on || exit
	point_onward
}

main "$@"
