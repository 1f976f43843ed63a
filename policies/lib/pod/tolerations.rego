# Copyright the ray-platform authors
# SPDX-License-Identifier: Apache-2.0

package lib.pod

# METADATA
# description: |
#   Whether Kubernetes would let the pod onto a node with the taint
#   nvidia.com/gpu=true:NoSchedule. A toleration that the API server would refuse does
#   not count.
# related_resources:
# - https://kubernetes.io/docs/concepts/scheduling-eviction/taint-and-toleration/
tolerates_gpu_taint(spec) if {
	some toleration in _list(spec, "tolerations")
	_fits_effect(toleration)
	_fits_key_and_value(toleration)
}

# Only NoExecute may be limited in time.
_fits_effect(toleration) if {
	object.get(toleration, "effect", null) in {null, "", "NoSchedule"}
	object.get(toleration, "tolerationSeconds", null) == null
}

_fits_key_and_value(toleration) if {
	toleration.operator == "Exists"
	object.get(toleration, "key", null) in {null, "", "nvidia.com/gpu"}
	object.get(toleration, "value", null) in {null, ""}
}

_fits_key_and_value(toleration) if {
	object.get(toleration, "operator", null) in {null, "", "Equal"}
	toleration.key == "nvidia.com/gpu"
	toleration.value == "true"
}
