// SPDX-License-Identifier: MIT
/* `jailhouse audit`: exit status 0 when the tables are proven clean, 1 when not. */
#include "cli.h"

#include <inttypes.h>

#include "problem.h"

static int audit_print(struct cli *cli, const struct jh_client_audit *audit)
{
	switch (audit->result) {
	case JH_CLIENT_AUDIT_CLEAN:
		fprintf(cli->out,
			"clean: %u cells reach %" PRIu64 " pages in %u runs; none is shared by two unless both say so, "
			"none is the hypervisor's or a trapped device's (audit %" PRIu64 ", %u us).\n",
			audit->cells, audit->pages, audit->extents, audit->audits, audit->duration_us);
		if (audit->violations > 0)
			fprintf(cli->out, "Earlier audits found %" PRIu64 " violations, the last one: %s: %s\n",
				audit->violations, audit->code, audit->text);
		return CLI_OK;
	case JH_CLIENT_AUDIT_VIOLATION:
		fprintf(cli->err, "%s: %s\nDestroy the cells that it names and report this with the output of jailhouse console.\n",
			audit->code, audit->text);
		return CLI_FAILED;
	default:
		fprintf(cli->err, "audit-incomplete: The hypervisor had no memory for the audit; nothing is proven.\n"
				  "Destroy a cell, or give the hypervisor more memory.\n");
		return CLI_FAILED;
	}
}

int audit_make(struct cli *cli, int argc, char **argv)
{
	struct jh_client_audit audit;
	struct jh_client *client;
	int result, err;

	(void)argv;
	if (argc != 0)
		return CLI_USAGE;
	client = client_take(cli);
	if (!client)
		return CLI_FAILED;
	err = jh_client_audit(client, &audit);
	result = err < 0 ? problem_request(cli, client, "JAILHOUSE_AUDIT", err) : audit_print(cli, &audit);
	jh_client_close(client);
	return result;
}
