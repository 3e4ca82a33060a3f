#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# make check-examples: what is in examples/, run for real where that can be, with a command that has a driver of
# cardboard (tools/tests/fake.c) which remembers.
#
# Prints "ok - examples: NAME" or "not ok - examples: NAME" with what was said.

set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/rig/lib.sh"
. "$RIG_DIR/apt.sh"

PACKAGES=(ansible-core yamllint systemd python3-yaml curl gcc make libjansson-dev pkg-config)
EXAMPLES=$TOP_DIR/examples
PF=0000:01:00.0

# Unpacked, not installed: that would start a server of its own, for everybody.
EXPORTER=$CACHE/node-exporter/usr/bin/prometheus-node-exporter

WORK=$(mktemp -d)
FAILED=0

cleanup()
{
	rm -rf "$WORK"
}

setup()
{
	apt_need "to try the examples" "${PACKAGES[@]}"
	(lock_cache; apt_keep node-exporter prometheus-node-exporter)
	make -s -C "$TOP_DIR/tools" O="$WORK/build" "$WORK/build/test-cfgblk" >&2
}

# One PF with four VFs, all of them enabled; the command on the PATH knows no other device.
make_host()
{
	local devices=$WORK/host/sys/devices i

	mkdir -p "$WORK/host/dev/cfgblk" "$WORK/bin" "$devices/$PF"
	echo pf >"$WORK/host/dev/cfgblk/$PF"
	for i in 0 1 2 3; do
		mkdir -p "$devices/0000:01:10.$i"
		ln -s "../0000:01:10.$i" "$devices/$PF/virtfn$i"
		ln -s "../$PF" "$devices/0000:01:10.$i/physfn"
	done
	mkdir -p "$devices/0000:07:00.0"
	cat >"$WORK/bin/cfgblk" <<-END
		#!/bin/sh
		cd "$WORK/host" && FAKE_STORE=$WORK/store exec "$WORK/build/test-cfgblk" "\$@"
	END
	chmod +x "$WORK/bin/cfgblk"
	PATH=$WORK/bin:$PATH
}

# Nothing is defined any more
empty_store()
{
	rm -f "$WORK/store"
}

# check NAME COMMAND...: what it prints is shown if it fails
check()
{
	local name=$1 rc=0
	shift

	progress "$name ..."
	set +e
	(set -e; "$@") >"$WORK/said" 2>&1
	rc=$?
	set -e
	progress_end
	if [ "$rc" -eq 0 ]; then
		printf 'ok - examples: %s\n' "$name"
	else
		printf 'not ok - examples: %s\n' "$name"
		sed 's/^/# /' "$WORK/said"
		FAILED=1
	fi
}

# is WANT ARGUMENT...: the command says exactly this
is()
{
	local want=$1 got
	shift

	got=$(cfgblk "$@")
	[ "$got" = "$want" ] || { printf 'cfgblk %s: %s, and not %s\n' "$*" "$got" "$want"; return 1; }
}

# A host of ours has no blocks that were not undefined
no_block()
{
	! cfgblk read "$PF" "$1" --vf "$2" || { echo "block $1 of VF $2 is there"; return 1; }
}

# fails COMMAND...: set -e would not see that a command with "!" before it is done
fails()
{
	if "$@"; then
		echo "this was done: $*"
		return 1
	fi
}

# play ARGUMENT...: the playbook against this machine; "changed=N ..." of its last line
play()
{
	ANSIBLE_HOME=$WORK/ansible ANSIBLE_LOCAL_TEMP=$WORK/ansible/tmp ANSIBLE_REMOTE_TEMP=$WORK/ansible/remote \
		ANSIBLE_NOCOLOR=1 ANSIBLE_LOCALHOST_WARNING=0 ansible-playbook -i host, -c local -e ansible_become=false \
		-e ansible_python_interpreter=/usr/bin/python3 -e cfgblk_directory="$WORK/etc" "$@" \
		"$EXAMPLES/ansible/site.yml" >"$WORK/play" 2>&1 || { cat "$WORK/play"; return 1; }
	cat "$WORK/play"
	sed -n 's/.*\(changed=[0-9]*\).*/\1/p' "$WORK/play" >"$WORK/changed"
}

changed()
{
	grep -qx "changed=$1" "$WORK/changed"
}

