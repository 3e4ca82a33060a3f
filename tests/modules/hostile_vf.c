// SPDX-License-Identifier: GPL-2.0
/*
 * hostile_vf: drives the mailbox of one VF of the 82576 by hand, and badly
 *
 * For the test machine only.  It takes a VF by driver_override, and then, where
 * N is a seed:
 *
 *   echo NAME N >/sys/module/hostile_vf/parameters/attack	starts an attack
 *   echo stop >/sys/module/hostile_vf/parameters/attack	ends it
 *   cat /sys/module/hostile_vf/parameters/attack		NAME, N, rounds
 *
 * An attack is one thread, or two, on the processor that the parameter cpu
 * names.  It makes one round after the other until it is stopped, and leaves
 * the registers as they are.
 */
#define pr_fmt(fmt) "hostile_vf: " fmt

#include <linux/cpumask.h>
#include <linux/delay.h>
#include <linux/io.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/pci.h>
#include <linux/prandom.h>
#include <linux/sched.h>

/* cfgblk.ko exports the protocol to nobody */
#include "proto.c"

/* VF registers of the 82576 */
#define VTCTRL			0x00000
#define VTCTRL_RST		BIT(26)
#define VMBMEM			0x00800
#define V2PMAILBOX		0x00c40
#define V2P_REQ			BIT(0)
#define V2P_ACK			BIT(1)
#define V2P_VFU			BIT(2)

#define MBX_DWORDS		CFGBLK_MBX_DWORDS

/* Looks at dword 0 before an answer is given up */
#define PATIENCE		200

/* Rounds from one HELLO to the next, for those who need one */
#define ROUNDS_OF_HELLO		64

/* Blocks that an attack writes */
#define BLOCK			3

#define NAME_MAX_LEN		16

struct attack {
	const char *name;
	void (*round)(void);
	void (*beside)(void);	/* round of a second thread */
};

static unsigned int cpu;
module_param(cpu, uint, 0644);
MODULE_PARM_DESC(cpu, "processor of the threads");

static unsigned int gap;
module_param(gap, uint, 0644);
MODULE_PARM_DESC(gap, "ns between two rounds, in which the processor spins");

static void __iomem *bar;
static const struct attack *running;
static struct task_struct *threads[2];
static struct rnd_state rnd;		/* of the first thread */
static u32 seed;
static unsigned long rounds;
static u8 epoch;
static u8 last_id;

static u32 random(void)
{
	return prandom_u32_state(&rnd);
}

static void ring(u32 bells)
{
	writel(bells, bar + V2PMAILBOX);
}

static void put(const u32 *words, unsigned int n)
{
	while (n--)
		writel(words[n], bar + VMBMEM + 4 * n);
}

static u32 dword0(void)
{
	return readl(bar + VMBMEM);
}

/* Gives the PF the time to answer, and no more; true if it did */
static bool answered(u32 sent, struct cfgblk_hdr *hdr)
{
	unsigned int tries = PATIENCE;
	u32 word;

	do {
		cond_resched();
		word = dword0();
	} while (word == sent && --tries);
	return word != sent && cfgblk_hdr_unpack(word, hdr);
}

static bool ask(const u32 *words, unsigned int n, struct cfgblk_hdr *hdr)
{
	put(words, n);
	ring(V2P_REQ);
	return answered(words[0], hdr);
}

/* KNOCK and HELLO, as a well-bred VF driver */
static void attach(void)
{
	struct cfgblk_hello hello = {
		.instance = seed, .attempt = random(),
		.min = CFGBLK_VERSION_MIN, .max = CFGBLK_VERSION_MAX,
	};
	struct cfgblk_hdr hdr = { .id = hello.attempt & CFGBLK_ID_MASK };
	struct cfgblk_welcome welcome;
	u32 words[CFGBLK_HELLO_DWORDS];
	unsigned int i;

	words[0] = cfgblk_hdr_pack(&hdr);
	if (!ask(words, 1, &hdr) || hdr.op != CFGBLK_OP_COME)
		return;
	cfgblk_hello_pack(&hello, words);
	if (!ask(words, CFGBLK_HELLO_DWORDS, &hdr))
		return;
	for (i = 0; i < CFGBLK_HELLO_DWORDS; i++)
		words[i] = readl(bar + VMBMEM + 4 * i);
	if (cfgblk_welcome_unpack(words, &welcome))
		epoch = welcome.epoch & CFGBLK_EPOCH_MASK;
}

static void attach_now_and_then(void)
{
	if (rounds % ROUNDS_OF_HELLO == 0)
		attach();
}

/* A message of this epoch; its bytes are random */
static void compose(u32 *words, u8 op, u8 arg, bool more, bool new_id)
{
	struct cfgblk_hdr hdr = {
		.epoch = epoch, .short_id = BLOCK, .op = op, .arg = arg,
		.more = more,
	};

	last_id = (last_id + new_id) & CFGBLK_ID_MASK;
	hdr.id = last_id;
	prandom_bytes_state(&rnd, words, MBX_DWORDS * sizeof(u32));
	words[0] = cfgblk_hdr_pack(&hdr);
}

