# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# Root file systems of Debian 12 and 13, made once and kept in the cache; whoever wants one gets a layer of its own
# over it. To be sourced after rig/lib.sh and rig/apt.sh, by root.
#
# fresh  what Debian's installer leaves behind without any task, and a kernel: README.md has to be enough there
# rig    that, and what it takes to build, check and install the packages

TREES=$CACHE/trees

# Codenames of the releases that cfgblk is packaged for
declare -A SUITES=([12]=bookworm [13]=trixie)

FRESH_PACKAGES=(linux-image-amd64 ca-certificates)
RIG_PACKAGES=(build-essential linux-headers-amd64 dkms dh-dkms debhelper libjansson-dev pkg-config lintian)

# Nobody boots it, and it takes longer than all the rest.
TREE_NO_INITRD='mkdir "$1/etc/initramfs-tools" && echo update_initramfs=no >"$1/etc/initramfs-tools/update-initramfs.conf"'

# The machine's own sources, for another release
tree_sources()
{
	local suite=$1 codename

	codename=$(os_codename)
	apt_source_files sources | apt_concatenate | apt_copy_stanzas "$codename" |
		sed -E "/^Suites:/s/\b($codename|(old)*stable)\b/$suite/g"
	apt_source_files list | apt_concatenate | apt_copy_lines "$codename" |
		sed -E "s/\b($codename|(old)*stable)\b/$suite/g"
}

tree_packages()
{
	case $1 in
	fresh) printf '%s\n' "${FRESH_PACKAGES[@]}" ;;
	rig) printf '%s\n' "${FRESH_PACKAGES[@]}" "${RIG_PACKAGES[@]}" ;;
	esac | paste -sd ,
}

# What goes into a tree; a day's newer packages are no reason to make it again.
tree_key()
{
	{
		declare -f tree_make tree_sources tree_packages tree_uname
		tree_sources "$1"
		tree_packages "$2"
		printf '%s\n' "$TREE_NO_INITRD"
	} | sha256sum | cut -c 1-16
}

# The kernel that the tree has, not that of the machine around it: dkms and make ask for it.
tree_uname()
{
	local release=$1

	cat <<-END
	#!/bin/sh
	# In this tree, whatever runs around it
	[ "\$*" != -r ] || exec echo $release
	exec /usr/bin/uname "\$@"
	END
}

tree_release()
{
	(cd "$1/lib/modules" && ls -v | tail -n 1)
}

# tree_make SUITE KIND DIR
tree_make()
{
	# shellcheck disable=SC2034 # where quietly writes: what is in the other one is not root's
	local suite=$1 kind=$2 dir=$3 APT_DIR=$TREES

	tree_sources "$suite" >"$dir.sources"
	quietly mmdebstrap --mode=root --format=directory --variant=important \
		--aptopt='APT::Install-Recommends "false"' --dpkgopt=force-unsafe-io --dpkgopt=force-confold \
		--essential-hook="$TREE_NO_INITRD" --include="$(tree_packages "$kind")" "$suite" "$dir" "$dir.sources"
	tree_uname "$(tree_release "$dir")" >"$dir/usr/local/bin/uname"
	chmod 755 "$dir/usr/local/bin/uname"
	# What it was made with, and Debian's installer does not leave behind
	rm "$dir.sources" "$dir/etc/apt/apt.conf.d/99mmdebstrap"
}

# tree DEBIAN KIND: the directory of that tree, which nobody may change; it is made if it is not there.
tree()
{
	local suite=${SUITES[$1]} kind=$2 dir

	dir=$TREES/$suite-$kind-$(tree_key "$suite" "$kind")
	# Its age is how long nobody asked for it.
	touch -c "$dir"
	if ! [ -e "$dir/ready" ]; then
		say "making a root file system of Debian $1 ($kind) in $dir"
		rm -rf "$dir"
		mkdir -p "$dir"
		tree_make "$suite" "$kind" "$dir/root"
		touch "$dir/ready"
		# Those that nobody uses any more
		find "$TREES" -mindepth 1 -maxdepth 1 -name "$suite-$kind-*" -mtime +7 -exec rm -rf --one-file-system '{}' +
	fi
	printf '%s\n' "$dir/root"
}

# layer_up DIR DEBIAN KIND: DIR/root is that tree, and what is written to it lies in DIR.
layer_up()
{
	local dir=$1 lower

	lower=$(tree "$2" "$3")
	mkdir -p "$dir"/{root,upper,work}
	if ! mount -t overlay overlay -o "lowerdir=$lower,upperdir=$dir/upper,workdir=$dir/work" "$dir/root"; then
		say "copying $lower: the file system of $dir takes no layers"
		cp -a "$lower/." "$dir/root"
	fi
}

layer_down()
{
	local dir=$1

	if mountpoint -q "$dir/root"; then
		umount "$dir/root"
	fi
	rm -rf --one-file-system "$dir"
}

# in_tree ROOT COMMAND...: as root in there. Nobody outside sees what is mounted for it.
in_tree()
{
	local root=$1

	shift
	# shellcheck disable=SC2016 # expanded by that shell
	unshare --mount --pid --fork --propagation private sh -c \
		'mount -t proc proc "$1/proc" && mount -t devpts -o newinstance,ptmxmode=666,mode=620 devpts "$1/dev/pts" &&
			root=$1 && shift && exec chroot "$root" "$@"' sh "$root" \
		env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 \
		DEBIAN_FRONTEND=noninteractive ${TERM:+TERM="$TERM"} "$@"
}

# copy_checkout DIR: what is committed and what is about to be, but nothing that was built
copy_checkout()
{
	mkdir -p "$1"
	(cd "$TOP_DIR" && git -c safe.directory="$TOP_DIR" ls-files -z --cached --others --exclude-standard |
		while IFS= read -r -d '' file; do
			[ ! -e "$file" ] || printf '%s\0' "$file"
		done | tar -c --null --no-recursion --files-from=- ) | tar -x --no-same-owner -C "$1"
}

# What it takes to make trees, and the packages that are named besides.
trees_setup()
{
	apt_need "to make root file systems of Debian" mmdebstrap "$@"
}

# For mounts and for files of every owner. It begins anew as root, and locks the cache.
need_root()
{
	if [ "$(id -u)" -ne 0 ]; then
		can_be_root || die "this needs root or sudo"
		exec sudo CFGBLK_CACHE="$CACHE" ${DEBIAN:+DEBIAN="$DEBIAN"} ${JOBS:+JOBS="$JOBS"} "$0" "$@"
	fi
	mkdir -p "$TREES"
	lock_cache
}

# What others write as well has to be theirs again.
give_to_user()
{
	# shellcheck disable=SC2153 # sudo sets both
	if [ -n "${SUDO_UID:-}" ]; then
		chown -R "$SUDO_UID:$SUDO_GID" "$CACHE/lock" "$CACHE/apt" "$CACHE/initramfs" "$TOP_DIR/build" 2>/dev/null || true
	fi
}
