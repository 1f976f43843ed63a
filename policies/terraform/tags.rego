# Copyright the ray-platform authors
# SPDX-License-Identifier: Apache-2.0

package terraform

import data.lib.plan
import data.lib.references
import data.lib.result
import input as tfplan

# METADATA
# title: Required tags
# description: |
#   Clusters, node groups, and whatever starts nodes or stores their data have the required
#   tags with a value. `tags_all` counts the provider's default tags too; while it is unknown,
#   the resource's own tags and constant default tags count.
# custom:
#   id: terraform/required-tags
#   row: Required tags
#   severity: error
#   fix: Add the tag to the provider's default_tags, with a value.
deny contains _tag_violation("terraform/required-tags", resource, tag) if {
	some resource in plan.judged
	_must_be_tagged(resource)
	some tag in _limits.required_tags
	not _has_tag(resource, tag)
}

# METADATA
# title: Tags elsewhere
# description: Every other resource that supports tags should have them too.
# custom:
#   id: terraform/tags-elsewhere
#   row: Required tags
#   severity: warning
#   fix: Add the tag to the provider's default_tags, with a value.
warn contains _tag_violation("terraform/tags-elsewhere", resource, tag) if {
	some resource in plan.judged
	_takes_tags(resource)
	not _must_be_tagged(resource)
	some tag in _limits.required_tags
	not _has_tag(resource, tag)
}

_tag_violation(id, resource, tag) := result.violation(id, {
	"resource": plan.address(resource),
	"path": concat("", ["tags_all.", tag]),
	"value": object.get(resource.change.after, ["tags_all", tag], null),
	"limit": _limits.required_tags,
	"problem": result.text(["the required tag ", result.shown(tag), " is missing, empty or not known"]),
})

_must_be_tagged(resource) if resource.type in {"aws_eks_cluster", "aws_eks_node_group"}

_must_be_tagged(resource) if {
	resource.type in {"aws_launch_template", "aws_instance", "aws_spot_instance_request", "aws_ebs_volume"}
	_takes_tags(resource)
}

_takes_tags(resource) if is_object(resource.change.after.tags_all)

_takes_tags(resource) if plan.unknown(resource, ["tags_all"])

_has_tag(resource, tag) if _is_text(plan.value(resource, ["tags_all", tag]))

# While one tag is unknown, all of them are; those that the resource sets win over others.
_has_tag(resource, tag) if {
	plan.unknown(resource, ["tags_all", tag])
	_is_text(plan.value(resource, ["tags", tag]))
}

# Nothing that is known can take away a default tag that is constant.
_has_tag(resource, tag) if {
	plan.unknown(resource, ["tags_all", tag])
	plan.absent(resource, ["tags", tag])
	key := references.configuration(resource).provider_config_key
	_is_text(tfplan.configuration.provider_config[key].expressions.default_tags[0].tags.constant_value[tag])
}

_is_text(text) if trim_space(text) != ""