static bool send(u8 op, u8 arg, bool more, bool new_id, struct cfgblk_hdr *hdr)
{
	u32 words[MBX_DWORDS];

	compose(words, op, arg, more, new_id);
	return ask(words, MBX_DWORDS, hdr);
}

/* Any words, any bits of the mailbox register */
static void round_random(void)
{
	u32 words[MBX_DWORDS];
	struct cfgblk_hdr hdr;

	prandom_bytes_state(&rnd, words, sizeof(words));
	put(words, MBX_DWORDS);
	ring(random());
	answered(words[0], &hdr);
}

/* A good message, and the same with one to four bits flipped */
static void round_mutate(void)
{
	static const u8 ops[] = {
		CFGBLK_OP_WRITE, CFGBLK_OP_READ, CFGBLK_OP_ECHO,
		CFGBLK_OP_TAKE, CFGBLK_OP_NEXT, CFGBLK_OP_HELLO,
	};
	struct cfgblk_hello hello = { .instance = seed, .min = 1, .max = 1 };
	u8 op = ops[random() % ARRAY_SIZE(ops)];
	unsigned int flips = 1 + random() % 4;
	u32 words[MBX_DWORDS];
	struct cfgblk_hdr hdr;

	attach_now_and_then();
	send(CFGBLK_OP_WRITE, random() % 60, false, true, &hdr);
	compose(words, op, random() % 60, false, true);
	if (op == CFGBLK_OP_HELLO)
		cfgblk_hello_pack(&hello, words);
	while (flips--) {
		unsigned int bit = random() % (MBX_DWORDS * 32);

		if (random() % 2)
			bit %= 32;
		words[bit / 32] ^= BIT(bit % 32);
	}
	ask(words, MBX_DWORDS, &hdr);
}

static void round_flood_req(void)
{
	ring(V2P_REQ);
}

static void round_flood_ack(void)
{
	ring(V2P_ACK);
}

static void round_flood_both(void)
{
	ring(V2P_REQ | V2P_ACK);
}

/* Each of them a good request, and nobody waits for the answer */
static void round_flood_echo(void)
{
	u32 words[MBX_DWORDS];

	attach_now_and_then();
	compose(words, CFGBLK_OP_ECHO, 59, false, true);
	put(words, MBX_DWORDS);
	ring(V2P_REQ);
}

/* No bell at all: what the flood of accesses alone costs others */
static void round_no_bell(void)
{
	ring(0);
}

/* Owns the buffer from now on */
static void round_hog(void)
{
	struct cfgblk_hdr hdr;
	u32 words[MBX_DWORDS];

	attach_now_and_then();
	compose(words, CFGBLK_OP_READ, 127, false, true);
	put(words, MBX_DWORDS);
	ring(V2P_VFU | V2P_REQ);
	answered(words[0], &hdr);
}

/* Acknowledges what nobody said */
static void round_ack(void)
{
	struct cfgblk_hdr hdr;

	ring(V2P_ACK);
	answered(dword0(), &hdr);
}

static void round_reset(void)
{
	writel(VTCTRL_RST, bar + VTCTRL);
}

/* A good request, while the second thread writes over it all the time */
static void round_scribble(void)
{
	struct cfgblk_hdr hdr;

	attach_now_and_then();
	send(CFGBLK_OP_WRITE, random() % 128, random() % 2, true, &hdr);
}

/* Now words that are nothing, now the header of some request */
static void round_scribbler(void)
{
	static u32 n;
	struct cfgblk_hdr hdr = {
		.id = n, .epoch = epoch, .short_id = BLOCK, .op = n % 8,
		.arg = n % 128, .more = n & 1,
	};
	unsigned int i;

	n++;
	writel(cfgblk_hdr_pack(&hdr), bar + VMBMEM);
	for (i = 1; i < MBX_DWORDS; i++)
		writel(n * 0x9e3779b1, bar + VMBMEM + 4 * i);
}

/* Fragments with wrong numbers, and one message of which they never end */
static void round_fragments(void)
{
	struct cfgblk_hdr hdr;
	unsigned int i;

	attach_now_and_then();
	send(CFGBLK_OP_WRITE, 127, true, true, &hdr);
	if (random() % 2)
		send(CFGBLK_OP_NEXT, random() % 128, true, false, &hdr);
	for (i = 1; i < 8; i++)
		send(CFGBLK_OP_NEXT, i, true, false, &hdr);
}

/* Asks for 128 bytes, gets a fragment, and never says that it has it */
static void round_silent(void)
{
	struct cfgblk_hdr hdr;

	attach_now_and_then();
	send(CFGBLK_OP_ECHO, 127, true, true, &hdr);
	send(CFGBLK_OP_NEXT, 1, true, false, &hdr);
	send(CFGBLK_OP_NEXT, 2, false, false, &hdr);
	send(CFGBLK_OP_READ, 127, false, true, &hdr);
}

