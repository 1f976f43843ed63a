# Copyright the ray-platform authors
# SPDX-License-Identifier: Apache-2.0

package ray

import data.lib.pod as pods
import data.lib.quantity
import data.lib.result
import data.lib.shape

# METADATA
# title: Readable quantities
# description: |
#   Every request and limit is a quantity that Kubernetes accepts, and no request is
#   above its limit. Rules would have to guess anything else.
# custom:
#   id: ray/quantity
#   row: none; what cannot be read is refused
#   severity: error
#   fix: Write a quantity such as "500m", "4" or "64Gi"; suffixes are k M G T P E, Ki Mi Gi Ti Pi Ei, m u n.
#   fixes:
#     order: Lower the request or raise the limit.
deny contains result.violation("ray/quantity", {
	"resource": pod.resource,
	"path": _pod_path(pod, found.path),
	"value": found.value,
	"problem": result.text([pod.name, ": ", result.shown(found.value), " is not a quantity of at least 0"]),
}) if {
	some pod in _pods
	some found in _unusable(pod.spec)
}

deny contains result.violation("ray/quantity", {
	"resource": pod.resource,
	"path": _pod_path(pod, array.concat(place.path, ["requests", name])),
	"value": request,
	"limit": limit,
	"problem": result.text([pod.name, ": the request ", result.shown(request), " of ", name, " is above its limit ", result.shown(limit)]),
	"cause": "order",
}) if {
	some pod in _pods
	some place in _resource_places(pod.spec)
	some name, request in place.resources.requests
	limit := place.resources.limits[name]
	quantity.nano(request) > quantity.nano(limit)
}

# METADATA
# title: Stated resources
# description: |
#   Each container states cpu and memory, as a request or a limit, unless the pod does so
#   for all its containers. A container that states neither can take the whole node.
# custom:
#   id: ray/resources
#   row: Min CPU request, Min memory request
#   severity: error
#   fix: Give the container a request and a limit for cpu and memory.
#   fixes:
#     default: Give the container a request and a limit for {limit}.
deny contains result.violation("ray/resources", {
	"resource": pod.resource,
	"path": _pod_path(pod, array.concat(entry.path, ["resources"])),
	"value": object.get(entry.container, "resources", null),
	"limit": name,
	"problem": result.text([pod.name, ", container ", result.shown(object.get(entry.container, "name", null)), ": neither a request nor a limit for ", name]),
}) if {
	some pod in _pods
	some entry in pods.containers(pod.spec)
	some name in ["cpu", "memory"]
	not _states(entry.container, name)
	not _pod_states(pod.spec, name)
}

# METADATA
# title: CPU per worker
# description: What a pod requests, and what it may use, stays within the limit.
# custom:
#   id: ray/max-cpu
#   row: CPU per worker
#   severity: error
#   fix: Lower the cpu of the pod's containers to the limit in all.
#   fixes:
#     default: Lower the cpu of its containers to {limit} cores in all.
deny contains _over(pod, "ray/max-cpu", "cpu", side, _rounded_up(total, quantity.one), _limits.max_cpu_per_worker, "cores") if {
	some pod in _pods
	some side in ["requests", "limits"]
	total := pods.total(pod.spec, side, "cpu")
	total > _limits.max_cpu_per_worker * quantity.one
}

# METADATA
# title: Memory per worker
# description: What a pod requests, and what it may use, stays within the limit.
# custom:
#   id: ray/max-memory
#   row: Memory per worker
#   severity: error
#   fix: Lower the memory of the pod's containers to the limit in all.
#   fixes:
#     default: Lower the memory of its containers to {limit} GiB in all.
deny contains _over(pod, "ray/max-memory", "memory", side, _rounded_up(total, quantity.gib), _limits.max_memory_gib_per_worker, "GiB") if {
	some pod in _pods
	some side in ["requests", "limits"]
	total := pods.total(pod.spec, side, "memory")
	total > _limits.max_memory_gib_per_worker * quantity.gib
}

# METADATA
# title: Min CPU request
# description: The Ray container, the first of its pod, has enough cpu to run Ray.
# custom:
#   id: ray/min-cpu
#   row: Min CPU request
#   severity: error
#   fix: Raise the cpu request of the Ray container to at least the limit.
#   fixes:
#     default: Raise the cpu request to at least {limit} cores.
deny contains _under(pod, "ray/min-cpu", "cpu", _rounded_down(request, quantity.one), _limits.min_cpu_request, "cores") if {
	some pod in _worker_pods
	request := _ray_request(pod.spec, "cpu")
	request < _limits.min_cpu_request * quantity.one
}

