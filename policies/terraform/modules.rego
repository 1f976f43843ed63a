# Copyright the ray-platform authors
# SPDX-License-Identifier: Apache-2.0

package terraform

import data.lib.result
import data.lib.shape
import input as tfplan

# METADATA
# title: Modules from elsewhere
# description: |
#   A plan shows what is in its modules. A synthesized stack only calls them, so their
#   resources cannot be judged.
# custom:
#   id: terraform/modules-elsewhere
#   row: none; what cannot be read is said
#   severity: warning
#   fix: 'Judge the plan: terraform show -json plan | npx ray-platform policy -'
warn contains result.violation("terraform/modules-elsewhere", {
	"resource": concat(".", ["module", name]),
	"path": "module",
	"value": object.get(call, "source", null),
	"problem": "what is in the module is not in the stack, so it is not judged",
}) if {
	some name, call in tfplan.configuration.root_module.module_calls
	not shape.object_at(call, ["module"])
}