/* More bytes than there are, and fewer */
static void round_lengths(void)
{
	struct cfgblk_hdr hdr;

	attach_now_and_then();
	send(CFGBLK_OP_WRITE, 60 + random() % 68, false, true, &hdr);
	send(CFGBLK_OP_ECHO, random() % 60, true, true, &hdr);
	send(CFGBLK_OP_READ, random() % 128, true, true, &hdr);
	send(CFGBLK_OP_WRITE, 127, true, true, &hdr);
	send(CFGBLK_OP_NEXT, 1, false, false, &hdr);
}

static const struct attack attacks[] = {
	{ "random", round_random },
	{ "mutate", round_mutate },
	{ "flood-req", round_flood_req },
	{ "flood-ack", round_flood_ack },
	{ "flood-both", round_flood_both },
	{ "flood-echo", round_flood_echo },
	{ "no-bell", round_no_bell },
	{ "hog", round_hog },
	{ "ack", round_ack },
	{ "reset", round_reset },
	{ "scribble", round_scribble, round_scribbler },
	{ "fragments", round_fragments },
	{ "silent", round_silent },
	{ "lengths", round_lengths },
};

static int first_thread(void *data)
{
	const struct attack *attack = data;

	while (!kthread_should_stop()) {
		attack->round();
		WRITE_ONCE(rounds, rounds + 1);
		if (gap)
			ndelay(gap);
		cond_resched();
	}
	return 0;
}

static int second_thread(void *data)
{
	const struct attack *attack = data;

	while (!kthread_should_stop()) {
		attack->beside();
		cond_resched();
	}
	return 0;
}

static void stop(void)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(threads); i++) {
		if (threads[i])
			kthread_stop(threads[i]);
		threads[i] = NULL;
	}
	if (running)
		pr_info("%s, seed %u: stopped after %lu rounds\n",
			running->name, seed, rounds);
	running = NULL;
}

static int hostile_thread(unsigned int i, int (*fn)(void *data),
			  const struct attack *attack)
{
	struct task_struct *task = kthread_create(fn, (void *)attack,
						  "hostile_vf/%u", i);

	if (IS_ERR(task))
		return PTR_ERR(task);
	kthread_bind(task, cpu);
	threads[i] = task;
	wake_up_process(task);
	return 0;
}

static int start(const struct attack *attack)
{
	int err;

	if (!bar)
		return -ENODEV;
	if (cpu >= nr_cpu_ids || !cpu_online(cpu))
		return -EINVAL;
	pr_info("%s, seed %u\n", attack->name, seed);
	prandom_seed_state(&rnd, seed);
	rounds = 0;
	running = attack;
	err = hostile_thread(0, first_thread, attack);
	if (!err && attack->beside)
		err = hostile_thread(1, second_thread, attack);
	if (err)
		stop();
	return err;
}

static const struct attack *find(const char *name)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(attacks); i++)
		if (!strcmp(attacks[i].name, name))
			return &attacks[i];
	return NULL;
}

/* The lock of the module's parameters keeps this and the device apart */
static int attack_set(const char *text, const struct kernel_param *kp)
{
	char name[NAME_MAX_LEN];
	u32 n = 1;

	if (sscanf(text, "%15s %u", name, &n) < 1)
		return -EINVAL;
	if (strcmp(name, "stop") && !find(name))
		return -EINVAL;
	stop();
	if (!strcmp(name, "stop"))
		return 0;
	seed = n;
	return start(find(name));
}

static int attack_get(char *text, const struct kernel_param *kp)
{
	if (!running)
		return sysfs_emit(text, "none\n");
	return sysfs_emit(text, "%s %u %lu\n", running->name, seed,
			  READ_ONCE(rounds));
}

static const struct kernel_param_ops attack_ops = {
	.set = attack_set,
	.get = attack_get,
};

module_param_cb(attack, &attack_ops, NULL, 0644);
MODULE_PARM_DESC(attack, "NAME SEED, or stop");

static int hostile_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	int err;

	if (bar)
		return -EBUSY;
	err = pcim_enable_device(pdev);
	if (err)
		return err;
	kernel_param_lock(THIS_MODULE);
	bar = pcim_iomap(pdev, 0, 0);
	kernel_param_unlock(THIS_MODULE);
	return bar ? 0 : -ENOMEM;
}

static void hostile_remove(struct pci_dev *pdev)
{
	kernel_param_lock(THIS_MODULE);
	stop();
	bar = NULL;
	kernel_param_unlock(THIS_MODULE);
}

/* Nothing by itself: driver_override alone binds it */
static const struct pci_device_id hostile_ids[] = {
	{ }
};

static struct pci_driver hostile_driver = {
	.name = "hostile_vf",
	.id_table = hostile_ids,
	.probe = hostile_probe,
	.remove = hostile_remove,
};
module_pci_driver(hostile_driver);

MODULE_DESCRIPTION("Tests: a VF that misbehaves");
MODULE_LICENSE("GPL");