ansible_check_mode()
{
	play --check
	changed 3
	no_block 3 0
	fails test -e "$WORK/etc"
}

ansible_applies()
{
	play
	changed 3
	is mtu=1500 read "$PF" 3 --vf 0
	is mtu=9000 read "$PF" 3 --vf 3
	cfgblk apply --dry-run "$WORK/etc/$PF.json" | grep -x 'nothing to do'
}

ansible_again()
{
	play
	changed 0
}

# Somebody has written a block by hand: that alone is mended
ansible_mends()
{
	echo other | cfgblk write "$PF" 3 --vf 1
	play
	changed 1
	is mtu=9000 read "$PF" 3 --vf 1
}

ansible_refused()
{
	export FAKE_ERROR=DEFINE:28
	fails play -e '{"cfgblk_pfs": {"0000:01:00.0": {"vfs": {"0": {"blocks": [{"id": 9}]}}}}}'
	grep -q 'ENOSPC' "$WORK/play"
	unset FAKE_ERROR
	fails play -e '{"cfgblk_pfs": {"0000:01:00.0": {"vfs": {"0": {"id": 9}}}}}'
	grep -q '/vfs/0/id: unknown key (EINVAL)' "$WORK/play"
	fails grep -q 'from_json' "$WORK/play"
	fails grep '"id": 9' "$WORK/etc/$PF.json"
	grep -q 'mtu=9000' "$WORK/etc/$PF.json"
}

# The loop gets the file out of the ConfigMap, as the kubelet would
kubernetes_file()
{
	python3 - "$EXAMPLES/kubernetes/cfgblk.yaml" "$WORK/site" <<-'END'
		import os, sys, yaml
		for what in yaml.safe_load_all(open(sys.argv[1])):
		    if what["kind"] == "ConfigMap":
		        os.mkdir(sys.argv[2])
		        for name, text in what["data"].items():
		            open(os.path.join(sys.argv[2], name), "w").write(text)
	END
}

kubernetes_loop()
{
	NODE_NAME=$1 SITE=$WORK/site ROUNDS=$2 INTERVAL=0 "$EXAMPLES/kubernetes/apply-loop.sh"
}

kubernetes_applies()
{
	kubernetes_file
	empty_store
	kubernetes_loop node1 2 | tee "$WORK/loop"
	is mtu=9000 read "$PF" 3 --vf 2
	[ "$(grep -cx 'nothing to do' "$WORK/loop")" -eq 1 ]
	echo '{"0000:01:00.0": {"vfs": {"2": {"blocks": [{"id": 3, "size": 64, "access": "ro", "text": "mine"}]}}}}' \
		>"$WORK/site/node2.json"
	kubernetes_loop node2 1
	is mine read "$PF" 3 --vf 2
}

# What the page copies to where it builds the image, in a checkout in which make deb was run: all that the image takes
# is there.
kubernetes_image()
{
	local tree=$WORK/checkout page=$TOP_DIR/Documentation/fleet.rst options file

	mkdir -p "$tree/build/deb" "$tree/examples"
	cp -r "$EXAMPLES/kubernetes" "$tree/examples/"
	touch "$tree/build/deb/cfgblk-tools_1_amd64.deb"
	cd "$tree"
	sh -ec "$(sed -n 's/^  \(cp examples\/kubernetes.*\)/\1/p' "$page")"
	options=$(sed -n 's/^  docker build -t [^ ]* -f //p' "$page")
	cd "${options#* }"
	sed -nE 's/^COPY( --[^ ]*)* ([^ ]*) .*/\2/p' "$tree/${options% *}" >"$WORK/copied"
	[ -s "$WORK/copied" ]
	while read -r file; do
		compgen -G "$file" >/dev/null || { echo "$file is not in ${options#* }"; return 1; }
	done <"$WORK/copied"
}

# The pod fails, and the message is in its log
kubernetes_fails()
{
	echo '{"0000:09:00.0": {}}' >"$WORK/site/node3.json"
	fails kubernetes_loop node3 1 2>"$WORK/loop"
	grep -q 'there is no PCI device with this address' "$WORK/loop"
}

