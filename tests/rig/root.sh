# shellcheck shell=sh
# SPDX-License-Identifier: GPL-2.0
#
# In a machine with a root file system of its own (ROOT): what init is in the others. Started by its systemd.

export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin HOME=/root
export PF PFS

script=$(find /run/rig -maxdepth 1 -type f ! -name root.sh ! -name environment)
ln -sfn /run/rig/send /run/send
stty -F /dev/ttyS1 raw -echo
mkfifo /run/rig/output
cat /run/rig/output >/dev/ttyS1 &
cat=$!
sh "$script" </dev/null >/run/rig/output 2>&1
status=$?
sync
wait $cat
echo "status $status" >/dev/ttyS2
echo b >/proc/sysrq-trigger
