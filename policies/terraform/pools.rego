# Copyright the ray-platform authors
# SPDX-License-Identifier: Apache-2.0

package terraform

import data.lib.plan
import data.lib.references

# Families with GPUs, whatever the limits list: a GPU type among the CPU types would
# otherwise escape the GPU rules.
# Source: https://aws.amazon.com/ec2/instance-types/#Accelerated_Computing
_gpu_family := `^(g[0-9]|gr[0-9]|p[0-9])`

_node_groups := plan.of_type("aws_eks_node_group")

_autoscaling_groups := plan.of_type("aws_autoscaling_group")

# The pools of nodes: what instance types each can start, and how many at most.
_pools := [_node_group_pool(group) | some group in _node_groups]

_all_pools := array.concat(_pools, [_autoscaling_pool(group) | some group in _autoscaling_groups])

_node_group_pool(group) := {
	"resource": group,
	"size_path": ["scaling_config", 0, "max_size"],
	"types": _node_group_types(group),
}

_autoscaling_pool(group) := {
	"resource": group,
	"size_path": ["max_size"],
	"types": _autoscaling_types(group),
}

_is_gpu_pool(pool) if {
	some type in pool.types
	_is_gpu_type(type)
}

_is_gpu_type(type) if type in _limits.gpu_instance_types

_is_gpu_type(type) if {
	regex.match(_gpu_family, lower(type))
}

_maximum(pool) := plan.value(pool.resource, pool.size_path)

# Types a group names itself, and those of its launch templates. EKS starts t3.medium
# where neither names one.
_node_group_types(group) := types if {
	types := _named_types(group) | _template_types(group)
	count(types) > 0
}

_node_group_types(group) := {"t3.medium"} if {
	count(_named_types(group) | _template_types(group)) == 0
	not _types_unknown(group)
}

_node_group_types(group) := set() if {
	count(_named_types(group) | _template_types(group)) == 0
	_types_unknown(group)
}

_named_types(group) := {type | some type in plan.value(group, ["instance_types"])}

_template_types(group) := {type |
	some template in _launch_templates(group)
	type := plan.value(template, ["instance_type"])
}

# Something decides the types, and the plan does not tell what.
_types_unknown(group) if {
	plan.unknown(group, ["instance_types"])
	not _types_left_out(group)
}

_types_unknown(group) if {
	types := plan.value(group, ["instance_types"])
	not is_array(types)
}

_types_unknown(group) if {
	some number in plan.block_numbers(group, ["instance_types"])
	plan.unknown(group, ["instance_types", number])
}

_types_unknown(group) if {
	_names_no_type(group)
	_has_launch_template(group)
	count(_launch_templates(group)) == 0
}

_types_unknown(group) if {
	some template in _launch_templates(group)
	_template_type_unknown(template)
}

# Left out, the types are unknown too: EKS fills them in.
_types_left_out(group) if references.not_configured(group, ["instance_types"])

# Where there is no configuration to tell: EKS refuses types in both places.
_types_left_out(group) if {
	not references.configuration(group)
	count(_template_types(group)) > 0
}

_names_no_type(group) if count(_named_types(group)) == 0

_template_type_unknown(template) if plan.unknown(template, ["instance_type"])

# Attribute-based selection names no type.
_template_type_unknown(template) if count(plan.block_numbers(template, ["instance_requirements"])) > 0

_has_launch_template(group) if {
	some attribute in {"id", "name"}
	not plan.absent(group, ["launch_template", 0, attribute])
}

# The launch templates of a group, found by name, by id, or by reference.
_launch_templates(group) := _templates_at(group, ["launch_template", 0], {"id", "name"})

_templates_at(group, path, attributes) := [template |
	some template in plan.known_of_type("aws_launch_template")
	some attribute in attributes
	wanted := plan.value(group, array.concat(path, [attribute]))
	plan.value(template, [trim_prefix(attribute, "launch_template_")]) == wanted
] if {
	_any_known(group, path, attributes)
}

_templates_at(group, path, attributes) := [template |
	some attribute in attributes
	written := references.references(group, array.concat(path, [attribute]))
	some template in references.targets(group, written, "aws_launch_template")
] if {
	not _any_known(group, path, attributes)
}

_any_known(group, path, attributes) if {
	some attribute in attributes
	plan.value(group, array.concat(path, [attribute]))
}

_mixed := ["mixed_instances_policy", 0, "launch_template", 0]

_autoscaling_types(group) := {type |
	some template in array.concat(
		_launch_templates(group),
		_templates_at(group, array.concat(_mixed, ["launch_template_specification", 0]), {"launch_template_id", "launch_template_name"}),
	)
	type := plan.value(template, ["instance_type"])
} | {type |
	some number in plan.block_numbers(group, array.concat(_mixed, ["override"]))
	type := plan.value(group, array.concat(_mixed, ["override", number, "instance_type"]))
}
