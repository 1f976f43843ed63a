# Copyright the ray-platform authors
# SPDX-License-Identifier: Apache-2.0

package terraform

import data.lib.plan
import data.lib.result

# METADATA
# title: Required tags
# description: |
#   Clusters, node groups, and every other resource that the provider reports tags
#   for carry the required tags with a value. `tags_all` counts the default tags too.
# custom:
#   id: terraform/required-tags
#   row: Required tags
#   severity: error
#   fix: Add the tag to the provider's default_tags.
deny contains result.violation("terraform/required-tags", {
	"resource": plan.address(resource),
	"path": concat("", ["tags_all.", tag]),
	"value": object.get(resource.change.after, ["tags_all", tag], null),
	"limit": _limits.required_tags,
	"problem": result.text(["the required tag ", result.shown(tag), " is missing, empty or not known"]),
	"fix": "Add the tag to the provider's default_tags, with a value.",
}) if {
	some resource in plan.judged
	_takes_tags(resource)
	some tag in _limits.required_tags
	not _has_tag(resource, tag)
}

_takes_tags(resource) if resource.type in {"aws_eks_cluster", "aws_eks_node_group"}

_takes_tags(resource) if is_object(resource.change.after.tags_all)

_takes_tags(resource) if plan.unknown(resource, ["tags_all"])

_has_tag(resource, tag) if {
	text := plan.value(resource, ["tags_all", tag])
	is_string(text)
	trim_space(text) != ""
}
