# Copyright the ray-platform authors
# SPDX-License-Identifier: Apache-2.0

package terraform

import data.lib.plan
import data.lib.result
import data.lib.shape
import input as tfplan

# METADATA
# title: Readable plan
# description: |
#   The input is a whole plan that Terraform finished. An empty plan is allowed; an
#   empty document, a state, an errored or incomplete plan is not.
# custom:
#   id: terraform/plan
#   row: none; what cannot be read is refused
#   severity: error
#   fix: Run `terraform plan -out=plan && terraform show -json plan` without -target, and pass its output.
#   fixes:
#     deferred: Make counts and keys known at plan, or apply what they depend on first.
deny contains _plan_violation("input", null, "this is not a Terraform plan") if not _is_plan

deny contains _plan_violation("errored", tfplan.errored, "the plan ended with an error") if {
	errored := object.get(tfplan, "errored", false)
	not errored in {false, null}
}

deny contains _plan_violation("complete", tfplan.complete, "the plan is incomplete, so what it leaves out is not judged") if {
	complete := object.get(tfplan, "complete", true)
	not complete in {true, null}
}

deny contains _plan_violation("resource_changes", null, "resource_changes is not an array") if {
	not _readable_changes
	not _lists_nothing
}

deny contains _plan_violation("resource_changes", null, "resource_changes is not set, though resources are planned") if {
	not _readable_changes
	_lists_nothing
}

deny contains _plan_violation("deferred_changes", null, "deferred_changes is not an array") if {
	deferred := tfplan.deferred_changes
	not is_array(deferred)
}

deny contains _plan_violation("child_modules", null, "modules are nested deeper than this policy looks") if {
	count(plan.too_deep) > 0
}

deny contains result.violation("terraform/plan", {
	"resource": plan.address(resource),
	"path": "planned_values",
	"problem": "the resource is planned, and no change of it is listed",
}) if {
	some resource in plan.unlisted
}

deny contains result.violation("terraform/plan", {
	"resource": plan.address(resource),
	"path": "change.after",
	"problem": "the planned change cannot be read",
}) if {
	some resource in plan.unreadable
}

deny contains result.violation("terraform/plan", {
	"resource": plan.address(_deferred_resource(deferred)),
	"path": "deferred_changes",
	"value": _deferred_reason(deferred),
	"problem": "the change is deferred, so neither its number nor its values are known",
	"cause": "deferred",
}) if {
	some deferred in tfplan.deferred_changes
	resource := _deferred_resource(deferred)
	not _harmless(resource)
}

_plan_violation(path, value, problem) := result.violation("terraform/plan", {
	"resource": "plan",
	"path": path,
	"value": value,
	"problem": problem,
})

_is_plan if is_array(tfplan.resource_changes)

_is_plan if {
	is_string(tfplan.format_version)
	some key in {"resource_changes", "planned_values", "configuration"}
	tfplan[key] != null
}

_readable_changes if is_array(tfplan.resource_changes)

# Terraform leaves the key out where there is nothing, changed or not.
_readable_changes if {
	_lists_nothing
	not _plans_resources
}

_lists_nothing if not "resource_changes" in object.keys(tfplan)

_plans_resources if {
	some key in {"resources", "child_modules"}
	count(tfplan.planned_values.root_module[key]) > 0
}

_judged_types := {
	"aws_eks_cluster",
	"aws_eks_node_group",
	"aws_launch_template",
	"aws_launch_configuration",
	"aws_autoscaling_group",
	"aws_instance",
	"aws_spot_instance_request",
	"aws_ebs_volume",
	"aws_ecs_capacity_provider",
	"aws_cloudcontrolapi_resource",
}

_deferred_resource(deferred) := deferred.resource_change if is_object(deferred.resource_change)

_deferred_resource(deferred) := {} if not shape.object_at(deferred, ["resource_change"])

_deferred_reason(deferred) := deferred.reason if is_string(deferred.reason)

_deferred_reason(deferred) := null if not shape.string_at(deferred, ["reason"])

_harmless(resource) if plan.data_source(resource)

_harmless(resource) if plan.gone(resource)

_harmless(resource) if {
	is_string(resource.type)
	not resource.type in _judged_types
	not _unread_starters[resource.type]
	not regex.match(_unread_types, resource.type)
}
