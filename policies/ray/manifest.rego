# Copyright the ray-platform authors
# SPDX-License-Identifier: Apache-2.0

package ray

import data.lib.manifest
import data.lib.pod as containers
import data.lib.result
import data.lib.shape

# METADATA
# title: Readable manifest
# description: |
#   The input has Ray resources whose pods can be read. Documents of other APIs may be
#   among them; a misspelled kind, an empty document or null may not.
# custom:
#   id: ray/manifest
#   row: none; what cannot be read is refused
#   severity: error
#   fix: Write a RayCluster, RayJob, RayService or RayCronJob of apiVersion ray.io/v1 as KubeRay defines it.
deny contains _manifest_violation("input", "", null, "there is no Ray resource to judge") if {
	count(manifest.ray) == 0
	count(manifest.node_starters) == 0
}

deny contains _manifest_violation(manifest.name(text.resource), manifest.written_path(text, text.at), null, "the string contains a Ray resource, which is not read there") if {
	some text in manifest.unread_texts
}

deny contains _manifest_violation(manifest.name(document.resource), document.path, document.resource, "this is not a Ray resource that can be judged") if {
	some document in manifest.unreadable
}

deny contains _manifest_violation("List", list.path, null, "items is not an array") if {
	some list in manifest.broken_lists
	shape.given_at(list.resource, ["items"])
}

deny contains _manifest_violation("List", list.path, null, "items is not set") if {
	some list in manifest.broken_lists
	not shape.given_at(list.resource, ["items"])
}

deny contains _manifest_violation(cluster.resource, _cluster_path(cluster, []), cluster.spec, "there is no cluster specification") if {
	some cluster in _clusters
	not shape.object_at(cluster, ["spec"])
}

deny contains _manifest_violation(cluster.resource, _cluster_path(cluster, ["headGroupSpec"]), null, "there is no head group") if {
	some cluster in _clusters
	not shape.object_at(cluster, ["spec", "headGroupSpec"])
}

deny contains _manifest_violation(cluster.resource, _cluster_path(cluster, ["workerGroupSpecs"]), cluster.spec.workerGroupSpecs, "the worker groups are not an array") if {
	some cluster in _clusters
	shape.given_at(cluster.spec, ["workerGroupSpecs"])
	not shape.array_at(cluster.spec, ["workerGroupSpecs"])
}

deny contains _manifest_violation(cluster.resource, _cluster_path(cluster, ["enableInTreeAutoscaling"]), cluster.spec.enableInTreeAutoscaling, "the value is neither true nor false") if {
	some cluster in _clusters
	shape.given_at(cluster.spec, ["enableInTreeAutoscaling"])
	not shape.boolean_at(cluster.spec, ["enableInTreeAutoscaling"])
}

deny contains _manifest_violation(pod.resource, _group_path(pod, ["template", "spec"]), null, concat(" ", [pod.name, "has no pod specification"])) if {
	some pod in _ray_pods
	not shape.object_at(pod, ["spec"])
}

deny contains _manifest_violation(job, document.path, null, "the submitter pod has no specification") if {
	some document in manifest.ray
	template := object.get(document.resource, array.concat(_job_path[document.resource.kind], ["submitterPodTemplate"]), null)
	template != null
	not shape.object_at(template, ["spec"])
	job := manifest.name(document.resource)
}

deny contains _manifest_violation(pod.resource, _pod_path(pod, ["containers"]), null, concat(" ", [pod.name, "has no containers"])) if {
	some pod in _pods
	not _has_containers(pod.spec)
}

deny contains _manifest_violation(pod.resource, _pod_path(pod, ["initContainers"]), null, concat(" ", [pod.name, "has init containers that are not an array"])) if {
	some pod in _pods
	shape.given_at(pod.spec, ["initContainers"])
	not shape.array_at(pod.spec, ["initContainers"])
}

deny contains _manifest_violation(pod.resource, _pod_path(pod, entry.path), null, concat(" ", [pod.name, "has a container that is not an object"])) if {
	some pod in _pods
	some entry in containers.containers(pod.spec)
	not is_object(entry.container)
}

_has_containers(spec) if {
	is_array(spec.containers)
	count(spec.containers) > 0
}

_manifest_violation(resource, path, value, problem) := result.violation("ray/manifest", {
	"resource": resource,
	"path": path,
	"value": value,
	"problem": problem,
})
