# Copyright the ray-platform authors
# SPDX-License-Identifier: Apache-2.0

package controls

import data.lib.environment
import data.lib.result
import data.lib.shape

# METADATA
# title: Metadata tokens
# description: Whatever starts instances requires a token for the metadata service.
# custom:
#   id: controls/metadata-tokens
#   controls: [IMDS-01]
#   row: none; a control
#   severity: error
#   fix: Set metadata_options.http_tokens to "required".
deny contains _node_violation("controls/metadata-tokens", starter, "metadata_options", "the metadata service answers without a token") if {
	some starter in _starters
	not _requires_tokens(starter)
}

# METADATA
# title: Metadata hop limit
# description: Whatever starts instances limits the metadata service to one hop.
# custom:
#   id: controls/metadata-hops
#   controls: [IMDS-02]
#   row: none; a control
#   severity: error
#   fix: Set metadata_options.http_put_response_hop_limit to 1.
deny contains _node_violation("controls/metadata-hops", starter, "metadata_options", "pods reach the metadata service of their node") if {
	some starter in _starters
	not _is_one_hop_away(starter)
}

# METADATA
# title: Launch templates
# description: Every node group starts its nodes from a launch template in the stacks.
# custom:
#   id: controls/launch-templates
#   controls: [IMDS-03]
#   row: none; a control
#   severity: error
#   fix: In launch_template, name a launch template from the stacks.
deny contains _node_violation("controls/launch-templates", group, "launch_template", "its nodes do not start from a launch template in the stacks") if {
	some group in _node_groups
	not _uses_template(group)
}

# METADATA
# title: Tainted GPU nodes
# description: Every GPU node group has the taint nvidia.com/gpu=true:NoSchedule.
# custom:
#   id: controls/gpu-taint
#   controls: [NODE-01]
#   row: none; a control
#   severity: error
#   fix: Add the taint nvidia.com/gpu=true with the effect NO_SCHEDULE.
deny contains _node_violation("controls/gpu-taint", group, "taint", "its GPU nodes admit pods that need no GPU") if {
	some group in _node_groups
	_has_gpus(group)
	not _is_tainted(group)
}

# METADATA
# title: Encrypted volumes
# description: Every volume that a launch template, an instance or a stack makes is encrypted.
# custom:
#   id: controls/encrypted-volumes
#   controls: [EBS-01]
#   row: none; a control
#   severity: error
#   fix: Set encrypted to true.
deny contains _node_violation("controls/encrypted-volumes", template, "block_device_mappings", "a volume of its nodes is not encrypted") if {
	some template in environment.of_type("aws_launch_template")
	not _encrypts_volumes(template)
}

deny contains _node_violation("controls/encrypted-volumes", volume, "encrypted", "the volume is not encrypted") if {
	some volume in environment.of_type("aws_ebs_volume")
	not environment.yes(volume.values, ["encrypted"])
}

deny contains _node_violation("controls/encrypted-volumes", starter, name, "a volume of the instance is not encrypted") if {
	some starter in _instances
	some name in {"root_block_device", "ebs_block_device"}
	some device in environment.blocks(starter.values, name)
	not environment.yes(device, ["encrypted"])
}

# METADATA
# title: Nodes without public addresses
# description: Nothing that starts instances gives them a public address, and no subnet of nodes does.
# custom:
#   id: controls/no-public-address
#   controls: [NET-04]
#   row: none; a control
#   severity: error
#   fix: Set associate_public_ip_address and map_public_ip_on_launch to false, and put nodes into private subnets.
deny contains _node_violation("controls/no-public-address", template, "network_interfaces", "its nodes get a public address") if {
	some template in environment.of_type("aws_launch_template")
	some interface in environment.blocks(template.values, "network_interfaces")
	not _is_off(interface, "associate_public_ip_address")
}

deny contains _node_violation("controls/no-public-address", starter, "associate_public_ip_address", "its instances get a public address") if {
	some starter in _instances
	not _is_off(starter.values, "associate_public_ip_address")
}

deny contains _node_violation("controls/no-public-address", subnet, "map_public_ip_on_launch", "its nodes get a public address") if {
	some subnet in _node_subnets
	not _is_off(subnet.values, "map_public_ip_on_launch")
}

