# Copyright the ray-platform authors
# SPDX-License-Identifier: Apache-2.0

package terraform

import data.lib.plan
import data.lib.result

# METADATA
# title: Launch template version
# description: |
#   A plan shows the newest version of a launch template. Nodes that run another one are
#   not judged by it, so they must run the newest.
# custom:
#   id: terraform/launch-template-version
#   row: EBS encryption, IMDSv2
#   severity: error
#   fix: Set the version to the template's latest_version.
deny contains result.violation("terraform/launch-template-version", {
	"resource": plan.address(link.resource),
	"path": _dotted(link.path),
	"value": object.get(link.resource.change.after, link.path, null),
	"limit": object.get(template.change.after, "latest_version", null),
	"problem": result.text(["it does not run the version of ", plan.address(template), " that the plan shows, so what its nodes run is not judged"]),
}) if {
	some link in _template_links
	some template in link.templates
	_has_versions(template)
	not _runs_shown_version(link, template)
}

# Each place that names a template by an id or name that is known. A template that gets
# its id only at apply is new, and has one version.
_template_links := array.concat(_direct_links, _specification_links)

_direct_links := [{"resource": resource, "path": ["launch_template", 0, "version"], "templates": _named_templates(resource, _launch_template_paths)} |
	some resource in array.concat(_node_groups, array.concat(_autoscaling_groups, _instances))
]

_specification_links := [{"resource": group, "path": array.concat(path, ["version"]), "templates": _named_templates(group, _specification_paths(path))} |
	some group in _autoscaling_groups
	some path in array.concat(
		[array.concat(_mixed, ["launch_template_specification", 0])],
		[array.concat(_mixed, ["override", number, "launch_template_specification", 0]) |
			some number in plan.block_numbers(group, array.concat(_mixed, ["override"]))
		],
	)
]

_named_templates(resource, paths) := [template |
	some path, attribute in paths
	some template in plan.with_value("aws_launch_template", attribute, plan.value(resource, path))
]

# What a data source read may leave the versions out: it is the newest that was read.
_has_versions(template) if not plan.data_source(template)

_has_versions(template) if plan.value(template, ["latest_version"])

_runs_shown_version(link, template) if {
	version := plan.value(link.resource, link.path)
	_is_newest(version, template)
}

# Left out, it is the default version, except where the configuration tells.
_runs_shown_version(link, template) if {
	plan.absent(link.resource, link.path)
	_shows_default(template)
}

# Known after apply: it follows the template.
_runs_shown_version(link, _) if plan.unknown(link.resource, link.path)

_is_newest("$Latest", _)

_is_newest("$Default", template) if _shows_default(template)

_is_newest(version, template) if version == json.marshal(plan.value(template, ["latest_version"]))

_is_newest(version, template) if version == plan.value(template, ["latest_version"])

# A new template has one version.
_is_newest(version, template) if {
	version == "1"
	"create" in template.change.actions
}

_shows_default(template) if plan.value(template, ["default_version"]) == plan.value(template, ["latest_version"])

_shows_default(template) if plan.boolean(template, ["update_default_version"])

_shows_default(template) if "create" in template.change.actions
