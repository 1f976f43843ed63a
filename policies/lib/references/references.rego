# Copyright the ray-platform authors
# SPDX-License-Identifier: Apache-2.0

# METADATA
# title: References of a Terraform plan
# description: |
#   What is unknown until apply can often be told from the configuration: a plan
#   lists the references of each expression. They are followed through module
#   inputs and outputs as a graph of nodes `module.path|kind.name`. Values of
#   locals are not in a plan, so a trail that enters a local ends there.
package lib.references

import data.lib.plan
import input as tfplan

# METADATA
# description: The references of an attribute's expression in the configuration, as they are written.
references(resource, path) := [reference |
	some reference in object.get(_expressions(resource), array.concat(path, ["references"]), [])
	is_string(reference)
]

# METADATA
# description: |
#   Whether the configuration is there and does not set the attribute. A block that it
#   does not show may be a dynamic one, so the block around the attribute must be there.
not_configured(resource, path) if {
	expressions := _expressions(resource)
	is_object(object.get(expressions, array.slice(path, 0, count(path) - 1), null))
	object.get(expressions, path, null) == null
}

# METADATA
# description: The configuration entry of a resource. Undefined if the plan has none.
configuration(resource) := [entry | some entry in _entries[node(resource)]][0]

# METADATA
# description: Everything that references, written in the resource's module, lead to.
reached(resource, written) := (starts | passed) | ends if {
	starts := {_reference_node(module_path(resource), reference) | some reference in written}

	# graph.reachable leaves out nodes that lead nowhere.
	passed := graph.reachable(_edges, starts)
	ends := {end | some id in passed; some end in _edges[id]}
}

# METADATA
# description: The resources of a type that references lead to.
targets(resource, written, type) := [candidate |
	trail := follow(resource, written)
	some id in trail.nodes
	some candidate in _instances[id]
	candidate.type == type
	leads_to(trail, candidate)
]

# METADATA
# description: |
#   Where references lead. An index in a reference, or the resource's own where it is
#   passed on by each or count, narrows the instances.
follow(resource, written) := {
	"nodes": reached(resource, written),
	"named": {_reference_node(module_path(resource), reference) | some reference in written},
	"indexes": _written_indexes(resource, written),
}

# METADATA
# description: Whether a trail leads to the resource.
leads_to(trail, candidate) if {
	id := node(candidate)
	id in trail.nodes
	_narrowed_to(trail, candidate, id)
}

# METADATA
# description: Whether a trail leads to any resource of a type.
leads_to_type(trail, type) if {
	some id in trail.nodes
	some candidate in _instances[id]
	candidate.type == type
}

# METADATA
# description: The graph node of a resource.
node(resource) := concat("", [module_path(resource), "|", _prefix(resource), resource.type, ".", resource.name])

# METADATA
# description: The module of a resource without instance keys, "" for the root module.
module_path(resource) := "" if not _in_module(resource)

module_path(resource) := concat(".", [concat("", ["module.", match[1]]) | some match in _module_steps(resource.module_address)]) if _in_module(resource)

# METADATA
# description: The values that are known for the variables among the nodes.
constants(nodes) := {_constants[id] | some id in nodes}

default _root := {}

_root := tfplan.configuration.root_module if is_object(tfplan.configuration.root_module)

_prefix(resource) := "data." if plan.data_source(resource)

_prefix(resource) := "" if not plan.data_source(resource)

_in_module(resource) if {
	is_string(resource.module_address)
	resource.module_address != ""
}

_module_steps(address) := regex.find_all_string_submatch_n(`module\.([^.\[]+)(?:\[(?:"(?:[^"\\]|\\.)*"|[0-9]+)\])?`, address, -1)

# Modules by path, to a depth that nobody nests to.
_modules := object.union_n([{"": _root}, _calls_1, _calls_2, _calls_3, _calls_4, _calls_5])

_calls_1 := _modules_in("", _root)

_calls_2 := {child: found |
	some path, module in _calls_1
	some child, found in _modules_in(path, module)
}

_calls_3 := {child: found |
	some path, module in _calls_2
	some child, found in _modules_in(path, module)
}