# What no server has to be asked for: the selector fits, and what is mounted is there
kubernetes_fits()
{
	python3 - "$EXAMPLES/kubernetes/cfgblk.yaml" <<-'END'
		import json, sys, yaml
		parts = {part["kind"]: part for part in yaml.safe_load_all(open(sys.argv[1]))}
		spec = parts["DaemonSet"]["spec"]
		pod = spec["template"]["spec"]
		assert spec["selector"]["matchLabels"].items() <= spec["template"]["metadata"]["labels"].items()
		volumes = {volume["name"]: volume for volume in pod["volumes"]}
		mounts = {mount["name"]: mount for mount in pod["containers"][0]["volumeMounts"]}
		assert volumes.keys() == mounts.keys()
		assert volumes["site"]["configMap"]["name"] == parts["ConfigMap"]["metadata"]["name"]
		assert mounts["nodes"]["mountPath"] == volumes["nodes"]["hostPath"]["path"] == "/dev/cfgblk"
		assert mounts["sys"]["readOnly"] and mounts["site"]["readOnly"]
		for text in parts["ConfigMap"]["data"].values():
		    json.loads(text)
	END
}

yaml_clean()
{
	yamllint -s -d '{extends: default, rules: {line-length: {max: 120}}}' "$EXAMPLES"
}

# The line of the service and that of cron, in a directory of ours
collect_metrics()
{
	local line

	mkdir -p "$WORK/textfile"
	case $1 in
	service) line=$(sed -n "s/^ExecStart=\/bin\/sh -c '\(.*\)'\$/\1/p" "$EXAMPLES/prometheus/cfgblk-metrics.service") ;;
	cron) line=$(sed -n 's/^\* .* root //p' "$EXAMPLES/prometheus/cfgblk.cron") ;;
	esac
	[ -n "$line" ]
	rm -f "$WORK/textfile"/*
	(cd "$WORK/textfile" && sh -c "${line//\/var\/lib\/prometheus\/node-exporter/$WORK/textfile}")
	[ "$(ls "$WORK/textfile")" = cfgblk.prom ]
}

# What it says on the port that the kernel gave it; it is known once it listens.
ask_exporter()
{
	local address

	address=$(sed -n 's/.*"Listening on" address=\([0-9.:]*\).*/\1/p' "$WORK/exporter")
	[ -n "$address" ] && curl -sf --noproxy '*' --max-time 5 "http://$address/metrics" >"$WORK/metrics"
}

# wait_exporter PID: until it answers or ends, and no longer than half a minute
wait_exporter()
{
	local tries

	for ((tries = 0; tries < 300; tries++)); do
		if ask_exporter; then
			return
		fi
		kill -0 "$1" || break
		sleep 0.1
	done
	cat "$WORK/exporter"
	return 1
}

# In a shell of its own, whose end is that of the exporter
prometheus_reads()
{
	collect_metrics service
	collect_metrics cron
	"$EXPORTER" --collector.disable-defaults --collector.textfile --collector.textfile.directory="$WORK/textfile" \
		--web.listen-address=127.0.0.1:0 >"$WORK/exporter" 2>&1 &
	# shellcheck disable=SC2064 # as it is now
	trap "kill $! 2>/dev/null || true" EXIT
	wait_exporter "$!"
	grep -E '^(cfgblk_link_|node_textfile)' "$WORK/metrics"
	grep -qx 'node_textfile_scrape_error 0' "$WORK/metrics"
	grep -qF "cfgblk_link_state{device=\"$PF\",role=\"pf\",vf=\"0\"}" "$WORK/metrics"
	[ "$(grep -c '^cfgblk_' "$WORK/metrics")" -eq "$(grep -c '^cfgblk_' "$WORK/textfile/cfgblk.prom")" ]
}

