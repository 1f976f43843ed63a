# Copyright the ray-platform authors
# SPDX-License-Identifier: Apache-2.0

package terraform

import data.lib.plan

# METADATA
# title: Coverage
# description: |
#   Every resource of the plan by its address, and why it is not judged; an empty reason
#   says that rules read it.
# scope: document
# entrypoint: true
coverage contains {"resource": plan.address(resource), "type": resource.type, "reason": reason} if {
	some resource in plan.judged
	reason := _unjudged_because(resource)
}

coverage contains {"resource": plan.address(resource), "type": resource.type, "reason": "it is deleted or forgotten"} if {
	some resource in plan.dropped
}

coverage contains {"resource": plan.address(template), "type": template.type, "reason": ""} if {
	some template in _read_templates
}

_unjudged_because(resource) := "" if _is_read(resource.type)

_unjudged_because(resource) := "only its region and its tags are judged" if {
	not _is_read(resource.type)
	_is_aws(resource.type)
}

_unjudged_because(resource) := "no rule reads its type" if {
	not _is_read(resource.type)
	not _is_aws(resource.type)
}

_is_read(type) if type in _judged_types

_is_read(type) if _unread_starters[type]

_is_read(type) if regex.match(_unread_types, type)

_is_read(type) if _manifest_attributes[type]

_is_read(type) if {
	type in {
		"helm_release", "aws_subnet", "aws_route", "aws_route_table", "aws_default_route_table",
		"aws_route_table_association", "aws_main_route_table_association",
	}
}
