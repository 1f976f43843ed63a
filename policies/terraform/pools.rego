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

# The pools of nodes: what instance types each can start, how many at most, and where.
_pools := [_node_group_pool(group) | some group in _node_groups]

_all_pools := array.concat(_pools, [_autoscaling_pool(group) | some group in _autoscaling_groups])

_node_group_pool(group) := {
	"resource": group,
	"size_path": ["scaling_config", 0, "max_size"],
	"subnets_path": ["subnet_ids"],
	"types_path": "instance_types",
	"templates": templates,
	"types": types,
	"types_unknown": [1 | _types_unknown(group, templates)] != [],
} if {
	templates := _launch_templates(group)
	types := _node_group_types(group, templates)
}

_autoscaling_pool(group) := {
	"resource": group,
	"size_path": ["max_size"],
	"subnets_path": ["vpc_zone_identifier"],
	"types_path": "launch_template",
	"templates": templates,
	"types": _autoscaling_types(group, templates),
	"types_unknown": [1 | _autoscaling_types_unknown(group, templates)] != [],
} if {
	templates := _autoscaling_templates(group)
}

_is_gpu_pool(pool) if {
	some type in pool.types
	_is_gpu_type(type)
}

_is_gpu_type(type) if type in _limits.gpu_instance_types

_is_gpu_type(type) if {
	regex.match(_gpu_family, lower(type))
}

_maximum(pool) := plan.number(pool.resource, pool.size_path)

# Types a group names itself, and those of its launch templates. EKS starts t3.medium
# where neither names one.
_node_group_types(group, templates) := types if {
	types := _named_types(group) | _types_of(templates)
	count(types) > 0
}

_node_group_types(group, templates) := {"t3.medium"} if {
	count(_named_types(group) | _types_of(templates)) == 0
	not _types_unknown(group, templates)
}

_node_group_types(group, templates) := set() if {
	count(_named_types(group) | _types_of(templates)) == 0
	_types_unknown(group, templates)
}

_named_types(group) := {type | some type in plan.value(group, ["instance_types"])}

# Something decides the types, and the plan does not tell what.
_types_unknown(group, templates) if {
	plan.unknown(group, ["instance_types"])
	not _types_left_out(group, templates)
}

_types_unknown(group, _) if {
	types := plan.value(group, ["instance_types"])
	not is_array(types)
}

_types_unknown(group, _) if {
	some number in plan.block_numbers(group, ["instance_types"])
	plan.unknown(group, ["instance_types", number])
}

_types_unknown(group, templates) if {
	_names_no_type(group)
	_has_launch_template(group)
	count(templates) == 0
}

_types_unknown(_, templates) if {
	some template in templates
	template.type_unknown
}

# Left out, the types are unknown too: EKS fills them in.
_types_left_out(group, _) if references.not_configured(group, ["instance_types"])

# Where there is no configuration to tell: EKS refuses types in both places.
_types_left_out(group, templates) if {
	not references.configuration(group)
	count(_types_of(templates)) > 0
}

_names_no_type(group) if count(_named_types(group)) == 0

_has_launch_template(group) if {
	some path, _ in _launch_template_paths
	not plan.absent(group, path)
}

# The launch templates of a group or instance, found by name, by id, or by reference.
_launch_templates(group) := _templates_at(group, _launch_template_paths, "aws_launch_template")

# Each path with the attribute of the template that stands there.
_launch_template_paths := {["launch_template", 0, "id"]: "id", ["launch_template", 0, "name"]: "name"}

_types_of(templates) := {type | some template in templates; some type in template.types}

# What a pool needs to know of its templates. Instances of one template that nothing
# tells apart are one entry: comparing each group with each of them would not end.
_templates_at(group, paths, type) := [_template_facts([template]) |
	some path, attribute in paths
	wanted := plan.value(group, path)
	some template in plan.with_value(type, attribute, wanted)
] if {
	_any_known(group, paths)
}

_templates_at(group, paths, type) := [facts |
	some path, _ in paths
	trail := references.trail(group, path)
	some id in trail.nodes
	type in references.types_at[id]
	some facts in _facts_at(trail, id)
] if {
	not _any_known(group, paths)
}

_facts_at(trail, id) := [_facts_of_node[id]] if not references.is_narrowed(trail, id)