units_verify()
{
	mkdir -p "$WORK/units"
	cp "$EXAMPLES"/prometheus/cfgblk-metrics.* "$WORK/units/"
	systemd-analyze verify --man=no "$WORK"/units/* 2>&1 | tee "$WORK/verify"
	fails test -s "$WORK/verify"
}

# A domain as virsh dumpxml prints it: a VF as <hostdev>, a disk controller that is no VF, a VF as <interface>
domain()
{
	cat <<-'END'
		<domain type='kvm' id='3'>
		  <name>guest1</name>
		  <uuid>6d2b0c3e-30a5-4c25-93b6-d3b2a66a8a4e</uuid>
		  <memory unit='KiB'>1048576</memory>
		  <os><type arch='x86_64' machine='pc-q35-7.2'>hvm</type></os>
		  <devices>
		    <emulator>/usr/bin/qemu-system-x86_64</emulator>
		    <interface type='network'>
		      <mac address='52:54:00:11:22:33'/>
		      <source network='default'/>
		      <address type='pci' domain='0x0000' bus='0x01' slot='0x00' function='0x0'/>
		    </interface>
		    <hostdev mode='subsystem' type='pci' managed='yes'>
		      <driver name='vfio'/>
		      <source>
		        <address domain='0x0000' bus='0x01' slot='0x10' function='0x2'/>
		      </source>
		      <alias name='hostdev0'/>
		      <address type='pci' domain='0x0000' bus='0x06' slot='0x00' function='0x0'/>
		    </hostdev>
		    <hostdev mode='subsystem' type='usb' managed='yes'>
		      <source><vendor id='0x1234'/><product id='0xbeef'/></source>
		    </hostdev>
		    <hostdev mode='subsystem' type='pci' managed='yes'>
		      <source>
		        <address domain='0x0000' bus='0x07' slot='0x00' function='0x0'/>
		      </source>
		    </hostdev>
		    <interface type='hostdev' managed='yes'>
		      <mac address='52:54:00:44:55:66'/>
		      <source>
		        <address type='pci' domain='0x0000' bus='0x01' slot='0x10' function='0x1'/>
		      </source>
		      <address type='pci' domain='0x0000' bus='0x08' slot='0x00' function='0x0'/>
		    </interface>
		  </devices>
		</domain>
	END
}

# hook GUEST OPERATION PHASE: as libvirt calls it
hook()
{
	domain | CFGBLK_GUESTS=$WORK/guests CFGBLK_KEPT=$WORK/run/guests CFGBLK_SYSFS=$WORK/host/sys/devices \
		"$EXAMPLES/libvirt/cfgblk" "$@" -
}

# Nothing is published or kept; the guest's file is that of the example
libvirt_begins()
{
	empty_store
	rm -rf "$WORK/run" "$WORK/guests"
	mkdir "$WORK/guests"
	cp "$EXAMPLES/libvirt/guest1.json" "$WORK/guests/"
}

# limit_is RATE BURST VF
limit_is()
{
	cfgblk limit "$PF" --vf "$3" --json | python3 -c '
import json, sys
limit = json.load(sys.stdin)["limits"][0]
sys.exit([str(limit["rate"]), str(limit["burst"])] != sys.argv[1:])' "$1" "$2" ||
		{ cfgblk limit "$PF" --vf "$3"; return 1; }
}

nothing_kept()
{
	fails test -e "$WORK/run/guests/guest1.json"
}

nothing_published()
{
	no_block 20 2
	no_block 21 2
	no_block 20 1
}

libvirt_publishes()
{
	libvirt_begins
	hook guest1 prepare begin
	is mtu=9000 read "$PF" 20 --vf 2
	is mtu=1500 read "$PF" 20 --vf 1
	limit_is 1000 2000 2
	no_block 20 0
	hook guest1 start begin
	hook guest1 started begin
	is mtu=9000 read "$PF" 20 --vf 2
	[ "$(stat -c %a "$WORK/run/guests" "$WORK/run/guests/guest1.json" | xargs)" = '700 600' ]
}

libvirt_takes_back()
{
	libvirt_begins
	cfgblk limit "$PF" --vf 2 --rate 77 --burst 99
	hook guest1 prepare begin
	hook guest1 stopped end
	is mtu=9000 read "$PF" 20 --vf 2
	hook guest1 release end
	nothing_published
	limit_is 77 99 2
	nothing_kept
	cfgblk limit "$PF" --vf 2 --none
	hook guest1 prepare begin
	limit_is 1000 2000 2
	hook guest1 release end
	limit_is None None 2
}

# Edited, shortened, no JSON any more, or gone, while the guest ran
libvirt_takes_back_what_it_published()
{
	local file=$WORK/guests/guest1.json change

	for change in 's/20/30/; s/1000/500/' '1s/.*/[]/; 2,99d' 's/.*//' d; do
		libvirt_begins
		cfgblk limit "$PF" --vf 2 --rate 77 --burst 99
		hook guest1 prepare begin
		sed -i "$change" "$file"
		[ "$change" != d ] || rm "$file"
		hook guest1 release end
		nothing_published
		limit_is 77 99 2
		nothing_kept
	done
}

