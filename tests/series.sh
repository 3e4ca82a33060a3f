#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The project as a series of patches against a kernel tree, into build/series, for git am and git send-email.
#
# Usage: series.sh             writes it
#        series.sh --check     writes it as anybody, looks whether it applies, and asks checkpatch
#        series.sh --build     builds after each patch as well
#
# TREE=DIR is the tree that it is for, a git tree or an unpacked source; without it, Debian's 6.12. The author is who
# runs this, as git knows him. Nobody's Signed-off-by is in it: the submitter adds his, with git am -s.
#
# tests/series/README.md says how the files are divided. --check and --build print "ok - series: ..." or "not ok - ...".

set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/rig/lib.sh"
. "$RIG_DIR/apt.sh"
. "$TOP_DIR/tests/kunit/source.sh"
. "$TOP_DIR/tests/tree/lib.sh"

MODE=${1:-}
KERNEL=6.12
TREE=${TREE:-}
RULES=$TOP_DIR/tests/series
OUT=$TOP_DIR/build/series
LOG=$TOP_DIR/build/series.log

# FILE_PATH_CHANGES: the entry of MAINTAINERS is the last patch
# NO_AUTHOR_SIGN_OFF, MISSING_SIGN_OFF: the submitter's to give
# CONSTANT_COMPARISON, UNCOMMENTED_DEFINITION: as tests/lint.sh
CHECKPATCH_IGNORE=FILE_PATH_CHANGES,NO_AUTHOR_SIGN_OFF,MISSING_SIGN_OFF,CONSTANT_COMPARISON,UNCOMMENTED_DEFINITION

declare -A OWNER LATER CHANGE
WORK=

# shellcheck disable=SC2317 # called by the trap
cleanup()
{
	rm -rf "$WORK"
}

list_files()
{
	local areas=(common pf vf kunit include samples tools Documentation)

	cd "$TOP_DIR"
	if git rev-parse --git-dir >/dev/null 2>&1; then
		git ls-files --cached --others --exclude-standard -- "${areas[@]}" | while read -r file; do
			[ ! -f "$file" ] || printf '%s\n' "$file"
		done
	else
		find "${areas[@]}" -type f
	fi | LC_ALL=C sort -u
}

patches()
{
	(cd "$RULES" && printf '%s\n' [0-9]*)
}

# head_of PATCH WORD: what the lines "WORD: ..." of its head say
head_of()
{
	sed -n "/^\$/q;s/^$2: //p" "$RULES/$1"
}

text_of()
{
	sed '1,/^$/d' "$RULES/$1"
}

claim()
{
	local patch=$1 file=$2 glob

	for glob in $(set -f; head_of "$patch" Files); do
		# shellcheck disable=SC2053 # a pattern
		if [[ $file == $glob ]]; then
			[ -z "${OWNER[$file]:-}" ] || die "$file belongs to ${OWNER[$file]} and to $patch: see tests/series"
			OWNER[$file]=$patch
			return
		fi
	done
}

# Whose each file is; what is compiled has to be somebody's
assign()
{
	local file patch orphans=

	set -f
	while read -r file; do
		for patch in $PATCHES; do
			claim "$patch" "$file"
		done
		if [[ -z ${OWNER[$file]:-} && $file =~ ^(common|pf|vf|kunit|include)/ ]]; then
			orphans+=" $file"
		fi
	done < <(list_files)
	set +f
	[ -z "$orphans" ] || die "these files belong to no patch; name them in one of tests/series:$orphans"
}

# What sed does to files
scripts()
{
	local patch file script

	for patch in $PATCHES; do
		while read -r file script; do
			LATER[$file]="$patch $script"
			[ -n "${OWNER[$file]:-}" ] || die "Later of $patch: there is no $file"
		done < <(head_of "$patch" Later)
		while read -r file script; do
			CHANGE[$file]+="$script
"
			[ -n "${OWNER[$file]:-}" ] || die "Change of $patch: there is no $file"
		done < <(head_of "$patch" Change)
	done
}