_facts_at(trail, id) := [_template_facts([template]) | some template in references.instances(trail, id)] if {
	references.is_narrowed(trail, id)
}

_facts_of_node := {id: _template_facts(templates) |
	some type in {"aws_launch_template", "aws_launch_configuration"}
	some id in references.nodes_of(type)
	templates := [template | some template in references.resources_at[id]]
}

_template_facts(templates) := {
	"templates": templates,
	"types": {type | some template in templates; type := plan.value(template, ["instance_type"])},
	"type_unknown": [1 | some template in templates; _template_type_unknown(template)] != [],
	"names_no_type": [1 | some template in templates; _names_no_instance_type(template)] != [],
}

# Templates that nodes are started from and a data source read: judged as they were read.
_read_templates := [template |
	some template in plan.known_of_type("aws_launch_template")
	_used_templates[plan.address(template)]
]

_used_templates := {plan.address(template) |
	some templates in array.concat([pool.templates | some pool in _all_pools], [_launch_templates(instance) | some instance in _instances])
	some facts in templates
	some template in facts.templates
	plan.data_source(template)
}

_instances := array.concat(plan.of_type("aws_instance"), plan.of_type("aws_spot_instance_request"))

# What instances are started from or by, one by one.
_instance_starters := array.concat(
	array.concat(plan.of_type("aws_launch_template"), _read_templates),
	array.concat(_instances, plan.of_type("aws_launch_configuration")),
)

_template_type_unknown(template) if plan.unknown(template, ["instance_type"])

# Attribute-based selection names no type.
_template_type_unknown(template) if count(plan.block_numbers(template, ["instance_requirements"])) > 0

_names_no_instance_type(template) if plan.absent(template, ["instance_type"])

_any_known(group, paths) if {
	some path, _ in paths
	plan.value(group, path)
}

_mixed := ["mixed_instances_policy", 0, "launch_template", 0]

_autoscaling_templates(group) := array.concat(
	array.concat(_launch_templates(group), _templates_of_specification(group, array.concat(_mixed, ["launch_template_specification", 0]))),
	array.concat(
		[template |
			some number in plan.block_numbers(group, array.concat(_mixed, ["override"]))
			some template in _templates_of_specification(group, array.concat(_mixed, ["override", number, "launch_template_specification", 0]))
		],
		_templates_of_configuration(group),
	),
)

_templates_of_specification(group, path) := _templates_at(group, _specification_paths(path), "aws_launch_template")

_specification_paths(path) := {
	array.concat(path, ["launch_template_id"]): "id",
	array.concat(path, ["launch_template_name"]): "name",
}

# A launch configuration's id is its name.
_templates_of_configuration(group) := _templates_at(group, {["launch_configuration"]: "name"}, "aws_launch_configuration")

_autoscaling_types(group, templates) := _types_of(templates) | _override_types(group)

_override_types(group) := {type |
	some number in plan.block_numbers(group, array.concat(_mixed, ["override"]))
	type := plan.value(group, array.concat(_mixed, ["override", number, "instance_type"]))
}

# EC2 has no default: whatever names no type is decided somewhere else.
_autoscaling_types_unknown(group, templates) if {
	count(_autoscaling_types(group, templates)) == 0
}

_autoscaling_types_unknown(group, _) if {
	some number in plan.block_numbers(group, array.concat(_mixed, ["override"]))
	plan.unknown(group, array.concat(_mixed, ["override", number, "instance_type"]))
}

_autoscaling_types_unknown(group, _) if {
	some number in plan.block_numbers(group, array.concat(_mixed, ["override"]))
	count(plan.block_numbers(group, array.concat(_mixed, ["override", number, "instance_requirements"]))) > 0
}

_autoscaling_types_unknown(group, _) if plan.unknown(group, ["mixed_instances_policy"])

_autoscaling_types_unknown(group, _) if plan.unknown(group, array.concat(_mixed, ["override"]))

# Every override that names a type does without the template's.
_autoscaling_types_unknown(group, templates) if {
	count(_override_types(group)) == 0
	some template in templates
	template.type_unknown
}

_autoscaling_types_unknown(group, templates) if {
	count(_override_types(group)) == 0
	some template in templates
	template.names_no_type
}
