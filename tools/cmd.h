/* SPDX-License-Identifier: GPL-2.0 */
#ifndef TOOLS_CMD_H
#define TOOLS_CMD_H

enum status {
	STATUS_DONE = 0,
	STATUS_FAILED = 1,	/* refused, or failed */
	STATUS_USAGE = 2,	/* wrong usage */
};

int cmd_list(int argc, char **argv);
int cmd_show(int argc, char **argv);
int cmd_stats(int argc, char **argv);
int cmd_define(int argc, char **argv);
int cmd_undefine(int argc, char **argv);
int cmd_write(int argc, char **argv);
int cmd_read(int argc, char **argv);
int cmd_invalidate(int argc, char **argv);
int cmd_watch(int argc, char **argv);
int cmd_ping(int argc, char **argv);
int cmd_limit(int argc, char **argv);
int cmd_reset(int argc, char **argv);
int cmd_save(int argc, char **argv);
int cmd_restore(int argc, char **argv);
int cmd_apply(int argc, char **argv);

#endif
