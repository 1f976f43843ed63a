# Copyright the ray-platform authors
# SPDX-License-Identifier: Apache-2.0

# METADATA
# title: Ray resources in manifests
# description: |
#   Finds the Ray resources in a document, an array of documents, or a `List`, and the
#   cluster specification in each kind. Documents of other APIs may be between them, or
#   contain them: what wraps a Ray resource (AppWrapper, a workflow) applies it.
# related_resources:
# - https://github.com/ray-project/kuberay/tree/master/ray-operator/apis/ray/v1
package lib.manifest

import data.lib.shape

# METADATA
# description: Every document of the input with its path; lists are opened.
documents := array.concat(
	[document | some document in _opened; not _is_list(document.resource)],
	[{"path": concat("", [list.path, ".items[", json.marshal(position), "]"]), "resource": item} |
		some list in _opened
		_is_list(list.resource)
		some position, item in _items(list.resource)
	],
)

# METADATA
# description: Lists without an array of items.
broken_lists := [list | some list in _opened; _is_list(list.resource); not shape.array_at(list.resource, ["items"])]

# METADATA
# description: The documents that this policy judges.
ray := [document | some document in array.concat(documents, _wrapped); is_ray(document.resource)]

# METADATA
# description: Documents that let something start nodes.
node_starters := [document | some document in documents; starts_nodes(document.resource)]

# METADATA
# description: |
#   The objects within a value, at any depth, that are of Ray, look like it, or start
#   nodes: `path` and `resource`. References have no content, so they are left out.
concerning(value) := [{"path": path, "resource": found} |
	walk(value, [path, found])
	_is_resource(found)
	_concerns(found)
]

# METADATA
# description: Whether the object lets something start nodes that no rule reads.
starts_nodes(resource) if {
	is_string(resource.apiVersion)
	is_string(resource.kind)
	some api, kinds in _node_starters
	regex.match(api, resource.apiVersion)
	resource.kind in kinds
}

# METADATA
# description: Text within documents of other APIs that holds a Ray resource, such as a template of Argo.
unread_texts := [{"path": document.path, "resource": document.resource, "at": path} |
	some document in documents
	walk(document.resource, [path, text])
	path[count(path) - 1] == "manifest"
	is_string(text)
	regex.match(`ray\.io/`, text)
]

# METADATA
# description: Documents that are not Kubernetes objects, or claim to be Ray's but have none of its kinds.
unreadable := [document |
	some document in array.concat(documents, _wrapped)
	not is_ray(document.resource)
	not _is_of_another_api(document.resource)
]

# METADATA
# description: Documents of other APIs, which no rule reads.
passed_over := [document |
	some document in documents
	not is_ray(document.resource)
	not starts_nodes(document.resource)
	_is_of_another_api(document.resource)
]

# METADATA
# description: Whether the object is a Ray resource of a kind that brings pods.
is_ray(resource) if {
	is_string(resource.apiVersion)
	regex.match(`^ray\.io/v[0-9]+((alpha|beta)[0-9]+)?$`, resource.apiVersion)
	_cluster_path[resource.kind]
}

# METADATA
# description: What a resource is called in a message.
name(resource) := concat("", [resource.kind, " ", _full_name(resource.metadata)]) if {
	is_string(resource.kind)
	_full_name(resource.metadata)
}

name(resource) := concat("", [resource.kind, " without a name"]) if {
	is_string(resource.kind)
	not _has_name(resource)
}

name(resource) := "document without a kind" if not shape.string_at(resource, ["kind"])

# METADATA
# description: The path of the cluster specification in a kind of resource.
cluster_path(kind) := _cluster_path[kind]

# METADATA
# description: Whether the resource is a job that runs on a cluster of another resource.
selects_cluster(resource) if {
	job := object.get(resource, _job_path[resource.kind], {})
	object.get(job, "rayClusterSpec", null) == null
	selector := job.clusterSelector
	is_object(selector)
	count(selector) > 0
	every key, value in selector {
		is_string(value)
		value != ""
		key != ""
	}
}

# METADATA
# description: A path in a document as it is written in a message.
written_path(document, path) := trim_prefix(concat("", [document.path, concat("", [_step(part) | some part in path])]), ".")

# Ray resources within documents of other APIs.
_wrapped := [{"path": written_path(document, found.path), "resource": found.resource} |
	some document in documents
	not is_ray(document.resource)
	is_object(document.resource)
	some found in concerning(document.resource)
	count(found.path) > 0
	not starts_nodes(found.resource)
]

_is_resource(found) if {
	is_string(found.apiVersion)
	is_string(found.kind)
	is_object(found.spec)
}

_concerns(found) if not _is_of_another_api(found)

