# Copyright the ray-platform authors
# SPDX-License-Identifier: Apache-2.0

package ray

import data.lib.pod as pods
import data.lib.quantity
import data.lib.result

# METADATA
# title: GPU per worker
# description: |
#   The GPUs of a pod, MIG slices included, stay within the limit.
# custom:
#   id: ray/max-gpu
#   row: GPU per worker
#   severity: error
#   fix: Use no more GPUs in a pod than the limit.
#   fixes:
#     default: Use {limit} GPUs or fewer in a pod.
deny contains result.violation("ray/max-gpu", {
	"resource": pod.resource,
	"path": _pod_path(pod, ["containers"]),
	"value": gpus,
	"limit": _limits.max_gpu_per_worker,
	"problem": result.text([pod.name, ": ", result.shown(gpus), " GPUs in a pod are over ", result.shown(_limits.max_gpu_per_worker)]),
}) if {
	some pod in _pods
	gpus := pods.gpus(pod.spec)
	gpus > _limits.max_gpu_per_worker
}

# METADATA
# title: Whole GPUs
# description: |
#   Kubernetes assigns whole GPUs only, and refuses a request that differs from its limit
#   or has none.
# custom:
#   id: ray/whole-gpus
#   row: GPU per worker
#   severity: error
#   fix: Give GPUs as a whole number under limits, and the same under requests or nothing.
deny contains _gpu_violation(pod, entry, name, "is not a whole number") if {
	some pod in _pods
	some entry in pods.containers(pod.spec)
	some side in ["requests", "limits"]
	some name, value in entry.container.resources[side]
	pods.is_gpu(name)
	quantity.nano(value) % quantity.one != 0
}

deny contains _gpu_violation(pod, entry, name, "has a request that differs from its limit") if {
	some pod in _pods
	some entry in pods.containers(pod.spec)
	some name, request in entry.container.resources.requests
	pods.is_gpu(name)
	quantity.valid(request)
	not _equals_limit(request, entry.container, name)
}

# METADATA
# title: Device claims
# description: |
#   A resource claim (DRA) gives a pod devices that its resources do not name: another
#   object says which and how many. They may be GPUs, so claims are refused.
# custom:
#   id: ray/device-claims
#   row: GPU per worker, Total GPUs
#   severity: error
#   fix: 'Ask for GPUs under resources.limits, such as nvidia.com/gpu: 1.'
deny contains result.violation("ray/device-claims", {
	"resource": pod.resource,
	"path": _pod_path(pod, path),
	"problem": result.text([pod.name, ": devices that are claimed may be GPUs, and are not counted"]),
}) if {
	some pod in _pods
	some path in pods.device_claims(pod.spec)
}

# METADATA
# title: GPU toleration
# description: |
#   A pod with GPUs tolerates the taint of GPU nodes, nvidia.com/gpu=true:NoSchedule;
#   otherwise it stays pending forever.
# custom:
#   id: ray/gpu-toleration
#   row: GPU toleration
#   severity: error
#   fix: 'Add the toleration {key: nvidia.com/gpu, operator: Equal, value: "true", effect: NoSchedule}.'
deny contains result.violation("ray/gpu-toleration", {
	"resource": pod.resource,
	"path": _pod_path(pod, ["tolerations"]),
	"value": object.get(pod.spec, "tolerations", null),
	"limit": "nvidia.com/gpu=true:NoSchedule",
	"problem": result.text([pod.name, ": it asks for GPUs and does not tolerate the taint of GPU nodes"]),
}) if {
	some pod in _pods
	_names_gpus(pod.spec)
	not pods.tolerates_gpu_taint(pod.spec)
}

# METADATA
# title: GPU workers at zero
# description: A GPU group that never scales to zero costs money while idle.
# custom:
#   id: ray/gpu-min-replicas
#   row: Total GPUs
#   severity: warning
#   fix: Set minReplicas to 0.
warn contains result.violation("ray/gpu-min-replicas", {
	"resource": pod.resource,
	"path": _group_path(pod, ["minReplicas"]),
	"value": pod.group.minReplicas,
	"limit": 0,
	"problem": result.text([pod.name, ": a GPU group with minReplicas above 0 never scales to zero"]),
}) if {
	some pod in _pods
	_names_gpus(pod.spec)
	is_number(pod.group.minReplicas)
	pod.group.minReplicas > 0
}

# Zero GPUs are none; what cannot be read may be one.
_names_gpus(spec) if pods.gpus(spec) > 0

_names_gpus(spec) if {
	some entry in pods.containers(spec)
	some side in ["requests", "limits"]
	some name, value in entry.container.resources[side]
	pods.is_gpu(name)
	value != null
	not quantity.valid(value)
}

_equals_limit(request, container, name) if {
	quantity.nano(request) == quantity.nano(container.resources.limits[name])
}

_gpu_violation(pod, entry, name, problem) := result.violation("ray/whole-gpus", {
	"resource": pod.resource,
	"path": _pod_path(pod, array.concat(entry.path, ["resources"])),
	"value": entry.container.resources,
	"problem": result.text([pod.name, ": ", name, " ", problem]),
})
