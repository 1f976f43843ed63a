# Copyright the ray-platform authors
# SPDX-License-Identifier: Apache-2.0

# METADATA
# title: Ray policy
# description: |
#   What a RayCluster may ask for, alone or inside a RayJob, RayService or RayCronJob.
#   Limits come from `data.limits.ray` over the defaults below.
# related_resources:
# - ref: docs/security-architecture.md
#   description: the security document, "OPA Policy Enforcement"
package ray

import data.lib.limits
import data.lib.result

_default_limits := {
	"max_cpu_per_worker": 16,
	"max_memory_gib_per_worker": 64,
	"max_gpu_per_worker": 4,
	"max_total_workers": 50,
	"max_total_gpus": 20,
	"min_cpu_request": 0.5,
	"min_memory_gib_request": 0.5,
	"required_labels": ["ray.io/node-type", "app"],
}

default _limit_overrides := {}

_limit_overrides := data.limits.ray

_limits := limits.merged(_default_limits, _limit_overrides)

# METADATA
# title: Violations
# description: Every violation that must stop a deployment.
# scope: document
# entrypoint: true

# METADATA
# title: Usable limits
# description: A limit of the wrong type is refused, and its default applies.
# custom:
#   id: ray/limits
#   row: none; the limits are data
#   severity: error
#   fix: Write a value of the same type as the default ({limit}), or remove the key.
#   fixes:
#     shape: Write the limits as an object of keys and values.
deny contains found if {
	some found in limits.problems("ray/limits", "limits.ray", _default_limits, _limit_overrides)
}

# METADATA
# title: Known limits
# description: A limit that no rule reads is probably misspelled.
# custom:
#   id: ray/limits
#   row: none; the limits are data
#   severity: warning
#   fix: Correct the key, or remove it.
warn contains found if {
	some key in limits.unknown_keys(_default_limits, _limit_overrides)
	found := result.violation("ray/limits", {
		"resource": "limits",
		"path": concat("", ["limits.ray.", key]),
		"value": key,
		"limit": object.keys(_default_limits),
		"problem": result.text(["no rule reads the limit ", result.shown(key)]),
		"cause": "warning",
	})
}