placed()
{
	case $1 in
	common/* | pf/* | vf/* | kunit/*) printf '%s/%s\n' "$PLACE" "$1" ;;
	include/* | Documentation/ABI/*) printf '%s\n' "$1" ;;
	samples/*) printf 'samples/cfgblk/%s\n' "${1#samples/}" ;;
	tools/*) printf 'tools/cfgblk/%s\n' "${1#tools/}" ;;
	Documentation/*) printf 'Documentation/PCI/cfgblk/%s\n' "${1#Documentation/}" ;;
	esac
}

# write_file FILE PATCH: as it is once that patch has come
write_file()
{
	local file=$1 patch=$2 to rule

	to=$SCRATCH/$(placed "$file")
	mkdir -p "$(dirname "$to")"
	cp "$TOP_DIR/$file" "$to"
	rule=${LATER[$file]:-}
	if [ -n "$rule" ] && [[ $patch < ${rule%% *} ]]; then
		sed -i "${rule#* }" "$to"
		! cmp -s "$TOP_DIR/$file" "$to" || die "Later of ${rule%% *}: its script changes nothing in $file"
	fi
	if [ -n "${CHANGE[$file]:-}" ]; then
		sed -i "${CHANGE[$file]}" "$to"
	fi
	if [[ $file == *.[ch] ]] && grep -q 'linux/version\.h' "$to"; then
		awk -v version="$LINUX" -f "$RULES/versions.awk" "$to" >"$WORK/decided"
		cp "$WORK/decided" "$to"
	fi
}

write_files()
{
	local patch=$1 file

	for file in "${!OWNER[@]}"; do
		if [ "${OWNER[$file]}" = "$patch" ] || [[ -n ${LATER[$file]:-} && ! ${OWNER[$file]} > $patch ]]; then
			write_file "$file" "$patch"
		fi
	done
}

# Makefile and Kconfig with what is there by now
write_build()
{
	local dir=$SCRATCH/$PLACE

	awk -v dir="$dir" -f "$RULES/kbuild.awk" "$TOP_DIR/Kbuild" "$TOP_DIR/Kbuild" >"$dir/Makefile"
	awk -v names=" $ENTRIES " -f "$RULES/kconfig.awk" "$TOP_DIR/Kconfig" | cat -s | sed '${/^$/d}' >"$dir/Kconfig"
}

add_build()
{
	tree_link_in "$SCRATCH"
}

add_samples()
{
	local dir=$SCRATCH/samples

	{
		sed -n 1p "$TOP_DIR/samples/Kbuild"
		sed -n 's/^obj-m/obj-$(CONFIG_SAMPLE_CFGBLK)/p' "$TOP_DIR/samples/Kbuild"
	} >"$dir/cfgblk/Makefile"
	printf 'obj-$(CONFIG_SAMPLE_CFGBLK)\t\t+= cfgblk/\n' >>"$dir/Makefile"
	sed -i '/^endif # SAMPLES$/{
		i config SAMPLE_CFGBLK
		i \	tristate "VF configuration blocks: a client and a provider"
		i \	depends on CFGBLK
		i \	help
		i \	  Two modules that exchange blocks, for authors of drivers to
		i \	  copy from: one is a client of a VF, the other answers for
		i \	  blocks of a PF.  They are told their device when they load.
		i
		i \	  If unsure, say N.
		i
	}' "$dir/Kconfig"
	grep -q SAMPLE_CFGBLK "$dir/Kconfig" || die "samples/Kconfig has no place for us"
}

add_documentation()
{
	local dir=$SCRATCH/Documentation/PCI file

	{
		printf '%s\n' '.. SPDX-License-Identifier: GPL-2.0' '' '=======================' 'VF configuration blocks' \
			'=======================' '' '.. toctree::' '   :maxdepth: 1' ''
		for file in "$dir"/cfgblk/*.rst; do
			printf '   %s\n' "$(basename "$file" .rst)"
		done
	} >"$dir/index.new"
	mv "$dir/index.new" "$dir/cfgblk/index.rst"
	sed -i 's,^   pci-iov-howto$,&\n   cfgblk/index,' "$dir/index.rst"
	grep -q cfgblk "$dir/index.rst" || die "Documentation/PCI/index.rst has no place for us"
}

# By title, as the others
add_maintainers()
{
	local entry=$WORK/entry

	{
		printf '%s\n' 'VF CONFIGURATION BLOCKS'
		printf '%s:\t%s\n' M "$AUTHOR" L linux-pci@vger.kernel.org S Maintained \
			F 'Documentation/ABI/testing/*cfgblk*' F Documentation/PCI/cfgblk/ F "$PLACE/" \
			F include/linux/cfgblk.h F include/uapi/linux/cfgblk.h F samples/cfgblk/ F tools/cfgblk/
		printf '\n'
	} >"$entry"
	LC_ALL=C awk -v entry="$entry" '
		/^-+$/ { list = 1 }
		list && before == "" && /^[0-9A-Z]/ && !/^[A-Z]:/ && $0 > "VF CONFIGURATION BLOCKS" && !done {
			while ((getline line <entry) > 0)
				print line
			done = 1
		}
		{ before = $0; print }
	' "$SCRATCH/MAINTAINERS" >"$WORK/MAINTAINERS"
	grep -q '^VF CONFIGURATION BLOCKS$' "$WORK/MAINTAINERS" || die "MAINTAINERS has no place for us"
	cp "$WORK/MAINTAINERS" "$SCRATCH/MAINTAINERS"
}

# The user's own settings stay out of it, as they may change what a patch looks like: diff.noprefix, format.signOff.
in_git()
{
	GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null GIT_CONFIG_COUNT=0 git -C "$1" "${@:2}"
}

# A git tree of the few files that exist and change; the rest is links that git is not told of
start_git()
{
	local tree=$1

	tree_make "$SOURCE" "$tree"
	in_git "$tree" init -q
	in_git "$tree" add -- "${TREE_PARENTS[@]}"
	in_git "$tree" commit -qm "the tree as it was"
}

# Those of ours that are there, and theirs that may have changed
placed_paths()
{
	local path

	cd "$SCRATCH"
	for path in include/linux/cfgblk.h include/uapi/linux/cfgblk.h Documentation/ABI/testing/*cfgblk* "$PLACE" \
		samples/cfgblk tools/cfgblk Documentation/PCI/cfgblk "${TREE_PARENTS[@]}"; do
		[ ! -e "$path" ] || printf '%s\n' "$path"
	done
}

commit_patch()
{
	local patch=$1 word paths

	write_files "$patch"
	ENTRIES+=" $(head_of "$patch" Kconfig)"
	for word in $(head_of "$patch" Adds); do
		"add_$word"
	done
	[ ! -d "$SCRATCH/$PLACE" ] || write_build
	mapfile -t paths < <(placed_paths)
	in_git "$SCRATCH" add -f -- "${paths[@]}"
	{
		head_of "$patch" Subject
		printf '\n'
		text_of "$patch"
	} | in_git "$SCRATCH" commit -qF -
}

# Who runs this is asked for nothing that git does not know
author()
{
	git -C "$TOP_DIR" -c user.useConfigOnly=true var GIT_AUTHOR_IDENT 2>/dev/null | sed 's/>.*/>/' ||
		die "the patches need an author: git config --global user.name NAME, and user.email ADDRESS"
}

