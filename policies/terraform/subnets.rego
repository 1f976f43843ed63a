# Copyright the ray-platform authors
# SPDX-License-Identifier: Apache-2.0

package terraform

import data.lib.plan
import data.lib.references
import data.lib.result

# METADATA
# title: Private subnets
# description: |
#   Nodes run in private subnets, whatever starts them. A subnet is public if it assigns
#   public addresses, or if its route table (the main table of its VPC, if none is
#   associated) leads to an internet gateway. Subnets whose id is known only after apply
#   are found through their references.
# custom:
#   id: terraform/private-subnets
#   row: none; "Node Isolation" in the security document
#   severity: error
#   fix: Use private subnets.
#   fixes:
#     unknown: Pass the subnets by reference, and judge the plan with its configuration.
#     zones: Set vpc_zone_identifier to private subnets.
deny contains result.violation("terraform/private-subnets", {
	"resource": plan.address(place.resource),
	"path": _dotted(place.path),
	"value": plan.address(subnet),
	"problem": result.text(["nodes would run in the public subnet ", plan.address(subnet)]),
}) if {
	some place in _subnet_places
	some subnet in _public_subnets_of(place)
}

deny contains result.violation("terraform/private-subnets", {
	"resource": plan.address(place.resource),
	"path": _dotted(place.path),
	"problem": "its subnets are known only after apply, and nothing tells where they come from",
	"cause": "unknown",
}) if {
	some place in _pool_places
	_unknown_subnets(place)
	count(references.references(place.resource, place.path)) == 0
}

deny contains result.violation("terraform/private-subnets", {
	"resource": plan.address(group),
	"path": "availability_zones",
	"value": plan.value(group, ["availability_zones"]),
	"problem": "without subnets of its own it runs in the default ones of its zones, which are public",
	"cause": "zones",
}) if {
	some group in _autoscaling_groups
	plan.absent(group, ["vpc_zone_identifier"])
}

# METADATA
# title: Private addresses
# description: No node gets a public address, from its launch template or otherwise.
# custom:
#   id: terraform/public-address
#   row: none; "Node Isolation" in the security document
#   severity: error
#   fix: Set associate_public_ip_address to false, or leave it out.
deny contains result.violation("terraform/public-address", {
	"resource": plan.address(place.resource),
	"path": _dotted(place.path),
	"value": object.get(place.resource.change.after, place.path, null),
	"limit": false,
	"problem": "its nodes get a public address, or it is not known whether they do",
}) if {
	some place in _address_places
	_may_be_public(place)
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
	"resource": plan.address(place.resource),
	"path": _dotted(place.path),
	"value": references.references(place.resource, place.path),
	"problem": "its subnets come from outside the plan, so it is not judged whether they are public",
}) if {
	some place in _pool_places
	_unknown_subnets(place)
	trail := references.trail(place.resource, place.path)
	not references.leads_to_type(trail, "aws_subnet")
}

# METADATA
# title: Some of several subnets
# description: |
#   A plan does not say which instances of a resource an expression with `for` chooses.
#   Where some of them are public and some are not, either may be meant.
# custom:
#   id: terraform/mixed-subnets
#   row: none; "Node Isolation" in the security document
#   severity: warning
#   fix: Keep public and private subnets in resources of their own.
warn contains result.violation("terraform/mixed-subnets", {
	"resource": plan.address(place.resource),
	"path": _dotted(place.path),
	"value": [plan.address(subnet) | some subnet in _public_of_node[id]],
	"problem": "its subnets are chosen from a resource with public and private ones, and the plan does not tell which",
}) if {
	some place in _subnet_places
	_unknown_subnets(place)
	trail := references.trail(place.resource, place.path)
	some id in trail.nodes
	_mixed_nodes[id]
	not references.is_narrowed(trail, id)
}

# Where nodes are given their subnets.
_subnet_places := array.concat(_pool_places, array.concat(_instance_places, _interface_places))

_pool_places := [{"resource": pool.resource, "path": pool.subnets_path} | some pool in _all_pools]

_instance_places := [{"resource": instance, "path": ["subnet_id"]} | some instance in _instances]

_interface_places := [{"resource": interface.template, "path": array.concat(interface.path, ["subnet_id"])} | some interface in _interfaces]

_interfaces := [{"template": template, "path": ["network_interfaces", number]} |
	some template in array.concat(plan.of_type("aws_launch_template"), _read_templates)
	some number in plan.block_numbers(template, ["network_interfaces"])
]

_address_places := array.concat(
	[{"resource": interface.template, "path": array.concat(interface.path, ["associate_public_ip_address"])} | some interface in _interfaces],
	[{"resource": starter, "path": ["associate_public_ip_address"]} |
		some starter in array.concat(_instances, plan.of_type("aws_launch_configuration"))
	],
)

_may_be_public(place) if plan.boolean(place.resource, place.path)

# Left out, it is unknown too, and the subnet decides.
_may_be_public(place) if {
	plan.unknown(place.resource, place.path)
	count(references.references(place.resource, place.path)) > 0
	not references.not_configured(place.resource, place.path)
}

_unknown_subnets(place) if plan.unknown(place.resource, place.path)

_unknown_subnets(place) if {
	some number in plan.block_numbers(place.resource, place.path)
	plan.unknown(place.resource, array.concat(place.path, [number]))
}

_subnet_ids(place) := {id | some id in plan.value(place.resource, place.path)} | {id | id := plan.value(place.resource, place.path)}

_public_subnets_of(place) := array.concat(
	[subnet |
		some id in _subnet_ids(place)
		some subnet in plan.with_value("aws_subnet", "id", id)
		_is_public(subnet)
	],
	[subnet |
		_unknown_subnets(place)
		trail := references.trail(place.resource, place.path)
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

_public_at(trail, id) := object.get(_public_of_node, id, []) if {
	not references.is_narrowed(trail, id)
	not _mixed_nodes[id]
}

_public_of_node := {id: public |
	some id in references.nodes_of("aws_subnet")
	public := [subnet | some subnet in references.resources_at[id]; _is_public(subnet)]
}

_mixed_nodes := {id |
	some id, public in _public_of_node
	count(public) > 0
	count(public) < count(references.resources_at[id])
}

_is_public(subnet) if plan.boolean(subnet, ["map_public_ip_on_launch"])

_is_public(subnet) if plan.unknown(subnet, ["map_public_ip_on_launch"])

_is_public(subnet) if _publicly_routed[plan.address(subnet)]

_is_public(subnet) if {
	not _associated[plan.address(subnet)]
	some key in _vpc_keys(subnet)
	_public_vpcs[key]
}
