# Copyright the ray-platform authors
# SPDX-License-Identifier: Apache-2.0

package terraform

import data.lib.plan
import data.lib.references

# Which subnets and VPCs are routed to the Internet.

_table_types := ["aws_route_table", "aws_default_route_table"]

_tables := [table | some type in _table_types; some table in plan.known_of_type(type)]

# Subnets that a table is associated with; all others use the main table of their VPC.
_associated := {plan.address(subnet) | some link in _associations; some subnet in link.subnets}

_publicly_routed := {plan.address(subnet) |
	some link in _associations
	_public_tables[link.table]
	some subnet in link.subnets
}

_associations := array.concat(
	[{"table": plan.address(table), "subnets": _linked(association, "subnet_id", "aws_subnet")} |
		some association in plan.known_of_type("aws_route_table_association")
		some type in _table_types
		some table in _linked(association, "route_table_id", type)
	],
	# A data source lists the associations of the table that it read.
	[{"table": plan.address(table), "subnets": plan.with_value("aws_subnet", "id", association.subnet_id)} |
		some table in _tables
		some association in table.change.after.associations
	],
)

_public_tables := ({plan.address(table) |
	some table in _tables
	some attribute in ["route", "routes"]
	some number in plan.block_numbers(table, [attribute])
	_leads_to_internet(table, [attribute, number, "gateway_id"])
} | {plan.address(table) |
	some table in _tables
	_inline_internet_route(table)
}) | {plan.address(table) |
	some route in _internet_routes
	some type in _table_types
	some table in _linked(route, "route_table_id", type)
}

_internet_routes := [route |
	some route in plan.known_of_type("aws_route")
	_leads_to_internet(route, ["gateway_id"])
]

# VPCs whose main table leads to the Internet, by every key that may name them. The
# default table is the main one, unless another is made so.
_public_vpcs := (({key |
	some association in _main_associations
	some type in _table_types
	some table in _linked(association, "route_table_id", type)
	_public_tables[plan.address(table)]
	some key in _vpc_keys(association)
} | {key |
	some table in plan.known_of_type("aws_default_route_table")
	_public_tables[plan.address(table)]
	some key in _keys_of_default(table)
	not _has_main_association[key]
}) | {key |
	some route in _internet_routes
	some key in _keys_of_main(route)
}) | {key |
	some table in _tables
	_public_tables[plan.address(table)]
	some association in table.change.after.associations
	association.main == true
	some key in _vpc_keys(table)
}

_main_associations := plan.known_of_type("aws_main_route_table_association")

_has_main_association[key] := true if {
	some association in _main_associations
	some key in _vpc_keys(association)
}

# What names a VPC: its id, the resource behind a reference, or the local or variable.
_vpc_keys(resource) := _keys_at(resource, "vpc_id")

_keys_of_default(table) := (_vpc_keys(table) | _keys_at(table, "default_route_table_id")) | {plan.value(vpc, ["id"]) |
	some vpc in plan.with_value("aws_vpc", "default_route_table_id", plan.value(table, ["default_route_table_id"]))
}

_keys_of_main(route) := {key |
	some key in _keys_at(route, "route_table_id")
	contains(key, "aws_vpc.")
} | {plan.value(vpc, ["id"]) |
	some vpc in plan.with_value("aws_vpc", "main_route_table_id", plan.value(route, ["route_table_id"]))
}

_keys_at(resource, attribute) := {id | id := plan.value(resource, [attribute])} | {node |
	trail := references.trail(resource, [attribute])
	some node in trail.nodes
	regex.match(`\|((data\.)?aws_vpc|local|var)\.`, node)
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
	regex.match(`\|(data\.)?aws_internet_gateway\.`, id)
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
