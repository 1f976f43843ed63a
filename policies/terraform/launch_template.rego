# Copyright the ray-platform authors
# SPDX-License-Identifier: Apache-2.0

package terraform

import data.lib.plan
import data.lib.result

# METADATA
# title: Launch template
# description: |
#   A node group uses a launch template. Without one, EKS makes its own,
#   which guarantees neither encryption nor IMDSv2.
# custom:
#   id: terraform/launch-template
#   row: EBS encryption, IMDSv2
#   severity: error
#   fix: Add a launch_template block that names a template with encrypted volumes and IMDSv2.
deny contains result.violation("terraform/launch-template", {
	"resource": plan.address(group),
	"path": "launch_template",
	"problem": "the node group has no launch template",
}) if {
	some group in _node_groups
	not _has_launch_template(group)
}

# METADATA
# title: Launch template in the plan
# description: A launch template outside the plan is used without being judged.
# custom:
#   id: terraform/launch-template-elsewhere
#   row: EBS encryption, IMDSv2
#   severity: warning
#   fix: Define the launch template in the same plan, or judge the plan that defines it.
warn contains result.violation("terraform/launch-template-elsewhere", {
	"resource": plan.address(pool.resource),
	"path": "launch_template",
	"value": object.get(pool.resource.change.after, ["launch_template"], null),
	"problem": "its launch template is not in the plan, so encryption and IMDSv2 are not judged",
}) if {
	some pool in _all_pools
	_names_launch_template(pool)
	count(pool.templates) == 0
}

# An Auto Scaling group names one in several ways, and cannot do without.
_names_launch_template(pool) if _has_launch_template(pool.resource)

_names_launch_template(pool) if pool.resource.type == "aws_autoscaling_group"
