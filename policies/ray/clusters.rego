# Copyright the ray-platform authors
# SPDX-License-Identifier: Apache-2.0

package ray

import data.lib.manifest
import data.lib.shape

# One entry for each resource that brings a cluster: the specification and where it is.
_clusters := [cluster |
	some document in manifest.ray
	not manifest.selects_cluster(document.resource)
	path := manifest.cluster_path(document.resource.kind)
	cluster := {
		"document": document,
		"resource": manifest.name(document.resource),
		"path": path,
		"spec": object.get(document.resource, path, null),
	}
]

# The pods of a cluster: the head with its autoscaler, each worker group, and what submits a job.
_pods := [pod | some pod in _ray_pods; is_object(pod.spec)]

_ray_pods := array.concat(_heads, array.concat(_workers, _submitters))

_heads := [_pod(cluster, "head", ["headGroupSpec"], group, _head_spec(cluster, group)) |
	some cluster in _clusters
	group := cluster.spec.headGroupSpec
]

_workers := [_pod(cluster, "worker group", ["workerGroupSpecs", number], group, _spec_of(group)) |
	some cluster in _clusters
	is_array(cluster.spec.workerGroupSpecs)
	some number, group in cluster.spec.workerGroupSpecs
]

_pod(cluster, role, path, group, spec) := {
	"cluster": cluster,
	"resource": cluster.resource,
	"role": role,
	"path": array.concat(cluster.path, path),
	"name": _group_name(role, group),
	"group": group,
	"spec": spec,
}

_submitters := [{
	"cluster": cluster,
	"resource": cluster.resource,
	"role": "submitter",
	"path": path,
	"name": "submitter pod",
	"group": {},
	"spec": template.spec,
} |
	some document in manifest.ray
	path := array.concat(_job_path[document.resource.kind], ["submitterPodTemplate"])
	template := object.get(document.resource, path, null)
	cluster := {"document": document, "resource": manifest.name(document.resource)}
]

_job_path := {"RayJob": ["spec"], "RayCronJob": ["spec", "jobTemplate"]}

_group_name("head", _) := "head group"

_group_name("worker group", group) := concat(" ", ["worker group", group.groupName]) if is_string(group.groupName)

_group_name("worker group", group) := "worker group without a name" if not shape.string_at(group, ["groupName"])

_spec_of(group) := group.template.spec if is_object(group.template.spec)

_spec_of(group) := null if not shape.object_at(group, ["template", "spec"])

# A head without a container of its own is refused, whatever is added to it.
_head_spec(_, group) := _spec_of(group) if not _has_own_containers(group)

# KubeRay adds the autoscaler to the head pod, and in SidecarMode what submits the job.
_head_spec(cluster, group) := object.union(group.template.spec, {"containers": array.concat(
	group.template.spec.containers,
	array.concat(
		[{"name": "autoscaler", "resources": _autoscaler_resources(cluster.spec)} | cluster.spec.enableInTreeAutoscaling == true],
		[_submitter_container | _submits_from_head(cluster.document.resource)],
	),
)}) if {
	_has_own_containers(group)
}

_has_own_containers(group) if {
	is_array(group.template.spec.containers)
	count(group.template.spec.containers) > 0
}

_submits_from_head(resource) if {
	job := object.get(resource, _job_path[resource.kind], {})
	job.submissionMode == "SidecarMode"
}

# Source: kuberay ray-operator/controllers/ray/common/job.go, GetDefaultSubmitterContainer.
_submitter_container := {"name": "ray-job-submitter", "resources": {
	"requests": {"cpu": "500m", "memory": "200Mi"},
	"limits": {"cpu": "1", "memory": "1Gi"},
}}

# 500m and 512Mi unless told otherwise.
# Source: kuberay ray-operator/controllers/ray/common/pod.go, BuildAutoscalerContainer.
_autoscaler_resources(cluster) := cluster.autoscalerOptions.resources if _sets_autoscaler_resources(cluster)

_autoscaler_resources(cluster) := {
	"requests": {"cpu": "500m", "memory": "512Mi"},
	"limits": {"cpu": "500m", "memory": "512Mi"},
} if {
	not _sets_autoscaler_resources(cluster)
}

_sets_autoscaler_resources(cluster) if cluster.autoscalerOptions.resources != null

# Pods that Ray runs in, to which the worker limits and minimums apply.
_worker_pods := [pod | some pod in _pods; pod.role != "submitter"]

_pod_path(pod, rest) := manifest.written_path(
	pod.cluster.document,
	array.concat(array.concat(pod.path, _template_path[pod.role]), rest),
)

_template_path := {"head": ["template", "spec"], "worker group": ["template", "spec"], "submitter": ["spec"]}

_group_path(pod, rest) := manifest.written_path(pod.cluster.document, array.concat(pod.path, rest))

_cluster_path(cluster, rest) := manifest.written_path(cluster.document, array.concat(cluster.path, rest))
