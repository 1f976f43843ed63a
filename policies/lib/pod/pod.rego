# Copyright the ray-platform authors
# SPDX-License-Identifier: Apache-2.0

# METADATA
# title: Resources of a pod
# description: |
#   What a pod asks for and may use, by the rules of the Kubernetes scheduler: the sum
#   of its containers and native sidecars, or what an init container needs while it
#   runs, whichever is more; pod-level resources instead where they are given, and the
#   overhead on top.
# related_resources:
# - https://kubernetes.io/docs/concepts/workloads/pods/init-containers/#resource-sharing-within-containers
# - https://kubernetes.io/docs/concepts/workloads/pods/sidecar-containers/#resource-sharing-within-containers
# - https://kubernetes.io/docs/tasks/configure-pod-container/assign-pod-level-resources/
package lib.pod

import data.lib.quantity
import data.lib.shape

# METADATA
# description: The containers of a pod specification with their path in it.
containers(spec) := array.concat(
	[{"path": ["containers", position], "container": container} | some position, container in _list(spec, "containers")],
	[{"path": ["initContainers", position], "container": container} | some position, container in _list(spec, "initContainers")],
)

# METADATA
# description: |
#   What the pod needs of a resource in nano-units; `side` is "requests" or "limits".
#   Values that are not quantities count as zero: another rule denies them.
total(spec, side, name) := _pod_level(spec, side, name) + _overhead(spec, name) if _has_pod_level(spec, name)

total(spec, side, name) := _of_containers(spec, side, name) + _overhead(spec, name) if not _has_pod_level(spec, name)

# METADATA
# description: |
#   What one container requests or may use. A limit alone implies the request; a
#   request alone is the least that it may use.
amount(resources, side, name) := quantity.nano(object.get(resources, [side, name], null))

amount(resources, side, name) := quantity.nano(object.get(resources, [_other[side], name], null)) if {
	object.get(resources, [side, name], null) == null
}

# METADATA
# description: Whether a container names the resource as request or limit.
names(resources, name) if {
	some side in ["requests", "limits"]
	object.get(resources, [side, name], null) != null
}

# METADATA
# description: |
#   The GPU resources that the pod names: those KubeRay counts, which are names that
#   end in "gpu" and NVIDIA's MIG slices, and those of device plugins that share or
#   rename what they hand out.
gpu_names(spec) := {name |
	some entry in containers(spec)
	some side in ["requests", "limits"]
	some name, _ in entry.container.resources[side]
	is_gpu(name)
}

# METADATA
# description: |
#   Whether the resource is a GPU or a part of one. Every resource of a vendor of GPUs is,
#   and every name that says so; amounts of GPU memory and cores are beside a GPU.
# related_resources:
# - https://github.com/NVIDIA/k8s-device-plugin#shared-access-to-gpus
is_gpu(name) if {
	regex.match(`gpu|^(nvidia|amd)\.com/|^habana\.ai/gaudi`, lower(name))
	not _is_part_amount(name)
}

_is_part_amount(name) if regex.match(`gpu[-.]?(mem|memory|core|cores)([-.]percentage)?$`, lower(name))

# METADATA
# description: The places where the pod claims devices, which may be GPUs of any number.
device_claims(spec) := array.concat(
	[["resourceClaims"] | count(spec.resourceClaims) > 0],
	[array.concat(entry.path, ["resources", "claims"]) |
		some entry in containers(spec)
		count(entry.container.resources.claims) > 0
	],
)

# METADATA
# description: The GPUs of a pod, all names together, as requests or limits say, whichever is more.
gpus(spec) := sum([count_of |
	some name in gpu_names(spec)
	count_of := max({total(spec, "requests", name), total(spec, "limits", name)}) / quantity.one
])

_other := {"requests": "limits", "limits": "requests"}

_list(spec, name) := spec[name] if is_array(spec[name])

_list(spec, name) := [] if not shape.array_at(spec, [name])

_amount_or_zero(container, side, name) := amount(object.get(container, "resources", {}), side, name)

_amount_or_zero(container, side, name) := 0 if {
	not _has_amount(container, side, name)
}

_has_amount(container, side, name) if is_number(amount(object.get(container, "resources", {}), side, name))

_of_containers(spec, side, name) := max({_running(spec, side, name)} | _starting(spec, side, name))

_running(spec, side, name) := sum([_amount_or_zero(container, side, name) |
	some container in array.concat(_list(spec, "containers"), _sidecars(_list(spec, "initContainers")))
])

# An init container runs beside the sidecars that started before it.
_starting(spec, side, name) := {need |
	init_containers := _list(spec, "initContainers")
	some position, container in init_containers
	not _is_sidecar(container)
	need := _amount_or_zero(container, side, name) + sum([_amount_or_zero(sidecar, side, name) |
		some sidecar in _sidecars(array.slice(init_containers, 0, position))
	])
}

_sidecars(init_containers) := [container | some container in init_containers; _is_sidecar(container)]

_is_sidecar(container) if container.restartPolicy == "Always"

# Pod-level resources hold for cpu and memory, not for extended resources.
_has_pod_level(spec, name) if {
	name in {"cpu", "memory"}
	is_number(amount(object.get(spec, "resources", {}), "requests", name))
}

# A pod-level limit alone: the request is what the containers ask for.
_pod_level(spec, "requests", name) := _of_containers(spec, "requests", name) if {
	object.get(spec, ["resources", "requests", name], null) == null
	_of_containers(spec, "requests", name) > 0
}

_pod_level(spec, "requests", name) := amount(spec.resources, "requests", name) if {
	object.get(spec, ["resources", "requests", name], null) == null
	_of_containers(spec, "requests", name) == 0
}

# Kubernetes refuses a pod-level request below that of the containers, and one that does
# not know the field goes by the containers.
_pod_level(spec, "requests", name) := max({amount(spec.resources, "requests", name), _of_containers(spec, "requests", name)}) if {
	object.get(spec, ["resources", "requests", name], null) != null
}

# A pod-level request alone: the limit is what the containers may use, or no less.
_pod_level(spec, "limits", name) := amount(spec.resources, "limits", name) if {
	object.get(spec, ["resources", "limits", name], null) != null
}

_pod_level(spec, "limits", name) := max({amount(spec.resources, "requests", name), _of_containers(spec, "limits", name)}) if {
	object.get(spec, ["resources", "limits", name], null) == null
}

_overhead(spec, name) := quantity.nano(spec.overhead[name])

_overhead(spec, name) := 0 if not _has_overhead(spec, name)

_has_overhead(spec, name) if quantity.valid(spec.overhead[name])