_calls_4 := {child: found |
	some path, module in _calls_3
	some child, found in _modules_in(path, module)
}

_calls_5 := {child: found |
	some path, module in _calls_4
	some child, found in _modules_in(path, module)
}

_modules_in(path, module) := {_child(path, name): call.module |
	some name, call in module.module_calls
	is_object(call.module)
}

_child("", name) := concat("", ["module.", name])

_child(path, name) := concat("", [path, ".module.", name]) if path != ""

# Looked up as a whole: OPA would search a partial rule anew for each key.
_entries := _entry

_entry[concat("", [path, "|", _prefix(resource), resource.type, ".", resource.name])][position] := resource if {
	some path, module in _modules
	some position, resource in module.resources
}

_expressions(resource) := expressions if {
	expressions := configuration(resource).expressions
	is_object(expressions)
}

_edges := object.union_n([_input_edges, _output_edges, _resource_edges])

_input_edges := {concat("", [_child(path, name), "|var.", variable]): _reference_nodes(path, expression) |
	some path, module in _modules
	some name, call in module.module_calls
	some variable, expression in call.expressions
}

_output_edges := {concat("", [path, "|module.", name, ".", output]): _reference_nodes(_child(path, name), definition.expression) |
	some path, module in _modules
	some name, call in module.module_calls
	some output, definition in call.module.outputs
}

# Resources that hand on what they are given.
_resource_edges := {concat("", [path, "|", resource.type, ".", resource.name]): _reference_nodes(path, expression) |
	some path, module in _modules
	some resource in module.resources
	some attribute in _hands_on[resource.type]
	expression := object.get(resource.expressions, attribute, {})
}

_hands_on := {
	"aws_eks_cluster": {["vpc_config", 0, "subnet_ids"]},
	"random_shuffle": {["input"]},
	"terraform_data": {["input"]},
}

_reference_nodes(path, expression) := {_reference_node(path, reference) |
	some reference in object.get(expression, "references", [])
}

_reference_pattern := `^(data\.[^.\[]+|[^.\[]+)\.([^.\[]+)(\[(?:"(?:[^"\\]|\\.)*"|[^\]]*)\])?(?:\.([^.\[]+))?`

_reference_node(path, reference) := concat("", [path, "|", match[1], ".", match[2], ".", match[4]]) if {
	match := regex.find_all_string_submatch_n(_reference_pattern, reference, 1)[0]
	match[1] == "module"
}

_reference_node(path, reference) := concat("", [path, "|", match[1], ".", match[2]]) if {
	match := regex.find_all_string_submatch_n(_reference_pattern, reference, 1)[0]
	match[1] != "module"
}

_instances := _instance

_instance[node(resource)][position] := resource if some position, resource in plan.known

# An index is of what the reference names itself, not of what lies behind it.
_narrowed_to(trail, _, id) if not id in trail.named

_narrowed_to(trail, candidate, _) if _has_index(candidate, trail.indexes)

# No instance has the index, or there is none: it narrows nothing.
_narrowed_to(trail, _, id) if {
	every other in _instances[id] {
		not _has_index(other, trail.indexes)
	}
}

_has_index(resource, indexes) if _index(resource) in indexes

_index(resource) := json.marshal(resource.index)

_written_indexes(resource, written) := {trim_suffix(trim_prefix(match[3], "["), "]") |
	some reference in written
	match := regex.find_all_string_submatch_n(_reference_pattern, reference, 1)[0]
	match[3] != ""
	match[1] != "module"
} | {_index(resource) |
	some reference in written
	reference in {"each.key", "each.value", "count.index"}
}

_constants := object.union_n([_variable_defaults, _input_constants, _root_variables])

_root_variables := {concat("", ["|var.", name]): variable.value |
	some name, variable in tfplan.variables
}

_variable_defaults := {concat("", [path, "|var.", name]): variable["default"] |
	some path, module in _modules
	some name, variable in module.variables
	not _input_edges[concat("", [path, "|var.", name])]
}

_input_constants := {concat("", [_child(path, name), "|var.", variable]): expression.constant_value |
	some path, module in _modules
	some name, call in module.module_calls
	some variable, expression in call.expressions
}
