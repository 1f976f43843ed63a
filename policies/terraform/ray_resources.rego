# Copyright the ray-platform authors
# SPDX-License-Identifier: Apache-2.0

package terraform

import data.lib.charts
import data.lib.manifest
import data.lib.plan
import data.lib.result

# Ray resources that Terraform hands to Kubernetes are held to the Ray policy. Their
# violations carry its ids, and the address of the resource that holds them.

deny contains _held_by(place, violation) if {
	some place in _ray_places
	some violation in data.ray.deny with input as place.documents
}

warn contains _held_by(place, violation) if {
	some place in _ray_places
	some violation in data.ray.warn with input as place.documents
}

# METADATA
# title: Readable manifests
# description: |
#   Anything that may contain a Ray resource can be read. YAML that does not parse, values of KubeRay's
#   chart and manifests that are known only after apply, or parts of a Ray resource that
#   decide about its pods, are refused. OPA itself reads JSON; `ray-platform policy` hands
#   it the YAML of a plan as JSON.
# custom:
#   id: terraform/unread-manifest
#   row: none; what cannot be read is refused
#   severity: error
#   fix: Write the manifest or the values so that the plan shows them.
deny contains result.violation("terraform/unread-manifest", {
	"resource": plan.address(place.resource),
	"path": _dotted(place.path),
	"problem": place.problem,
}) if {
	some place in _unread_places
}

# METADATA
# title: Values of other charts
# description: Values that are known only after apply may contain a Ray resource that the chart applies.
# custom:
#   id: terraform/unread-values
#   row: none; what cannot be read is said
#   severity: warning
#   fix: Write the values so that the plan shows them.
warn contains result.violation("terraform/unread-values", {
	"resource": plan.address(release),
	"path": _dotted(path),
	"problem": "the values are known only after apply, so it is not judged whether they hold a Ray resource",
}) if {
	some release in _releases
	not _brings_ray(release)
	some path in _unknown_values(release)
}

_held_by(place, violation) := object.union(violation, {
	"resource": concat(": ", [plan.address(place.resource), violation.resource]),
	"msg": concat(": ", [plan.address(place.resource), violation.msg]),
	"path": concat("", [_dotted(place.path), trim_prefix(violation.path, "[0]")]),
})

_releases := plan.of_type("helm_release")

# Attributes that hold a manifest, as an object or as text.
_manifest_attributes := {
	"kubernetes_manifest": "manifest",
	"kubectl_manifest": "yaml_body",
	"kustomization_resource": "manifest",
}

# Every value that may hold Ray resources: where it is, and what it says.
_held_values := array.concat(
	[{"resource": resource, "path": [attribute], "value": plan.value(resource, [attribute])} |
		some type, attribute in _manifest_attributes
		some resource in plan.of_type(type)
	],
	[{"resource": release, "path": ["values", number], "value": plan.value(release, ["values", number])} |
		some release in _releases
		some number in plan.block_numbers(release, ["values"])
	],
)

# Ray resources as they are written, and those that KubeRay's chart makes of its values.
_ray_places := array.concat(
	[{"resource": held.resource, "path": array.concat(held.path, found.path), "documents": [found.resource]} |
		some held in _held_values
		some found in _ray_in(held)
	],
	[{"resource": release, "path": ["values"], "documents": [charts.ray_cluster(plan.value(release, ["name"]), _values_of(release))]} |
		some release in _releases
		_brings_ray(release)
		count(_unread_of_chart(release)) == 0
	],
)

_ray_in(held) := manifest.concerning(held.value) if not is_string(held.value)

_ray_in(held) := manifest.concerning(charts.parsed(held.value)) if is_string(held.value)

_unread_places := array.concat(
	array.concat(_unknown_manifests, _unreadable_texts),
	array.concat(_unknown_parts, [place | some release in _releases; _brings_ray(release); some place in _unread_of_chart(release)]),
)

_unknown_manifests := [{"resource": resource, "path": [attribute], "problem": "the manifest is known only after apply"} |
	some type, attribute in _manifest_attributes
	some resource in plan.of_type(type)
	plan.unknown(resource, [attribute])
]

_unreadable_texts := [{"resource": held.resource, "path": held.path, "problem": "the text cannot be read, and may hold a Ray resource"} |
	some held in _held_values
	not json.is_valid(held.value)
	_may_be_read_otherwise(held.value)
]