# A VF was plugged in or out: the domain is another
libvirt_takes_back_whatever_the_domain()
{
	libvirt_begins
	hook guest1 prepare begin
	domain() { echo '<domain><devices/></domain>'; }
	hook guest1 release end
	nothing_published
}

# Blocks that somebody undefined, and a PF that is not bound any more
libvirt_takes_back_what_is_there()
{
	local rc=0

	libvirt_begins
	hook guest1 prepare begin
	cfgblk undefine "$PF" 20 --vf 2
	hook guest1 release end
	nothing_published
	hook guest1 prepare begin
	mv "$WORK/host/dev/cfgblk/$PF" "$WORK/node"
	hook guest1 release end || rc=$?
	mv "$WORK/node" "$WORK/host/dev/cfgblk/$PF"
	[ "$rc" -eq 0 ]
	nothing_kept
}

# A block of the first guest is no second one's: not before it was taken back
libvirt_keeps_what_it_cannot_take_back()
{
	libvirt_begins
	cp "$WORK/guests/guest1.json" "$WORK/guests/guest3.json"
	hook guest1 prepare begin
	FAKE_ERROR=UNDEFINE:5 fails hook guest1 release end
	is mtu=9000 read "$PF" 20 --vf 2
	fails hook guest3 prepare begin 2>"$WORK/refused"
	grep -q "VF 2 has blocks of guest guest1 still; .* guest1 release end -" "$WORK/refused"
	hook guest1 prepare begin
	hook guest1 release end
	nothing_published
	hook guest3 prepare begin
	is mtu=9000 read "$PF" 20 --vf 2
}

libvirt_ignores_others()
{
	libvirt_begins
	hook guest2 prepare begin
	nothing_published
	hook guest2 release end
}

# libvirt then does not start the guest
libvirt_refuses()
{
	libvirt_begins
	FAKE_ERROR=DEFINE:28 fails hook guest1 prepare begin 2>"$WORK/refused"
	grep -q 'ENOSPC' "$WORK/refused"
	nothing_kept
	echo '[]' >"$WORK/guests/guest4.json"
	fails hook guest4 prepare begin 2>"$WORK/refused"
	grep -q 'has 2 VFs, and guest4.json tells of 0' "$WORK/refused"
}

# The first block is defined, and cannot be written
libvirt_leaves_no_half()
{
	libvirt_begins
	cfgblk limit "$PF" --vf 2 --rate 77 --burst 99
	FAKE_ERROR=WRITE:5 fails hook guest1 prepare begin
	nothing_published
	limit_is 77 99 2
	nothing_kept
}

main()
{
	trap cleanup EXIT
	setup
	make_host
	check "YAML is clean" yaml_clean
	check "Ansible in check mode tells of changes and makes none" ansible_check_mode
	check "Ansible applies, and keeps the file" ansible_applies
	check "Ansible changes nothing the second time" ansible_again
	check "Ansible mends what somebody changed" ansible_mends
	check "Ansible shows why it was refused, and keeps no refused file" ansible_refused
	check "the DaemonSet's image is built where its files are" kubernetes_image
	check "the DaemonSet fits together" kubernetes_fits
	check "the DaemonSet's loop applies, and again when there is another file" kubernetes_applies
	check "the DaemonSet's loop fails with the message" kubernetes_fails
	check "node_exporter has the counters" prometheus_reads
	check "the units are right" units_verify
	check "the libvirt hook publishes before a guest starts" libvirt_publishes
	check "the libvirt hook takes back when it has ended" libvirt_takes_back
	check "the libvirt hook takes back what it published, whatever the file says by then" libvirt_takes_back_what_it_published
	check "the libvirt hook takes back whatever VFs the domain has by then" libvirt_takes_back_whatever_the_domain
	check "the libvirt hook takes back what is there still" libvirt_takes_back_what_is_there
	check "the libvirt hook gives no guest a VF with blocks of another" libvirt_keeps_what_it_cannot_take_back
	check "the libvirt hook leaves other guests alone" libvirt_ignores_others
	check "the libvirt hook keeps a guest from starting" libvirt_refuses
	check "the libvirt hook takes back what it published before it failed" libvirt_leaves_no_half
	[ "$FAILED" -eq 0 ]
}

main