# The first mail has to say something, and git asks for it in capitals
write_cover()
{
	local cover=$1

	text_of cover >"$WORK/cover"
	sed -i -e "s/\\*\\*\\* SUBJECT HERE \\*\\*\\*/$(head_of cover Subject)/" \
		-e "/\\*\\*\\* BLURB HERE \\*\\*\\*/{r $WORK/cover
		d}" "$cover"
}

write_series()
{
	local patch

	AUTHOR=$(author)
	export GIT_AUTHOR_NAME="${AUTHOR% <*}" GIT_AUTHOR_EMAIL="${AUTHOR##*<}"
	GIT_AUTHOR_EMAIL=${GIT_AUTHOR_EMAIL%>}
	export GIT_COMMITTER_NAME="$GIT_AUTHOR_NAME" GIT_COMMITTER_EMAIL="$GIT_AUTHOR_EMAIL"
	GIT_AUTHOR_DATE=$(git -C "$TOP_DIR" log -1 --format=%cI 2>/dev/null || date -Iseconds)
	export GIT_AUTHOR_DATE
	SCRATCH=$WORK/scratch
	ENTRIES=
	assign
	scripts
	start_git "$SCRATCH"
	for patch in $PATCHES; do
		progress "$patch ..."
		commit_patch "$patch"
	done
	progress_end
	rm -rf "$OUT"
	in_git "$SCRATCH" format-patch -q --cover-letter --no-signature -o "$OUT" --root HEAD "HEAD~$(wc -w <<<"$PATCHES").." >/dev/null
	write_cover "$OUT/0000-cover-letter.patch"
	say "$(wc -w <<<"$PATCHES") patches for Linux $LINUX in ${OUT#"$TOP_DIR/"}; apply them with git am -s"
}

ok()
{
	printf 'ok - series: %s\n' "$1"
}

not_ok()
{
	printf 'not ok - series: %s\n' "$1"
	sed 's/^/# /'
}

# check_patch PATCH NUMBER
check_patch()
{
	local mail types

	mail=$(printf '%s\n' "$OUT/$2"-*.patch)
	types=$(head_of "$1" Style | tr ' \n' ',,')
	(cd "$SOURCE" && perl scripts/checkpatch.pl --strict --terse --quiet --no-summary --show-types \
		--ignore="$CHECKPATCH_IGNORE,$types" "$mail") || [ $? -eq 1 ]
}

check_style()
{
	local found patch number=0

	found=$(for patch in $PATCHES; do
		number=$((number + 1))
		check_patch "$patch" "$(printf '%04d' "$number")" || printf 'checkpatch of %s failed\n' "$patch"
	done 2>&1)
	if [ -z "$found" ]; then
		ok "checkpatch finds nothing"
	else
		not_ok "checkpatch finds nothing" <<<"${found//"$OUT/"/}"
	fi
}