# Without these, and without an escape that could spell them, the text holds no such resource.
_may_be_read_otherwise(text) if regex.match(`(?i)ray|karpenter|nodepool|nodeclass|\\`, text)

# A part that is known after apply may be any number of pods.
_unknown_parts := [{"resource": held.resource, "path": array.concat(held.path, found.path), "problem": "parts of a Ray resource are known only after apply"} |
	some held in _held_values
	some found in _ray_in(held)
	unknowns := object.get(held.resource.change.after_unknown, array.concat(held.path, found.path), false)
	_decides_about_pods(unknowns)
]

_decides_about_pods(unknowns) if {
	walk(unknowns, [path, true])
	not _names_alone(path)
}

# What no rule reads of a Ray resource: who and what runs, not how much of it.
_names_alone(path) if {
	some part in path
	part in {
		"annotations", "args", "command", "entrypoint", "env", "envFrom", "image", "imagePullSecrets", "name", "namespace",
		"nodeSelector", "rayStartParams", "runtimeEnvYAML", "serveConfigV2", "serviceAccountName", "volumeMounts", "volumes",
	}
}

# KubeRay's chart of a cluster, by its name, its path, its archive, or not known at all.
_brings_ray(release) if regex.match(`(^|/)ray-cluster(-[0-9].*\.tgz|/)?$`, plan.value(release, ["chart"]))

_brings_ray(release) if plan.unknown(release, ["chart"])

_unknown_values(release) := [["values"] | plan.unknown(release, ["values"])] if plan.unknown(release, ["values"])

_unknown_values(release) := [["values", number] |
	some number in plan.block_numbers(release, ["values"])
	plan.unknown(release, ["values", number])
] if {
	not plan.unknown(release, ["values"])
}

_set_attributes := ["set", "set_list", "set_sensitive"]

_sets(release) := [{"path": [attribute, number], "name": plan.value(release, [attribute, number, "name"]), "block": object.get(release.change.after, [attribute, number], {})} |
	some attribute in _set_attributes
	some number in plan.block_numbers(release, [attribute])
]

_values_of(release) := object.union_n(array.concat(
	[{}],
	array.concat(
		[value |
			some number in plan.block_numbers(release, ["values"])
			some value in charts.parsed(plan.value(release, ["values", number]))
			is_object(value)
		],
		[charts.set_value(entry.name, entry.block) | some entry in _sets(release)],
	),
))

_unread_of_chart(release) := array.concat(
	array.concat(
		[{"resource": release, "path": path, "problem": "the values of KubeRay's chart are known only after apply"} |
			some path in array.concat(_unknown_values(release), _unknown_sets(release))
		],
		[{"resource": release, "path": ["chart"], "problem": "the chart is known only after apply, and may be KubeRay's"} |
			plan.unknown(release, ["chart"])
		],
	),
	array.concat(
		[{"resource": release, "path": ["values", number], "problem": "the values of KubeRay's chart cannot be read"} |
			some number in plan.block_numbers(release, ["values"])
			value := plan.value(release, ["values", number])
			is_string(value)
			not json.is_valid(value)
		],
		array.concat(_unread_sets(release), _unknown_chart_parts(release)),
	),
)

_unknown_sets(release) := array.concat(
	[[attribute] | some attribute in _set_attributes; plan.unknown(release, [attribute])],
	[array.concat([attribute, number], [part]) |
		some attribute in _set_attributes
		some number in plan.block_numbers(release, [attribute])
		some part in ["name", "value"]
		plan.unknown(release, [attribute, number, part])
		not _sets_image(release, [attribute, number, "name"])
	],
)

_unread_sets(release) := [{"resource": release, "path": entry.path, "problem": "the place in the values that it sets cannot be read"} |
	some entry in _sets(release)
	contains(entry.name, "[")
]

_unknown_chart_parts(release) := [{"resource": release, "path": ["values", number], "problem": "parts of the values of KubeRay's chart are known only after apply"} |
	some number in plan.block_numbers(release, ["values"])
	not plan.unknown(release, ["values", number])
	_decides_about_pods(object.get(release.change.after_unknown, ["values", number], false))
]

_sets_image(release, path) if startswith(plan.value(release, path), "image.")
