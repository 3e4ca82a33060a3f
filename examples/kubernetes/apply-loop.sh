#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Applies the node's file at the start and once a minute: a ConfigMap changes under a container that runs, and a PF may
# have been bound anew. Applying twice changes nothing. If it fails this ends, and Kubernetes starts it again, later
# each time: that is what shows in the state of the pod. ROUNDS=1 ends after one.

SITE=${SITE:-/etc/cfgblk}
INTERVAL=${INTERVAL:-60}

file=$SITE/$NODE_NAME.json
[ -e "$file" ] || file=$SITE/default.json
# A shell that is process 1 would not hear of it otherwise
trap 'exit 0' TERM INT
rounds=${ROUNDS:-0}
while :; do
	cfgblk apply "$file" || exit
	rounds=$((rounds - 1))
	[ "$rounds" -ne 0 ] || exit 0
	sleep "$INTERVAL" &
	wait $!
done
