# Copyright the ray-platform authors
# SPDX-License-Identifier: Apache-2.0

package terraform

import data.lib.plan
import data.lib.references
import data.lib.result

# METADATA
# title: Private subnets
# description: |
#   Nodes run in private subnets. A subnet is public if it hands out public addresses
#   or is associated with a route table that leads to an Internet gateway. Subnets
#   that get their id only at apply are followed by their references.
# custom:
#   id: terraform/private-subnets
#   row: none; "Node Isolation" in the security document
#   severity: error
#   fix: Use the private subnets.
deny contains result.violation("terraform/private-subnets", {
	"resource": plan.address(group),
	"path": "subnet_ids",
	"value": plan.address(subnet),
	"problem": result.text(["nodes would run in the public subnet ", plan.address(subnet)]),
	"fix": "Give the node group private subnets.",
}) if {
	some group in _node_groups
	some subnet in _public_subnets_of(group)
}

deny contains result.violation("terraform/private-subnets", {
	"resource": plan.address(group),
	"path": "subnet_ids",
	"problem": "its subnets are known only after apply, and nothing tells where they come from",
	"fix": "Pass the subnets by reference, and judge the plan with its configuration.",
}) if {
	some group in _node_groups
	_unknown_subnets(group)
	count(references.references(group, ["subnet_ids"])) == 0
}

# METADATA
# title: Subnets from elsewhere
# description: Subnets that a local, a data source or another state provides cannot be judged.
# custom:
#   id: terraform/subnets-elsewhere
#   row: none; "Node Isolation" in the security document
#   severity: warning
#   fix: Judge all stacks together, or refer to the subnets directly.
warn contains result.violation("terraform/subnets-elsewhere", {
	"resource": plan.address(group),
	"path": "subnet_ids",
	"value": references.references(group, ["subnet_ids"]),
	"problem": "its subnets come from outside the plan, so it is not judged whether they are public",
	"fix": "Judge all stacks together, or refer to the subnets directly.",
}) if {
	some group in _node_groups
	_unknown_subnets(group)
	count(references.references(group, ["subnet_ids"])) > 0
	trail := references.trail(group, ["subnet_ids"])
	not references.leads_to_type(trail, "aws_subnet")
}

_unknown_subnets(group) if plan.unknown(group, ["subnet_ids"])

_unknown_subnets(group) if {
	some number in plan.block_numbers(group, ["subnet_ids"])
	plan.unknown(group, ["subnet_ids", number])
}

_public_subnets_of(group) := array.concat(
	[subnet |
		some id in plan.value(group, ["subnet_ids"])
		some subnet in plan.with_value("aws_subnet", "id", id)
		_is_public(subnet)
	],
	[subnet |
		_unknown_subnets(group)
		trail := references.trail(group, ["subnet_ids"])
		some id in trail.nodes
		some subnet in _public_at(trail, id)
	],
)

_public_at(trail, id) := [subnet |
	some subnet in references.instances(trail, id)
	_is_public(subnet)
] if {
	references.is_narrowed(trail, id)
}

_public_at(trail, id) := object.get(_public_of_node, id, []) if not references.is_narrowed(trail, id)

_public_of_node := {id: public |
	some id in references.nodes_of("aws_subnet")
	public := [subnet | some subnet in references.resources_at[id]; _is_public(subnet)]
}

_is_public(subnet) if plan.boolean(subnet, ["map_public_ip_on_launch"])

_is_public(subnet) if plan.unknown(subnet, ["map_public_ip_on_launch"])

_is_public(subnet) if _publicly_routed[plan.address(subnet)]

_publicly_routed := {plan.address(subnet) |
	some association in plan.known_of_type("aws_route_table_association")
	some table in _linked(association, "route_table_id", "aws_route_table")
	_public_tables[plan.address(table)]
	some subnet in _linked(association, "subnet_id", "aws_subnet")
}

_public_tables := ({plan.address(table) |
	some table in plan.known_of_type("aws_route_table")
	some number in plan.block_numbers(table, ["route"])
	_leads_to_internet(table, ["route", number, "gateway_id"])
} | {plan.address(table) |
	some table in plan.known_of_type("aws_route_table")
	_inline_internet_route(table)
}) | {plan.address(table) |
	some route in plan.known_of_type("aws_route")
	_leads_to_internet(route, ["gateway_id"])
	some table in _linked(route, "route_table_id", "aws_route_table")
}

# Inline routes are a set, unknown as a whole while one id in it is; the configuration
# tells where they lead.
_inline_internet_route(table) if _names_internet_gateway(table, references.references(table, ["route"]))

_inline_internet_route(table) if {
	some number in numbers.range(0, 20)
	_names_internet_gateway(table, references.references(table, ["route", number, "gateway_id"]))
}

_leads_to_internet(resource, path) if startswith(plan.value(resource, path), "igw-")

_leads_to_internet(resource, path) if {
	not plan.value(resource, path)
	_names_internet_gateway(resource, references.references(resource, path))
}

_leads_to_internet(resource, path) if {
	count(plan.with_value("aws_internet_gateway", "id", plan.value(resource, path))) > 0
}

_names_internet_gateway(resource, written) if {
	some id in references.reached(resource, written)
	contains(id, "|aws_internet_gateway.")
}

# What an attribute links to: by id where it is known, else by reference.
_linked(resource, attribute, type) := [target |
	id := plan.value(resource, [attribute])
	some target in plan.with_value(type, "id", id)
] if {
	plan.value(resource, [attribute])
}

_linked(resource, attribute, type) := references.targets(resource, [attribute], type) if {
	not plan.value(resource, [attribute])
}
