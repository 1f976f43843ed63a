# Copyright the ray-platform authors
# SPDX-License-Identifier: Apache-2.0

package terraform

import data.lib.plan
import data.lib.result

# METADATA
# title: Node cap
# description: |
#   No group grows beyond the maximum, nor do the groups of a pool in several zones together;
#   a size that cannot be read is refused.
# custom:
#   id: terraform/max-nodes
#   row: CPU node cap
#   severity: error
#   fix: Lower max_size so that the pool's groups together stay within the limit ({limit}).
#   fixes:
#     unknown: Give max_size a number in the configuration.
deny contains result.violation("terraform/max-nodes", {
	"resource": plan.address(pool.resource),
	"path": _dotted(pool.size_path),
	"value": _maximum(pool),
	"limit": _limits.max_nodes_per_group,
	"problem": result.text(["max_size ", result.shown(_maximum(pool)), " is over ", result.shown(_limits.max_nodes_per_group), " nodes in a group"]),
}) if {
	some pool in _all_pools
	_maximum(pool) > _limits.max_nodes_per_group
}

deny contains result.violation("terraform/max-nodes", {
	"resource": plan.address(group),
	"path": _dotted(_maximum_path),
	"value": nodes,
	"limit": _limits.max_nodes_per_group,
	"problem": result.text(["with it the groups of pool ", result.shown(name[1]), " can reach ", result.shown(nodes), " nodes, over ", result.shown(_limits.max_nodes_per_group)]),
}) if {
	some name, groups in _groups_of_pools
	count(groups) > 1
	nodes := sum([size | some group in groups; size := plan.number(group, _maximum_path)])
	nodes > _limits.max_nodes_per_group
	some group in groups
}

# The node groups of each pool of a cluster: one pool has a group in each zone.
_groups_of_pools[[object.get(group.change.after, "cluster_name", null), name]] contains group if {
	some group in _node_groups
	name := plan.value(group, ["labels", "ray-platform/pool"])
}

deny contains result.violation("terraform/max-nodes", {
	"resource": plan.address(pool.resource),
	"path": _dotted(pool.size_path),
	"value": object.get(pool.resource.change.after, pool.size_path, null),
	"limit": _limits.max_nodes_per_group,
	"problem": concat(" ", ["max_size", problem]),
	"cause": "unknown",
}) if {
	some pool in _all_pools
	problem := _size_problem(pool.resource, pool.size_path)
}

# METADATA
# title: GPU node cap
# description: The maximum sizes of all GPU groups together stay within the limit.
# custom:
#   id: terraform/max-gpu-nodes
#   row: GPU node cap
#   severity: error
#   fix: Lower max_size so that all GPU groups together stay within the limit ({limit}).
deny contains result.violation("terraform/max-gpu-nodes", {
	"resource": plan.address(pool.resource),
	"path": _dotted(pool.size_path),
	"value": _gpu_nodes,
	"limit": _limits.max_gpu_nodes,
	"problem": result.text(["with it the GPU groups can reach ", result.shown(_gpu_nodes), " nodes, over ", result.shown(_limits.max_gpu_nodes)]),
}) if {
	_gpu_nodes > _limits.max_gpu_nodes
	some pool in _all_pools
	_is_gpu_pool(pool)
}

_gpu_nodes := sum([_maximum(pool) |
	some pool in _all_pools
	_is_gpu_pool(pool)
	_readable_maximum(pool)
])

_readable_maximum(pool) if _whole_at(pool.resource, pool.size_path)

# Why the size at the path is no number to compare. Undefined if it is one.
_size_problem(resource, path) := "is not set" if plan.absent(resource, path)

_size_problem(resource, path) := "is known only after apply" if plan.unknown(resource, path)

_size_problem(resource, path) := "is not a whole number of at least 0" if {
	not plan.absent(resource, path)
	not plan.unknown(resource, path)
	not _whole_at(resource, path)
}

_whole_at(resource, path) if plan.whole(plan.number(resource, path))

_dotted(path) := concat(".", [_segment(part) | some part in path])

_segment(part) := part if is_string(part)

_segment(part) := json.marshal(part) if is_number(part)