_concerns(found) if starts_nodes(found)

_node_starters := {
	`^karpenter\.`: {"NodePool", "NodeClaim", "Provisioner", "EC2NodeClass", "AWSNodeTemplate"},
	`^eks\.amazonaws\.com/`: {"NodeClass"},
	`^((infrastructure|controlplane)\.)?cluster\.x-k8s\.io/`: {
		"Cluster", "Machine", "MachineSet", "MachineDeployment", "MachinePool", "KubeadmControlPlane",
		"AWSMachine", "AWSMachinePool", "AWSManagedMachinePool", "AWSFargateProfile",
	},
	`^machine\.openshift\.io/`: {"Machine", "MachineSet", "ControlPlaneMachineSet"},
	`^(eksctl\.io|kops\.k8s\.io)/`: {"ClusterConfig", "Cluster", "InstanceGroup"},
	`^(eks|ec2|autoscaling)\.services\.k8s\.aws/`: {"Nodegroup", "FargateProfile", "Instance", "AutoScalingGroup"},
	`^sagemaker\.services\.k8s\.aws/`: {"App", "Endpoint", "NotebookInstance", "Space"},
	# Providers of version 2 have namespaced kinds in groups of their own.
	`^[a-z0-9]+\.aws\.(m\.)?(upbound|crossplane)\.io/`: {
		"NodeGroup", "FargateProfile", "Instance", "AutoscalingGroup", "SpotInstanceRequest", "SpotFleetRequest",
		"Fleet", "ComputeEnvironment", "NotebookInstance", "Endpoint", "Stack", "StackSet", "StackSetInstance",
	},
	`^cloudcontrol\.aws\.(m\.)?upbound\.io/`: {"Resource"},
	# These run Terraform, and no plan of it comes here.
	`^((opentofu|tf)\.(m\.)?upbound|app\.terraform)\.io/`: {"Workspace", "Module"},
	`^infra\.contrib\.fluxcd\.io/`: {"Terraform"},
}

_cluster_path := {
	"RayCluster": ["spec"],
	"RayJob": ["spec", "rayClusterSpec"],
	"RayService": ["spec", "rayClusterConfig"],
	"RayCronJob": ["spec", "jobTemplate", "rayClusterSpec"],
}

_job_path := {"RayJob": ["spec"], "RayCronJob": ["spec", "jobTemplate"]}

_top := [{"path": concat("", ["[", json.marshal(position), "]"]), "resource": resource} |
	some position, resource in input
] if {
	is_array(input)
}

_top := [{"path": "", "resource": input}] if not is_array(input)

# Lists within lists: once, as `kubectl get -o json` of several files writes them.
_opened := array.concat(
	[document | some document in _top; not _is_list(document.resource)],
	array.concat(
		[list | some list in _top; _is_list(list.resource); not _holds_lists(list.resource)],
		[{"path": concat("", [list.path, ".items[", json.marshal(position), "]"]), "resource": item} |
			some list in _top
			_is_list(list.resource)
			_holds_lists(list.resource)
			some position, item in list.resource.items
		],
	),
)

_holds_lists(list) if {
	some item in list.items
	_is_list(item)
}

_items(list) := list.items if is_array(list.items)

_is_list(resource) if {
	is_string(resource.apiVersion)
	resource.kind == "List"
}

_is_list(resource) if {
	is_string(resource.apiVersion)
	resource.kind in {"RayClusterList", "RayJobList", "RayServiceList", "RayCronJobList"}
}

# A kind that begins with Ray, or an API that does, is meant to be Ray's.
_is_of_another_api(resource) if {
	is_string(resource.apiVersion)
	is_string(resource.kind)
	resource.apiVersion != ""
	resource.kind != ""
	kind := lower(trim_space(resource.kind))
	not startswith(kind, "ray")
	version := lower(trim_space(resource.apiVersion))
	not startswith(version, "ray.io")

	# Lists are opened once within each other; what lies deeper would go unseen.
	not _is_list(resource)
}

_has_name(resource) if _full_name(resource.metadata)

_full_name(metadata) := metadata.name if {
	is_string(metadata.name)
	not shape.string_at(metadata, ["namespace"])
}

_full_name(metadata) := concat("/", [metadata.namespace, metadata.name]) if {
	is_string(metadata.name)
	is_string(metadata.namespace)
}

_full_name(metadata) := concat("", [metadata.generateName, "*"]) if {
	is_string(metadata.generateName)
	not shape.string_at(metadata, ["name"])
}

_step(part) := concat("", [".", part]) if is_string(part)

_step(part) := concat("", ["[", json.marshal(part), "]"]) if is_number(part)
