# Copyright the ray-platform authors
# SPDX-License-Identifier: Apache-2.0

# METADATA
# title: Terraform policy
# description: |
#   What a plan may deploy. Each rule judges one bound resource; what it needs and
#   cannot know is a violation that says so. Limits come from `data.limits.terraform`
#   over the defaults below.
# related_resources:
# - ref: docs/security-architecture.md
#   description: the security document, "OPA Policy Enforcement"
package terraform

import data.lib.limits
import data.lib.result

_default_limits := {
	"allowed_regions": ["us-east-1", "us-east-2", "us-west-2", "eu-west-1"],
	"max_nodes_per_group": 20,
	"max_gpu_nodes": 10,
	"cpu_instance_types": [
		"t3.medium",
		"t3.large",
		"t3.xlarge",
		"m5.large",
		"m5.xlarge",
		"m5.2xlarge",
		"m5.4xlarge",
		"m6g.xlarge",
		"m6g.2xlarge",
	],
	"gpu_instance_types": ["g4dn.xlarge", "g4dn.2xlarge", "g4dn.4xlarge", "p3.2xlarge"],
	"required_tags": ["ManagedBy", "Environment", "Repository"],
	"max_volume_gib": 500,
	"required_log_types": ["audit"],
}

default _limit_overrides := {}

_limit_overrides := data.limits.terraform

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
#   id: terraform/limits
#   row: none; the limits are data
#   severity: error
#   fix: Write a value of the same type as the default ({limit}), or remove the key.
#   fixes:
#     shape: Write the limits as an object of keys and values.
deny contains found if {
	some found in limits.problems("terraform/limits", "limits.terraform", _default_limits, _limit_overrides)
}

# METADATA
# title: Known limits
# description: A limit that no rule reads is probably misspelled.
# custom:
#   id: terraform/limits
#   row: none; the limits are data
#   severity: warning
#   fix: Correct the key, or remove it.
warn contains found if {
	some key in limits.unknown_keys(_default_limits, _limit_overrides)
	found := result.violation("terraform/limits", {
		"resource": "limits",
		"path": concat("", ["limits.terraform.", key]),
		"value": key,
		"limit": object.keys(_default_limits),
		"problem": result.text(["no rule reads the limit ", result.shown(key)]),
		"cause": "warning",
	})
}
