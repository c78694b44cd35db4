// SPDX-License-Identifier: MIT
#include "policy_of.h"

#include <string.h>

void policy_of(struct agent *agent, const char *name, struct definition_policy *policy)
{
	struct compiled_cell compiled;
	struct store_cell cell;
	cJSON *errors = NULL;

	memset(policy, 0, sizeof(*policy));
	if (agent->store_ops->cell_get(agent->store, name, &cell) != 0)
		return;
	if (agent->compiler_ops->compile(agent->compiler, cell.definition, NULL, &compiled, &errors) == 0) {
		*policy = compiled.policy;
		agent->compiler_ops->free(&compiled);
	}
	cJSON_Delete(errors);
	store_cell_free(&cell);
}
