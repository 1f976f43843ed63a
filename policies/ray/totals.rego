# Copyright the ray-platform authors
# SPDX-License-Identifier: Apache-2.0

package ray

import data.lib.pod as pods
import data.lib.result
import data.lib.shape

# METADATA
# title: Readable replicas
# description: |
#   Each worker group states its maximum. Without maxReplicas, KubeRay uses 2147483647,
#   which does not limit anything.
# custom:
#   id: ray/replicas
#   row: Total workers
#   severity: error
#   fix: Set maxReplicas to a whole number, minReplicas no higher, and numOfHosts to at least 1.
deny contains _replicas_violation(pod, "maxReplicas", "maxReplicas is not set, so the group is unlimited") if {
	some pod in _groups
	not shape.given_at(pod.group, ["maxReplicas"])
}

deny contains _replicas_violation(pod, name, concat("", [name, " is not a whole number of at least 0"])) if {
	some pod in _groups
	some name in ["replicas", "minReplicas", "maxReplicas"]
	shape.given_at(pod.group, [name])
	not _whole_at(pod.group, name)
}

deny contains _replicas_violation(pod, "numOfHosts", "numOfHosts is not a whole number of at least 1") if {
	some pod in _groups
	not _hosts(pod.group)
}

deny contains _replicas_violation(pod, "minReplicas", "minReplicas is above maxReplicas") if {
	some pod in _groups
	is_number(pod.group.maxReplicas)
	pod.group.minReplicas > pod.group.maxReplicas
	is_number(pod.group.minReplicas)
}

# METADATA
# title: Total workers
# description: All worker groups of a cluster, at their maximum, stay within the limit. Each host of a multi-host replica counts.
# custom:
#   id: ray/max-workers
#   row: Total workers
#   severity: error
#   fix: Lower maxReplicas so that all groups together stay within the limit.
#   fixes:
#     default: Lower maxReplicas so that all groups together stay at {limit} or less.
deny contains result.violation("ray/max-workers", {
	"resource": cluster.resource,
	"path": _cluster_path(cluster, ["workerGroupSpecs"]),
	"value": workers,
	"limit": _limits.max_total_workers,
	"problem": result.text([result.shown(workers), " workers in all are over ", result.shown(_limits.max_total_workers)]),
}) if {
	some cluster in _clusters
	workers := sum([_most(pod) | some pod in _groups; pod.cluster.document.path == cluster.document.path])
	workers > _limits.max_total_workers
}

# METADATA
# title: Total GPUs
# description: The GPUs of the head and of all workers at their maximum stay within the limit.
# custom:
#   id: ray/max-gpus
#   row: Total GPUs
#   severity: error
#   fix: Lower maxReplicas so that all pods together stay within the limit.
#   fixes:
#     default: Lower maxReplicas so that all pods together use {limit} GPUs or fewer.
deny contains result.violation("ray/max-gpus", {
	"resource": cluster.resource,
	"path": _cluster_path(cluster, []),
	"value": gpus,
	"limit": _limits.max_total_gpus,
	"problem": result.text([result.shown(gpus), " GPUs in all are over ", result.shown(_limits.max_total_gpus)]),
}) if {
	some cluster in _clusters
	gpus := sum([count_of |
		some pod in _pods
		pod.cluster.document.path == cluster.document.path
		count_of := pods.gpus(pod.spec) * _most(pod)
	])
	gpus > _limits.max_total_gpus
}

# METADATA
# title: Fixed size
# description: A group whose minimum is its maximum neither grows nor shrinks.
# custom:
#   id: ray/fixed-size
#   row: Total workers
#   severity: warning
#   fix: Set minReplicas below maxReplicas.
warn contains result.violation("ray/fixed-size", {
	"resource": pod.resource,
	"path": _group_path(pod, ["minReplicas"]),
	"value": pod.group.minReplicas,
	"limit": pod.group.maxReplicas,
	"problem": result.text([pod.name, ": it has a fixed size, so the autoscaler cannot help"]),
}) if {
	some pod in _groups
	_whole(pod.group.minReplicas)
	pod.group.minReplicas == pod.group.maxReplicas
}

_groups := _workers

_most(pod) := 1 if pod.role != "worker group"

_most(pod) := pod.group.maxReplicas * _hosts(pod.group) if {
	pod.role == "worker group"
	_whole(pod.group.maxReplicas)
}

_hosts(group) := group.numOfHosts if {
	_whole(group.numOfHosts)
	group.numOfHosts >= 1
}

_hosts(group) := 1 if not shape.given_at(group, ["numOfHosts"])

_whole_at(group, name) if _whole(group[name])

_whole(number) if {
	number >= 0
	floor(number) == number
}

_replicas_violation(pod, name, problem) := result.violation("ray/replicas", {
	"resource": pod.resource,
	"path": _group_path(pod, [name]),
	"value": object.get(_object_or_empty(pod.group), name, null),
	"problem": result.text([pod.name, ": ", problem]),
})

_object_or_empty(group) := group if is_object(group)

_object_or_empty(group) := {} if not is_object(group)