# METADATA
# title: Min memory request
# description: The Ray container, the first of its pod, has enough memory to run Ray.
# custom:
#   id: ray/min-memory
#   row: Min memory request
#   severity: error
#   fix: Raise the memory request of the Ray container to at least the limit.
#   fixes:
#     default: Raise the memory request to at least {limit} GiB.
deny contains _under(pod, "ray/min-memory", "memory", _rounded_down(request, quantity.gib), _limits.min_memory_gib_request, "GiB") if {
	some pod in _worker_pods
	request := _ray_request(pod.spec, "memory")
	request < _limits.min_memory_gib_request * quantity.gib
}

# METADATA
# title: Guaranteed quality of service
# description: Where cpu requests and limits differ, Kubernetes may throttle or evict the pod.
# custom:
#   id: ray/qos
#   row: CPU per worker
#   severity: warning
#   fix: Set the cpu request equal to the limit.
warn contains result.violation("ray/qos", {
	"resource": pod.resource,
	"path": _pod_path(pod, ["containers", 0, "resources"]),
	"value": object.get(container, ["resources", "requests", "cpu"], null),
	"limit": object.get(container, ["resources", "limits", "cpu"], null),
	"problem": result.text([pod.name, ": the cpu request of the Ray container differs from its limit"]),
}) if {
	some pod in _worker_pods
	container := pod.spec.containers[0]
	pods.amount(container.resources, "requests", "cpu")
	not _guaranteed(container, "cpu")
}

_guaranteed(container, name) if {
	shape.given_at(container, ["resources", "limits", name])
	pods.amount(container.resources, "requests", name) == pods.amount(container.resources, "limits", name)
}

_states(container, name) if pods.names(container.resources, name)

_ray_container_states(spec, name) if _states(spec.containers[0], name)

_pod_states(spec, name) if pods.names(spec.resources, name)

# The places of a pod that hold requests and limits.
_resource_places(spec) := array.concat(
	[{"path": array.concat(entry.path, ["resources"]), "resources": entry.container.resources} |
		some entry in pods.containers(spec)
	],
	[{"path": ["resources"], "resources": resources} | resources := spec.resources],
)

# What stands where a quantity or a map of them belongs, and is neither. Kubernetes drops null.
_unusable(spec) := array.concat(
	_unusable_values(spec),
	array.concat(_unusable_maps(spec), _unusable_overheads(spec)),
)

_unusable_values(spec) := [{"path": array.concat(place.path, [side, name]), "value": value} |
	some place in _resource_places(spec)
	some side in ["requests", "limits"]
	some name, value in place.resources[side]
	value != null
	not _usable(value)
]

_unusable_maps(spec) := array.concat(
	[{"path": place.path, "value": place.resources} |
		some place in _resource_places(spec)
		not _map_or_null(place.resources)
	],
	[{"path": array.concat(place.path, [side]), "value": place.resources[side]} |
		some place in _resource_places(spec)
		some side in ["requests", "limits"]
		some found in [place.resources[side]]
		not _map_or_null(found)
	],
)

_unusable_overheads(spec) := [{"path": ["overhead", name], "value": value} |
	some name, value in spec.overhead
	value != null
	not _usable(value)
]

_map_or_null(value) if is_object(value)

_map_or_null(null)

_usable(value) if quantity.nano(value) >= 0

# What the Ray container asks for; the pod-level resources speak for it where it is silent.
_ray_request(spec, name) := pods.amount(spec.containers[0].resources, "requests", name)

_ray_request(spec, name) := pods.amount(spec.resources, "requests", name) if {
	not _ray_container_states(spec, name)
}

# Thousandths are enough for a message, and round to the side that shows the violation.
_rounded_up(amount, unit) := ceil((amount * 1000) / unit) / 1000

_rounded_down(amount, unit) := floor((amount * 1000) / unit) / 1000

_over(pod, id, name, side, value, limit, unit) := result.violation(id, {
	"resource": pod.resource,
	"path": _pod_path(pod, ["containers"]),
	"value": value,
	"limit": limit,
	"problem": result.text([pod.name, ": ", name, " ", side, " of ", result.shown(value), " ", unit, " in all are over ", result.shown(limit)]),
})

_under(pod, id, name, value, limit, unit) := result.violation(id, {
	"resource": pod.resource,
	"path": _pod_path(pod, ["containers", 0, "resources", "requests", name]),
	"value": value,
	"limit": limit,
	"problem": result.text([pod.name, ": the Ray container asks for ", result.shown(value), " ", unit, " of ", name, ", less than ", result.shown(limit)]),
})
