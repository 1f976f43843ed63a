# Copyright the ray-platform authors
# SPDX-License-Identifier: Apache-2.0

# METADATA
# title: Resources of a Terraform plan
# description: |
#   Which resources of `terraform show -json` will exist after apply, and what is
#   known of their attributes. A value is known, unknown until apply, or absent;
#   rules must tell the three apart, so nobody reads `after` directly.
# related_resources:
# - https://developer.hashicorp.com/terraform/internals/json-format
package lib.plan

import data.lib.shape

import input as tfplan

# METADATA
# description: Managed resources that exist after apply, whether changed or left as they are.
judged := [resource |
	some resource in _changes
	not data_source(resource)
	not gone(resource)
	is_object(resource.change.after)
]

# METADATA
# description: Entries that should be judged and cannot be read.
unreadable := [resource |
	some resource in _changes
	not data_source(resource)
	not gone(resource)
	not _readable(resource)
]

# METADATA
# description: The judged resources of one type.
of_type(type) := [resource | some resource in _judged_by_type[type]]

# METADATA
# description: |
#   Resources that are known of, judged or not: of this plan, and those that its prior
#   state holds without planning a change (data sources, resources of other stacks).
known := array.concat(judged, _prior_resources)

# METADATA
# description: The known resources of one type.
known_of_type(type) := [resource | some resource in _known_by_type[type]]

# METADATA
# description: Whether the entry is read, not managed.
data_source(resource) if resource.mode == "data"

# METADATA
# description: Whether the entry is deleted or forgotten, deposed objects included.
gone(resource) if {
	is_array(resource.change.actions)
	count(resource.change.actions) > 0
	every action in resource.change.actions {
		action in {"delete", "forget"}
	}
}

# METADATA
# description: The value at the path. Undefined if it is unknown, null or absent.
value(resource, path) := found if {
	found := object.get(resource.change.after, path, null)
	found != null
	not unknown(resource, path)
}

# METADATA
# description: Whether the value at the path, or something around it, is known only after apply.
unknown(resource, path) if resource.change.after_unknown[path[0]] == true

unknown(resource, path) if {
	# Nearly always there is nothing, and nothing more to ask.
	within := resource.change.after_unknown[path[0]]
	not is_boolean(within)
	count(path) > 1
	some length in numbers.range(2, count(path))
	object.get(resource.change.after_unknown, array.slice(path, 0, length), false) == true
}

# METADATA
# description: Whether the path has neither a value nor one to come.
absent(resource, path) if {
	object.get(resource.change.after, path, null) == null
	not unknown(resource, path)
}

# METADATA
# description: The numbers of the blocks under a name, known or not.
block_numbers(resource, path) := numbers.range(0, size - 1) if {
	size := max({_size(object.get(resource.change.after, path, [])), _size(object.get(resource, array.concat(["change", "after_unknown"], path), []))})
	size > 0
}

block_numbers(resource, path) := [] if {
	_size(object.get(resource.change.after, path, [])) == 0
	_size(object.get(resource, array.concat(["change", "after_unknown"], path), [])) == 0
}

# METADATA
# description: The address of a resource, or what else names it.
address(resource) := resource.address if is_string(resource.address)

address(resource) := concat(".", [resource.type, resource.name]) if {
	not shape.string_at(resource, ["address"])
	is_string(resource.type)
	is_string(resource.name)
}

address(resource) := "an unnamed resource" if {
	not shape.string_at(resource, ["address"])
	not _named(resource)
}

# METADATA
# description: Whether the value is a whole number of at least 0.
whole(number) if {
	is_number(number)
	number >= 0
	floor(number) == number
}

# Looked up as a whole: OPA would search a partial rule anew for each key.
_judged_by_type := _judged_of

_judged_of[resource.type][position] := resource if some position, resource in judged

_known_by_type := _known_of

_known_of[resource.type][position] := resource if some position, resource in known

default _changes := []

_changes := tfplan.resource_changes if is_array(tfplan.resource_changes)

_readable(resource) if {
	is_string(resource.type)
	is_object(resource.change.after)
}

_named(resource) if {
	is_string(resource.type)
	is_string(resource.name)
}

_size(list) := count(list) if is_array(list)

_size(list) := 0 if not is_array(list)

_planned_addresses := {resource.address | some resource in _changes}

_prior_resources := [object.union(resource, {"change": {"after": resource.values}}) |
	some module in array.concat(_prior_modules_1, array.concat(_prior_modules_2, _prior_modules_3))
	some resource in module.resources
	is_object(resource.values)
	not resource.address in _planned_addresses
]

_prior_modules_1 := [module | module := tfplan.prior_state.values.root_module]

_prior_modules_2 := [child | some module in _prior_modules_1; some child in module.child_modules]

_prior_modules_3 := [child | some module in _prior_modules_2; some child in module.child_modules]
