/* SPDX-License-Identifier: GPL-2.0 */
/*
 * VF driver: what carries the calls of a VF
 */
#ifndef CFGBLK_VF_TRANSPORT_H
#define CFGBLK_VF_TRANSPORT_H

#include <linux/types.h>

struct cfgblk_info;
struct cfgblk_link_info;
struct cfgblk_stats;
struct cfgblk_vf;
struct seq_file;

/**
 * struct cfgblk_vf_transport - what carries the calls of a VF
 * @echo: bytes can go there and back without a block
 * @open: take what the device has, and set vf->calls, stopped; 0 or a negative
 *	errno
 * @close: undo @open
 * @start: take calls, and tell of masks; 0 or a negative errno
 * @quiesce: calls end with -ENODEV, now and from now on; no mask comes any more
 * @release: nobody calls any more; with @quiesce before, it undoes @start
 * @pause: calls end with -ECONNRESET until @resume
 * @resume: begin afresh
 * @want: does anybody want masks?  May be NULL; any context, does not sleep
 * @info: what CFGBLK_IOC_INFO says of the transport
 * @link: what CFGBLK_IOC_LINK says
 * @stats: counters
 * @show: what debugfs says
 *
 * But for @want all may sleep.  @open to @resume are called by the driver's
 * probe, remove, reset and sleep, one after the other.
 */
struct cfgblk_vf_transport {
	bool echo;
	int (*open)(struct cfgblk_vf *vf);
	void (*close)(struct cfgblk_vf *vf);
	int (*start)(struct cfgblk_vf *vf);
	void (*quiesce)(struct cfgblk_vf *vf);
	void (*release)(struct cfgblk_vf *vf);
	void (*pause)(struct cfgblk_vf *vf);
	void (*resume)(struct cfgblk_vf *vf);
	void (*want)(struct cfgblk_vf *vf, bool wanted);
	void (*info)(struct cfgblk_vf *vf, struct cfgblk_info *info);
	void (*link)(struct cfgblk_vf *vf, struct cfgblk_link_info *info);
	void (*stats)(struct cfgblk_vf *vf, struct cfgblk_stats *stats);
	void (*show)(struct cfgblk_vf *vf, struct seq_file *seq);
};

extern const struct cfgblk_vf_transport cfgblk_vf_mailbox;

#endif /* CFGBLK_VF_TRANSPORT_H */