# What is no source changes no build, and headers that nothing includes do not either
compiled()
{
	[ -e "$APPLIED/$PLACE/Makefile" ] && grep -qE '^\+\+\+ b/(drivers|include|samples)/.*(\.[ch]|Makefile|Kconfig)$' "$1"
}

# What the Makefile says there should be
modules_missing()
{
	local module

	for module in $(sed -n 's/^obj-$(CONFIG_CFGBLK[A-Z_]*) += //p' "$APPLIED/$PLACE/Makefile" | tr ' ' '\n' |
		grep -vE 'cfgblk_kunit_sim|sim_irqs'); do
		[ -e "$BUILD/$PLACE/${module%.o}.ko" ] || printf '%s.ko was not built\n' "${module%.o}"
	done
}

build_step()
{
	local name=$1 log=$2 bad

	rm -rf "${BUILD:?}/$PLACE" "$BUILD/samples/cfgblk"
	{ tree_configure "$APPLIED" "$BUILD" m && tree_build "$APPLIED" "$BUILD"; } >"$log" 2>&1 || true
	bad=$(grep -E -A 3 "($PLACE|samples/cfgblk|include/(uapi/)?linux/cfgblk).*(warning|error|Error)|modpost.*cfgblk" "$log" ||
		modules_missing)
	if [ -z "$bad" ]; then
		ok "builds after $name"
	else
		not_ok "builds after $name" < <(sed -n 1,40p <<<"$bad")
	fi
}

build_tool()
{
	local name=$1 log=$2

	if make -C "$APPLIED/tools/cfgblk" O="$WORK/tool" >"$log" 2>&1 && ! grep 'warning:' "$log"; then
		ok "the command builds after $name"
	else
		not_ok "the command builds after $name" < <(tail -n 20 "$log")
	fi
}

# One after the other, in a tree that has never seen them
apply()
{
	local patch name

	start_git "$APPLIED"
	for patch in "$OUT"/[0-9]*.patch; do
		name=$(basename "$patch" .patch)
		[[ $name != 0000-* ]] || continue
		if ! in_git "$APPLIED" am -q "$patch" >"$LOG" 2>&1; then
			not_ok "$name applies" <"$LOG"
			return
		fi
		[ "$MODE" = --build ] || continue
		if compiled "$patch"; then
			build_step "$name" "$LOG"
		elif grep -q '^+++ b/tools/' "$patch"; then
			build_tool "$name" "$LOG"
		fi
	done
	ok "$(wc -w <<<"$PATCHES") patches apply to Linux $LINUX"
}

key()
{
	{
		printf '%s\n' "$MODE" "$LINUX" "$SOURCE"
		gcc --version
		cd "$TOP_DIR"
		list_files | xargs sha256sum
		find Kbuild Kconfig samples/Kbuild tests/series tests/series.sh tests/tree -type f | LC_ALL=C sort | xargs sha256sum
	} | sha256sum | cut -c 1-24
}

# As somebody who is nobody, so that it says the same on each machine. A tree that was given may change.
check()
{
	local known name

	known=$TREES/known/series-$(key)
	if [ -z "$TREE" ] && [ -e "$known" ]; then
		touch "$known"
		cat "$known"
		return
	fi
	tree_lock
	mkdir -p "$TREES/known"
	export GIT_AUTHOR_NAME=nobody GIT_AUTHOR_EMAIL=nobody@example.org
	export GIT_COMMITTER_NAME=nobody GIT_COMMITTER_EMAIL=nobody@example.org
	write_series
	name=$(source_version "$KERNEL")
	[ -z "$TREE" ] || name=given
	APPLIED=$TREES/$name
	BUILD=$TREES/build-$name
	apply >"$WORK/output"
	check_style >>"$WORK/output"
	cat "$WORK/output"
	! grep -q '^not ok' "$WORK/output" || return 1
	[ -n "$TREE" ] || cp "$WORK/output" "$known"
}

main()
{
	case $MODE in
	'' | --check | --build) ;;
	*) die "usage: series.sh [--check|--build]" ;;
	esac
	tree_setup "$KERNEL"
	SOURCE=$(cd "${TREE:-$(source_dir "$(source_version "$KERNEL")")}" && pwd)
	LINUX=$(make -s -C "$SOURCE" kernelversion)
	PATCHES=$(patches)
	mkdir -p "$TOP_DIR/build"
	WORK=$(mktemp -d)
	trap cleanup EXIT
	if [ -z "$MODE" ]; then
		write_series
	else
		check
	fi
}

main
