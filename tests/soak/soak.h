/* SPDX-License-Identifier: GPL-2.0 */
/*
 * soak: processes that use the blocks while a script breaks things, and judge
 * what they see.  What they share is the board, a file that all of them map.
 */
#ifndef SOAK_H
#define SOAK_H

#include <stdbool.h>

#include <linux/cfgblk.h>

#define __printf(a, b)	__attribute__((__format__(printf, a, b)))

#define MAX_VFS		8
#define MAX_ERRNO	160

/*
 * Blocks: those that one caller each has, the one that all share, those that
 * the host publishes
 */
#define OWN_FIRST	16
#define OWN_BLOCKS	2
#define SHARED_BLOCK	5
#define HOST_FIRST	8
#define HOST_BLOCKS	4

/* What is done to a VF, or to all of them */
enum fault {
	FAULT_VF_FLR,
	FAULT_RESET,
	FAULT_REBIND,
	FAULT_NUMVFS,
	FAULT_PF_FLR,
	FAULT_PF_REBIND,
	FAULT_LIMIT,
	FAULT_RESTORE,
	FAULTS,
};

/* What must not be */
enum defect {
	LOST_INVALIDATIONS,
	LOST_WRITES,
	TORN,
	KEPT,		/* a write survived a reset: the next tenant reads it */
	OUT_OF_ORDER,	/* an older publication after a younger one */
	UNEXPECTED_ERRORS,
	DEFECTS,
};

/* How often a fault began and ended; it is under way while the two differ */
struct fault_count {
	__u32 began;
	__u32 ended;
};

struct board {
	char pf[64];		/* the PF's node */
	__u32 stop;
	__u32 paused;		/* no publications until further notice */
	__u32 publishing;	/* one is under way */
	__u32 version;		/* the last that was published */
	struct fault_count faults[MAX_VFS][FAULTS];
	/* Versions that the watchers read last */
	__u32 seen[MAX_VFS][HOST_BLOCKS];
	__u64 exchanges;
	__u64 bytes;
	__u64 published;
	__u64 events;
	__u64 killed;
	__u64 settled;
	__u64 errors[MAX_ERRNO];
	__u64 defects[DEFECTS];
};

/* What the faults of a VF were at one moment */
struct snapshot {
	struct fault_count faults[FAULTS];
};

/* One VF as one process uses it */
struct vf {
	unsigned int id;
	const char *path;
	int fd;			/* -1: not open */
	unsigned int restarts;	/* calls that ended because it began afresh */
	struct snapshot good;	/* before the last call that succeeded */
};

extern struct board *board;
extern const char *const fault_names[FAULTS];

void board_open(const char *path);
void board_add(__u64 *counter, __u64 n);
void defect(enum defect what, const struct vf *vf, const char *format, ...)
	__printf(3, 4);

void fault_begin(unsigned int vf, enum fault fault);
void fault_end(unsigned int vf, enum fault fault);
void faults_now(unsigned int vf, struct snapshot *snapshot);
unsigned int faults_since(unsigned int vf, const struct snapshot *then);
bool faults_under_way(const struct snapshot *snapshot);

void vf_init(struct vf *vf, unsigned int id, const char *path);
bool vf_call(struct vf *vf, unsigned long command, void *arg, int *error);

void random_seed(unsigned int seed);
unsigned int random_next(void);
void random_bytes(__u8 *data, unsigned int len, unsigned int seed);
void pause_ms(unsigned int ms);

void run_own(struct vf *vf, unsigned int block);
void run_shared(struct vf *vf);
void run_killer(struct vf *vf, unsigned int callers, unsigned int seed);
void run_watcher(struct vf *vf);
void run_publisher(const char *pf, unsigned int vfs);
void publish_all(const char *pf, unsigned int vfs);
void hush(void);
void unhush(void);
bool settle(const char *pf, unsigned int vfs);
int report(void);

void host_fill(unsigned int vf, unsigned int block, unsigned int version,
	       struct cfgblk_block_io *io);
bool host_version(unsigned int vf, unsigned int block,
		  const struct cfgblk_block_io *io, unsigned int *version);

#endif
