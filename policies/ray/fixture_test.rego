# Copyright the ray-platform authors
# SPDX-License-Identifier: Apache-2.0

package ray_test

# A cluster that the policy allows: a head, and one group of workers without GPUs.
cluster := {
	"apiVersion": "ray.io/v1",
	"kind": "RayCluster",
	"metadata": {"name": "it", "labels": {"app": "it", "ray.io/node-type": "head"}},
	"spec": {
		"headGroupSpec": {"template": {"spec": {"containers": [container({"cpu": "2", "memory": "8Gi"})]}}},
		"workerGroupSpecs": [worker_group],
	},
}

worker_group := {
	"groupName": "cpu",
	"minReplicas": 0,
	"maxReplicas": 10,
	"template": {"spec": {"containers": [container({"cpu": "4", "memory": "16Gi"})]}},
}

container(resources) := {"name": "ray", "resources": {"requests": resources, "limits": resources}}

# The cluster with its worker group replaced in part.
with_group(changed) := json.patch(cluster, [{"op": "replace", "path": "/spec/workerGroupSpecs/0", "value": object.union(worker_group, changed)}])

# The cluster whose workers have one container with these resources.
with_resources(resources) := with_group({"template": {"spec": {"containers": [container(resources)]}}})

ids(violations) := {violation.id | some violation in violations}

# A group of two GPU workers that may fall to zero; `container_gpus` is what a container asks for.
with_gpu_group(container_gpus, changed) := with_group(object.union(
	{"maxReplicas": 2, "minReplicas": 0, "template": {"spec": {
		"tolerations": [{"key": "nvidia.com/gpu", "operator": "Exists"}],
		"containers": [container({"cpu": 4, "memory": "16Gi", "nvidia.com/gpu": container_gpus})],
	}}},
	changed,
))
