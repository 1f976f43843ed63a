# Copyright the ray-platform authors
# SPDX-License-Identifier: Apache-2.0

package terraform

import data.lib.plan
import data.lib.result

# METADATA
# title: Autoscaling
# description: A node group can grow, so min_size is below max_size.
# custom:
#   id: terraform/autoscaling
#   row: Autoscaling
#   severity: error
#   fix: Set min_size below max_size.
deny contains _growth_violation(group, _minimum_path, "min_size is not below max_size") if {
	some group in _node_groups
	every path in [_minimum_path, _maximum_path] {
		_whole_at(group, path)
	}
	plan.number(group, _minimum_path) >= plan.number(group, _maximum_path)
}

deny contains _growth_violation(group, path, concat(" ", [path[2], _size_problem(group, path)])) if {
	some group in _node_groups
	some path in [_minimum_path, _maximum_path]
}

# METADATA
# title: Room to grow
# description: A group that starts at its maximum cannot grow when it is needed.
# custom:
#   id: terraform/desired-size
#   row: Autoscaling
#   severity: warning
#   fix: Set desired_size below max_size.
warn contains result.violation("terraform/desired-size", {
	"resource": plan.address(group),
	"path": "scaling_config.0.desired_size",
	"value": plan.number(group, ["scaling_config", 0, "desired_size"]),
	"limit": plan.number(group, _maximum_path),
	"problem": "desired_size leaves no room below max_size",
}) if {
	some group in _node_groups
	plan.number(group, ["scaling_config", 0, "desired_size"]) >= plan.number(group, _maximum_path)
}

# METADATA
# title: GPU groups at zero
# description: A GPU group that never scales to zero costs money while idle.
# custom:
#   id: terraform/gpu-min-size
#   row: GPU node cap
#   severity: warning
#   fix: Set min_size to 0.
warn contains result.violation("terraform/gpu-min-size", {
	"resource": plan.address(pool.resource),
	"path": "scaling_config.0.min_size",
	"value": plan.number(pool.resource, _minimum_path),
	"limit": 0,
	"problem": "a GPU group with min_size above 0 never scales to zero",
}) if {
	some pool in _pools
	_is_gpu_pool(pool)
	plan.number(pool.resource, _minimum_path) > 0
}

_minimum_path := ["scaling_config", 0, "min_size"]

_maximum_path := ["scaling_config", 0, "max_size"]

_growth_violation(group, path, problem) := result.violation("terraform/autoscaling", {
	"resource": plan.address(group),
	"path": _dotted(path),
	"value": object.get(group.change.after, path, null),
	"limit": object.get(group.change.after, _maximum_path, null),
	"problem": problem,
})
