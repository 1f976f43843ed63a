# Copyright the ray-platform authors
# SPDX-License-Identifier: Apache-2.0

package terraform

import data.lib.plan
import data.lib.references
import data.lib.result

# METADATA
# title: Instance type allowlist
# description: |
#   Each instance type is one of the allowed ones. A pool with a GPU type is a GPU
#   pool, whatever it is called: all its types must be allowed GPU types.
# custom:
#   id: terraform/instance-type
#   row: Instance type allowlist
#   severity: error
#   fix: Use an instance type that the limits allow ({limit}).
#   fixes:
#     unknown: Name the instance type in the node group or in a launch template of the same plan.
deny contains _type_violation(pool.resource, pool.types_path, type, _limits.gpu_instance_types, "GPU") if {
	some pool in _all_pools
	_is_gpu_pool(pool)
	some type in pool.types
	not type in _limits.gpu_instance_types
}

deny contains _type_violation(pool.resource, pool.types_path, type, _limits.cpu_instance_types, "CPU") if {
	some pool in _all_pools
	not _is_gpu_pool(pool)
	some type in pool.types
	not type in _limits.cpu_instance_types
}

deny contains _type_unknown_violation(pool.resource, pool.types_path, "its instance type cannot be known from the plan") if {
	some pool in _all_pools
	pool.types_unknown
}

deny contains _type_violation(resource, "instance_type", type, _single_types(type), "this kind of") if {
	some resource in _instance_starters
	type := plan.value(resource, ["instance_type"])
	not type in _single_types(type)
}

deny contains _type_unknown_violation(resource, "instance_type", _no_type(resource)) if {
	some resource in _instance_starters
	not plan.value(resource, ["instance_type"])
	not _type_given_elsewhere(resource)
}

_no_type(resource) := "instance_type is not set" if _sets_no_type(resource)

_no_type(resource) := "its instance type cannot be known from the plan" if not _sets_no_type(resource)

_sets_no_type(resource) if {
	_leaves_out_type(resource)
	not _has_launch_template(resource)
}

# A template may leave the type to the group that uses it.
_type_given_elsewhere(template) if {
	template.type == "aws_launch_template"
	plan.absent(template, ["instance_type"])
}

# The template gives it, and is judged itself.
_type_given_elsewhere(instance) if {
	_leaves_out_type(instance)
	some template in _launch_templates(instance)
	count(template.types) > 0
}

_leaves_out_type(instance) if plan.absent(instance, ["instance_type"])

_leaves_out_type(instance) if references.not_configured(instance, ["instance_type"])

_single_types(type) := _limits.gpu_instance_types if _is_gpu_type(type)

_single_types(type) := _limits.cpu_instance_types if not _is_gpu_type(type)

_type_violation(resource, path, type, allowed, kind) := result.violation("terraform/instance-type", {
	"resource": plan.address(resource),
	"path": path,
	"value": type,
	"limit": allowed,
	"problem": result.text(["instance type ", result.shown(type), " is not allowed for ", kind, " nodes"]),
})

_type_unknown_violation(resource, path, problem) := result.violation("terraform/instance-type", {
	"resource": plan.address(resource),
	"path": path,
	"limit": array.concat(_limits.cpu_instance_types, _limits.gpu_instance_types),
	"problem": problem,
	"cause": "unknown",
})
