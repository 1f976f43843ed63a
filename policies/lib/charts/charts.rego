# Copyright the ray-platform authors
# SPDX-License-Identifier: Apache-2.0

# METADATA
# title: KubeRay's chart
# description: |
#   The RayCluster that KubeRay's chart `ray-cluster` makes of its values, as far as the
#   Ray policy reads it.
# related_resources:
# - https://github.com/ray-project/kuberay/tree/v1.5.1/helm-chart/ray-cluster
package lib.charts

# METADATA
# description: The documents of a value that is one, several, or JSON as text. None for other strings.
parsed(value) := [value] if is_object(value)

parsed(value) := value if is_array(value)

parsed(value) := parsed_text(value) if is_string(value)

# METADATA
# description: The documents of JSON text; none for other text.
parsed_text(text) := [document | json.is_valid(text); document := json.unmarshal(text); is_object(document)]

# METADATA
# description: What a `set` block puts into the values, by its name as Helm reads it.
set_value(name, block) := json.unmarshal(concat("", array.concat(
	[concat("", ["{", json.marshal(part), ":"]) | some part in _parts(name)],
	array.concat([json.marshal(_typed(block))], ["}" | some _ in _parts(name)]),
)))

# METADATA
# description: The RayCluster of the values.
ray_cluster(name, values) := {
	"apiVersion": "ray.io/v1",
	"kind": "RayCluster",
	"metadata": {"name": name, "labels": {"app.kubernetes.io/instance": name, "helm.sh/chart": "ray-cluster"}},
	"spec": {
		"enableInTreeAutoscaling": object.get(head, "enableInTreeAutoscaling", false),
		"autoscalerOptions": object.get(head, "autoscalerOptions", null),
		"headGroupSpec": {"template": {"spec": _pod(head, "ray-head")}},
		"workerGroupSpecs": array.concat(
			[_group(group_name, group) |
				some group_name, group in given.additionalWorkerGroups
				not _is_disabled(group)
			],
			[_group(given.worker.groupName, given.worker) | not _is_disabled(given.worker)],
		),
	},
} if {
	given := object.union(_defaults, values)
	head := given.head
}

# Source: values.yaml of the chart.
_defaults := {
	"head": {"resources": {"limits": {"cpu": "1", "memory": "2G"}, "requests": {"cpu": "1", "memory": "2G"}}},
	"worker": {
		"groupName": "workergroup",
		"replicas": 1,
		"minReplicas": 1,
		"maxReplicas": 3,
		"resources": {"limits": {"cpu": "1", "memory": "1G"}, "requests": {"cpu": "1", "memory": "1G"}},
	},
	"additionalWorkerGroups": {"smallGroup": {
		"disabled": true,
		"replicas": 0,
		"minReplicas": 0,
		"maxReplicas": 3,
		"resources": {"limits": {"cpu": "1", "memory": "1G"}, "requests": {"cpu": "1", "memory": "1G"}},
	}},
}

_group(name, group) := {
	"groupName": name,
	"replicas": object.get(group, "replicas", null),
	"minReplicas": _or(object.get(group, "minReplicas", null), 0),
	"maxReplicas": _or(object.get(group, "maxReplicas", null), 2147483647),
	"numOfHosts": _or(object.get(group, "numOfHosts", null), 1),
	"template": {"spec": _pod(group, "ray-worker")},
}

_pod(group, name) := {
	"containers": array.concat([{"name": name, "resources": object.get(group, "resources", {})}], sidecars),
	"initContainers": object.get(group, "initContainers", null),
	"tolerations": object.get(group, "tolerations", null),
} if {
	sidecars := [sidecar | some sidecar in object.get(group, "sidecarContainers", [])]
}

_is_disabled(group) if group.disabled == true

_or(null, fallback) := fallback

_or(value, _) := value if value != null

# A dot within a name is escaped.
_parts(name) := [replace(part, "\u0001", ".") | some part in split(replace(name, `\.`, "\u0001"), ".")]

_typed(block) := _read_as_yaml(block.value) if {
	is_string(block.value)
	object.get(block, "type", null) in {null, "", "auto"}
}

_typed(block) := block.value if {
	is_string(block.value)
	object.get(block, "type", null) == "string"
}

_typed(block) := block.value if not is_string(block.value)

_read_as_yaml(text) := to_number(text) if regex.match(`^-?(0|[1-9][0-9]*)$`, text)

_read_as_yaml(text) := {"true": true, "false": false, "null": null}[text]

_read_as_yaml(text) := text if not _is_no_text(text)

_is_no_text(text) if regex.match(`^(-?(0|[1-9][0-9]*)|true|false|null)$`, text)
