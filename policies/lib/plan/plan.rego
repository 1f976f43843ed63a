# Copyright the ray-platform authors
# SPDX-License-Identifier: Apache-2.0

# METADATA
# title: Resources of a Terraform plan
# description: |
#   Which resources of `terraform show -json` will exist after apply, and what is
#   known of their attributes. A value is known, unknown until apply, or absent;
#   rules must tell the three apart, so nobody reads `after` directly. The AWS provider
#   stores "" for a string that was not set, so "" is as absent as null.
# related_resources:
# - https://developer.hashicorp.com/terraform/internals/json-format
package lib.plan

import data.lib.modules
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
# description: Managed resources that will not exist after apply.
dropped := [resource |
	some resource in _changes
	not data_source(resource)
	gone(resource)
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
# description: The known resources of one type whose attribute has the value.
with_value(type, attribute, value) := [resource | some resource in _known_by_value[type][attribute][value]]

# METADATA
# description: Modules that are nested deeper than this policy looks.
too_deep := array.concat(modules.deeper(_prior_root), modules.deeper(_planned_root))

# METADATA
# description: Managed resources that are planned and of which no change is listed.
unlisted := [resource |
	some module in modules.within(_planned_root)
	some resource in module.resources
	resource.mode == "managed"
	not _planned_addresses[resource.address]
	not _deferred_addresses[resource.address]
]

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
# description: The value at the path. Undefined if it is unknown, null, "" or absent.
value(resource, path) := found if {
	found := object.get(resource.change.after, path, null)
	not found in _nothing
	not unknown(resource, path)
}

# METADATA
# description: The number at the path; Terraform also accepts one written as a string.
number(resource, path) := found if {
	found := value(resource, path)
	is_number(found)
}

number(resource, path) := to_number(found) if {
	found := value(resource, path)
	regex.match(`^-?[0-9]+(\.[0-9]+)?$`, found)
}

# METADATA
# description: The boolean at the path; Terraform also accepts one written as a string.
boolean(resource, path) := _booleans[value(resource, path)]

# METADATA
# description: Whether the value at the path, or something around it, is known only after apply.
unknown(resource, path) if resource.change.after_unknown[path[0]] == true

unknown(resource, path) if {
	# Nearly always there is nothing, and nothing more to ask.
	within := resource.change.after_unknown[path[0]]
	not is_boolean(within)
	some position, _ in path
	position > 0
	object.get(resource.change.after_unknown, array.slice(path, 0, position + 1), false) == true
}

# METADATA
# description: Whether the path has neither a value nor one to come.
absent(resource, path) if {
	object.get(resource.change.after, path, null) in _nothing
	not unknown(resource, path)
}

# METADATA
# description: The numbers of the blocks under a name, known or not.
block_numbers(resource, path) := [number |
	size := max([_size(object.get(resource.change.after, path, [])), _size(object.get(_unknowns(resource), path, []))])
	size > 0
	some number in numbers.range(0, size - 1)
]

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

_nothing := {null, ""}

_booleans := {true: true, "true": true, "1": true, false: false, "false": false, "0": false}

# Looked up as a whole: OPA would search a partial rule anew for each key.
_judged_by_type := _judged_of

_judged_of[resource.type][position] := resource if some position, resource in judged

_known_by_type := _known_of

_known_of[resource.type][position] := resource if some position, resource in known

_known_by_value := _known_with

_known_with[type][attribute][found][position] := resource if {
	some type, attributes in _linked_by
	some attribute in attributes
	some position, resource in _known_by_type[type]
	found := object.get(resource.change.after, attribute, null)
	not found in _nothing
}

# What others are linked to, by which attributes.
_linked_by := {
	"aws_default_route_table": {"id"},
	"aws_internet_gateway": {"id"},
	"aws_launch_configuration": {"id", "name"},
	"aws_launch_template": {"id", "name"},
	"aws_route_table": {"id"},
	"aws_subnet": {"id"},
	"aws_vpc": {"id", "default_route_table_id", "main_route_table_id"},
}

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

_unknowns(resource) := object.get(resource.change, "after_unknown", {})

_size(list) := count(list) if is_array(list)

_size(list) := 0 if not is_array(list)

# Asked by key: `in` would search the whole set.
_planned_addresses := {resource.address | some resource in _changes}

_prior_resources := [object.union(resource, {"change": {"after": resource.values}}) |
	some module in _prior_modules
	some resource in module.resources
	is_object(resource.values)
	not _planned_addresses[resource.address]
]

_prior_root := [module | module := tfplan.prior_state.values.root_module]

_planned_root := [module | module := tfplan.planned_values.root_module]

_prior_modules := modules.within(_prior_root)

_deferred_addresses := {deferred.resource_change.address | some deferred in tfplan.deferred_changes}