deny contains _node_violation("controls/no-public-address", subnet, "route", "its nodes are routed to the internet gateway") if {
	some subnet in _node_subnets
	some table in _tables_of(subnet)
	_leads_to_internet(table)
}

_node_violation(id, resource, path, problem) := result.violation(id, {
	"resource": resource.address,
	"path": path,
	"value": object.get(resource.values, path, null),
	"problem": problem,
})

_is_off(from, key) if object.get(from, key, null) in {null, false, "false"}

_node_groups := environment.of_type("aws_eks_node_group")

_starters := array.concat(environment.of_type("aws_launch_template"), _instances)

# Instances and launch configurations have the same arguments.
_instances := [starter |
	some type in ["aws_instance", "aws_launch_configuration", "aws_spot_instance_request"]
	some starter in environment.of_type(type)
]

_requires_tokens(starter) if {
	some options in environment.blocks(starter.values, "metadata_options")
	options.http_tokens == "required"
}

_requires_tokens(starter) if _has_no_metadata(starter)

_is_one_hop_away(starter) if {
	some options in environment.blocks(starter.values, "metadata_options")
	options.http_put_response_hop_limit in {1, "1"}
}

_is_one_hop_away(starter) if _has_no_metadata(starter)

_has_no_metadata(starter) if {
	some options in environment.blocks(starter.values, "metadata_options")
	options.http_endpoint == "disabled"
}

_uses_template(group) if {
	some used in environment.blocks(group.values, "launch_template")
	some template in environment.of_type("aws_launch_template")
	some key in {"id", "name"}
	used[key] in array.concat(template.ids, [template.values.name])
}

_has_gpus(group) if {
	some type in environment.listed(object.get(group.values, "instance_types", null))
	regex.match(`^(?:g|p)[0-9]`, type)
}

_has_gpus(group) if contains(group.values.ami_type, "NVIDIA")

_is_tainted(group) if {
	some taint in environment.blocks(group.values, "taint")
	taint.key == "nvidia.com/gpu"
	taint.value == "true"
	taint.effect == "NO_SCHEDULE"
}

_encrypts_volumes(template) if {
	mappings := environment.blocks(template.values, "block_device_mappings")
	count(mappings) > 0
	every mapping in mappings {
		_is_encrypted_mapping(mapping)
	}
}

_is_encrypted_mapping(mapping) if {
	some volume in environment.blocks(mapping, "ebs")
	environment.yes(volume, ["encrypted"])
}

# An instance store has no volume.
_is_encrypted_mapping(mapping) if {
	shape.given_at(mapping, ["virtual_name"])
	count(environment.blocks(mapping, "ebs")) == 0
}

_node_subnets := [subnet |
	ids := {id | some group in _node_groups; some id in environment.listed(object.get(group.values, "subnet_ids", null))}
	some subnet in environment.of_type("aws_subnet")
	count(ids & {id | some id in subnet.ids}) > 0
]

# Route tables by which a subnet is routed: its own, or the main one of its VPC.
_tables_of(subnet) := own if {
	own := _own_tables(subnet)
	count(own) > 0
}

_tables_of(subnet) := _main_tables if count(_own_tables(subnet)) == 0

_own_tables(subnet) := [table |
	some association in environment.of_type("aws_route_table_association")
	association.values.subnet_id in subnet.ids
	some table in environment.of_type("aws_route_table")
	association.values.route_table_id in table.ids
]

_main_tables := array.concat(environment.of_type("aws_default_route_table"), [table |
	some association in environment.of_type("aws_main_route_table_association")
	some table in environment.of_type("aws_route_table")
	association.values.route_table_id in table.ids
])

_leads_to_internet(table) if {
	some route in environment.blocks(table.values, "route")
	_is_internet_gateway(route.gateway_id)
}

_leads_to_internet(table) if {
	some route in environment.of_type("aws_route")
	route.values.route_table_id in table.ids
	_is_internet_gateway(route.values.gateway_id)
}

_is_internet_gateway(id) if contains(id, "aws_internet_gateway.")

_is_internet_gateway(id) if startswith(id, "igw-")
