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
#   Whether the configuration is there and does not set the attribute, or sets it to null,
#   as variables do that are. A block that it does not show may be a dynamic one, so the
#   block around the attribute must be there.
not_configured(resource, path) if {
	expressions := _expressions(resource)
	is_object(object.get(expressions, array.slice(path, 0, count(path) - 1), null))
	_sets_nothing(resource, object.get(expressions, path, null))
}

# METADATA
# description: The configuration entry of a resource. Undefined if the plan has none.
configuration(resource) := [entry | some entry in _entries[node(resource)]][0]

# METADATA
# description: Everything that references, written in the resource's module, lead to.
reached(resource, written) := _reached_from(_reference_nodes(module_path(resource), written))

# METADATA
# description: |
#   Where the references of an attribute lead: the nodes, those that are named themselves,
#   and the indexes that narrow these. An index is written in a reference, or the
#   resource's own where it is passed on by each or count. Undefined without references.
trail(resource, path) := _of_instance(resource, _trails[node(resource)][path]) if path in _usual_paths

trail(resource, path) := _of_instance(resource, _trail(module_path(resource), configuration(resource), path)) if {
	not path in _usual_paths
}

# METADATA
# description: The resources of a type that an attribute's references lead to.
targets(resource, path, type) := [candidate |
	found := trail(resource, path)
	some id in found.nodes
	some candidate in instances(found, id)
	candidate.type == type
]

# METADATA
# description: The resources at a node that a trail leads to.
instances(found, id) := [candidate |
	some index in narrowed(found, id)
	some candidate in _indexed_instances[id][index]
] if {
	is_narrowed(found, id)
}

instances(found, id) := [candidate | some candidate in _instances[id]] if not is_narrowed(found, id)

# METADATA
# description: |
#   Whether an index narrows a trail at a node. An index is of what a reference names
#   itself, not of what it leads to; one that no instance has narrows nothing.
is_narrowed(found, id) if {
	id in found.named
	some index in found.indexes
	_indexed_instances[id][index]
}

# METADATA
# description: The indexes that narrow a trail at a node.
narrowed(found, id) := {index | some index in found.indexes; _indexed_instances[id][index]} if id in found.named

# METADATA
# description: Whether a trail leads to any resource of a type.
leads_to_type(found, type) if {
	some id in found.nodes
	type in types_at[id]
}

# METADATA
# description: The types of the resources at each node, which are one unless a plan is damaged.
types_at := {id: types |
	some id, found in _instances
	types := {candidate.type | some candidate in found}
}

# METADATA
# description: The resources at each node, by any key.
resources_at := _instances

# METADATA
# description: The nodes that have resources of a type.
nodes_of(type) := {id | some id, types in types_at; type in types}

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

# Modules by path, 16 deep; each step looks twice as deep as the one before.
_modules := _modules_within_8(_modules_within_8({"": _root}))

_modules_within_8(modules) := _modules_within_4(_modules_within_4(modules))

_modules_within_4(modules) := _modules_within_2(_modules_within_2(modules))

_modules_within_2(modules) := _modules_within_1(_modules_within_1(modules))

_modules_within_1(modules) := object.union(modules, {child: found |
	some path, module in modules
	some child, found in _modules_in(path, module)
	not modules[child]
})

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

_input_edges := {concat("", [_child(path, name), "|var.", variable]): _expression_nodes(path, expression) |
	some path, module in _modules
	some name, call in module.module_calls
	some variable, expression in call.expressions
}

_output_edges := {concat("", [path, "|module.", name, ".", output]): _expression_nodes(_child(path, name), definition.expression) |
	some path, module in _modules
	some name, call in module.module_calls
	some output, definition in call.module.outputs
}

# Resources that hand on what they are given.
_resource_edges := {concat("", [path, "|", resource.type, ".", resource.name]): _expression_nodes(path, expression) |
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

_expression_nodes(path, expression) := _reference_nodes(path, object.get(expression, "references", []))

_reference_nodes(path, written) := {_node_of(path, match) |
	some reference in written
	some match in regex.find_all_string_submatch_n(_reference_pattern, reference, 1)
}

_node_of(path, match) := concat("", [path, "|", match[1], ".", match[2], ".", match[4]]) if match[1] == "module"

_node_of(path, match) := concat("", [path, "|", match[1], ".", match[2]]) if match[1] != "module"

# graph.reachable leaves out nodes that lead nowhere.
_reached_from(starts) := (starts | passed) | ends if {
	passed := graph.reachable(_edges, starts)
	ends := {end | some id in passed; some end in _edges[id]}
}

_reference_pattern := `^(data\.[^.\[]+|[^.\[]+)\.([^.\[]+)(\[(?:"(?:[^"\\]|\\.)*"|[^\]]*)\])?(?:\.([^.\[]+))?`

_instances := _instance

_instance[node(resource)][position] := resource if some position, resource in plan.known

_indexed_instances := _indexed_instance

_indexed_instance[node(resource)][_index(resource)][position] := resource if some position, resource in plan.known

_index(resource) := json.marshal(resource.index)

_sets_nothing(_, null)

_sets_nothing(_, expression) if {
	is_object(expression)
	object.get(expression, "constant_value", 0) == null
}

_sets_nothing(resource, expression) if {
	written := expression.references
	count(written) > 0
	every reference in written {
		startswith(reference, "var.")
	}
	constants(reached(resource, written)) == {null}
}

# Most resources share the trails of their configuration: they are followed once.
_trails := {id: found |
	some id, entries in _entries
	entry := [entry | some entry in entries][0]
	found := {path: traced | some path in _usual_paths; traced := _trail(split(id, "|")[0], entry, path)}
	count(found) > 0
}

_usual_paths := {
	["default_route_table_id"],
	["gateway_id"],
	["launch_configuration"],
	["launch_template", 0, "id"],
	["launch_template", 0, "name"],
	["route_table_id"],
	["subnet_id"],
	["subnet_ids"],
	["vpc_id"],
	["vpc_zone_identifier"],
}

_trail(module, entry, path) := {
	"nodes": _reached_from(named),
	"named": named,
	"indexes": _written_indexes(written),
	"own": _passed_on(written),
} if {
	written := _written_at(entry, path)
	count(written) > 0
	named := _reference_nodes(module, written)
}

# What is passed on by each comes from what the resource is made for.
_written_at(entry, path) := [reference |
	some reference in array.concat(
		object.get(entry.expressions, array.concat(path, ["references"]), []),
		[reference | _is_made_for_each(entry, path); some reference in entry.for_each_expression.references],
	)
	is_string(reference)
]

_is_made_for_each(entry, path) if {
	every reference in object.get(entry.expressions, array.concat(path, ["references"]), []) {
		startswith(reference, "each.")
	}
}

_of_instance(resource, found) := object.union(found, {"indexes": indexes}) if {
	own := {index | found.own; index := _index(resource)}
	indexes := found.indexes | own
}

_written_indexes(written) := {trim_suffix(trim_prefix(match[3], "["), "]") |
	some reference in written
	some match in regex.find_all_string_submatch_n(_reference_pattern, reference, 1)
	match[3] != ""
	match[1] != "module"
}

_passed_on(written) if {
	some reference in written
	reference in {"each.key", "each.value", "count.index"}
}

_passed_on(written) := false if count([1 | some reference in written; reference in {"each.key", "each.value", "count.index"}]) == 0

_constants := object.union_n([_variable_defaults, _input_constants, _root_variables])

# A variable that is null has no value in a plan.
_root_variables := {concat("", ["|var.", name]): object.get(variable, "value", null) |
	some name, variable in tfplan.variables
	is_object(variable)
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
