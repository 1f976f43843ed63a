# Copyright the ray-platform authors
# SPDX-License-Identifier: Apache-2.0

package terraform

import data.lib.plan
import data.lib.result

# METADATA
# title: GPU node taint
# description: |
#   A GPU group has the taint nvidia.com/gpu=true:NoSchedule, so that only pods
#   that tolerate it reach the GPUs.
# custom:
#   id: terraform/gpu-taint
#   row: none; "GPU Node Taints" in the security document
#   severity: error
#   fix: Add the taint nvidia.com/gpu=true with the effect NO_SCHEDULE.
deny contains result.violation("terraform/gpu-taint", {
	"resource": plan.address(pool.resource),
	"path": "taint",
	"value": object.get(pool.resource.change.after, ["taint"], null),
	"limit": _gpu_taint,
	"problem": "a GPU group without the taint nvidia.com/gpu=true:NO_SCHEDULE",
}) if {
	some pool in _pools
	_is_gpu_pool(pool)
	not _has_gpu_taint(pool.resource)
}

_gpu_taint := {"key": "nvidia.com/gpu", "value": "true", "effect": "NO_SCHEDULE"}

_has_gpu_taint(group) if {
	some number in plan.block_numbers(group, ["taint"])
	every key, expected in _gpu_taint {
		plan.value(group, ["taint", number, key]) == expected
	}
}
