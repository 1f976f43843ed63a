# Copyright the ray-platform authors
# SPDX-License-Identifier: Apache-2.0

package controls

import data.lib.environment
import data.lib.result

# METADATA
# title: Ray pod users
# description: Every Ray pod runs as user 1000, group 1000 and fsGroup 1000, and none of its containers runs as root.
# custom:
#   id: controls/pod-users
#   controls: [POD-01]
#   row: none; a control
#   severity: error
#   fix: Set runAsUser, runAsGroup and fsGroup to 1000 and runAsNonRoot to true.
deny contains _pod_violation("controls/pod-users", pod, "securityContext", "the pod may run as another user than 1000") if {
	some pod in input.pods
	not _runs_as_ray(pod)
}

deny contains _pod_violation("controls/pod-users", pod, container.name, "a container runs as another user than 1000") if {
	some pod in input.pods
	some container in _containers(pod)
	context := object.get(container, "securityContext", {})
	not _keeps_user(context)
}

# METADATA
# title: Restricted containers
# description: |
#   No Ray container can escalate privileges, keeps a capability, is privileged, or lacks
#   the seccomp profile RuntimeDefault.
# custom:
#   id: controls/restricted-containers
#   controls: [POD-02]
#   row: none; a control
#   severity: error
#   fix: Leave the container's security context as the stacks write it.
deny contains _pod_violation("controls/restricted-containers", pod, container.name, "a container is not restricted") if {
	some pod in input.pods
	some container in _containers(pod)
	not _is_restricted(pod, container)
}

deny contains _pod_violation("controls/restricted-containers", pod, "hostNetwork", "the pod uses the node's namespaces or files") if {
	some pod in input.pods
	_uses_host(pod)
}

# METADATA
# title: Restricted namespace
# description: |
#   Ray's namespace enforces the Pod Security Standard restricted, whatever creates or
#   labels it.
# custom:
#   id: controls/restricted-namespace
#   controls: [POD-03]
#   row: none; a control
#   severity: error
#   fix: Give Ray's namespace the Pod Security Standard restricted.
deny contains _namespace_violation("helm_release", "nothing makes Ray's namespace restricted") if {
	count(environment.listed(object.get(input, "releases", null))) > 0
	not _makes_restricted_namespace
}

deny contains _namespace_violation(release.address, "it lets Ray's namespace admit more than restricted pods") if {
	some release in input.releases
	some namespace in environment.listed(object.get(release, ["values", "namespaces"], null))
	namespace.name == _ray_namespace
	namespace.podSecurity != "restricted"
}

deny contains _namespace_violation(item.address, "it lets Ray's namespace admit more than restricted pods") if {
	some item in input.objects
	item.object.kind == "Namespace"
	item.object.metadata.name == _ray_namespace
	some label, standard in item.object.metadata.labels
	label == "pod-security.kubernetes.io/enforce"
	standard != "restricted"
}

# METADATA
# title: Ray traffic
# description: |
#   The Ray release has network policies that allow only what the options name, and nothing
#   else adds one to Ray's namespace.
# custom:
#   id: controls/ray-traffic
#   controls: [POD-04]
#   row: none; a control
#   severity: error
#   fix: Name what Ray's pods reach in ray.egress.
deny contains result.violation("controls/ray-traffic", {
	"resource": release.address,
	"path": "values.networkPolicy",
	"problem": "its network policies admit more than the options name",
}) if {
	some release in _ray_releases
	not _limits_traffic(release)
}

deny contains result.violation("controls/ray-traffic", {
	"resource": item.address,
	"path": "metadata.namespace",
	"problem": "it adds a network policy to Ray's namespace",
}) if {
	some item in input.objects
	item.object.kind == "NetworkPolicy"
	item.object.metadata.namespace == _ray_namespace
}

# METADATA
# title: Ray token
# description: Every Ray cluster requires a token.
# custom:
#   id: controls/ray-token
#   controls: [RAY-01]
#   row: none; a control
#   severity: error
#   fix: Set authOptions.mode to token.
deny contains result.violation("controls/ray-token", {
	"resource": cluster.address,
	"path": cluster.path,
	"value": object.get(cluster.spec, "authOptions", null),
	"problem": "the Ray cluster answers without a token",
}) if {
	environment.configured(["ray", "tokenAuth"]) == true
	some cluster in input.rayClusters
	not _asks_for_token(cluster)
}

# METADATA
# title: GPU nodes are for GPU pods
# description: Only Ray pods that request GPUs tolerate the taint of GPU nodes, and they select their pool.
# custom:
#   id: controls/gpu-pods
#   controls: [NODE-02]
#   row: none; a control
#   severity: error
#   fix: Tolerate nvidia.com/gpu in GPU worker groups only, and select the pool's group.
deny contains _pod_violation("controls/gpu-pods", pod, "tolerations", "the pod needs no GPU and tolerates the taint of GPU nodes") if {
	some pod in input.pods
	_tolerates_gpu_taint(pod)
	not _requests_gpu(pod)
}

deny contains _pod_violation("controls/gpu-pods", pod, "tolerations", "the pod needs a GPU, and does not tolerate the taint of GPU nodes or select their pool") if {
	some pod in input.pods
	_requests_gpu(pod)
	not _goes_to_gpu_nodes(pod)
}

_pod_violation(id, pod, path, problem) := result.violation(id, {
	"resource": pod.address,
	"path": concat(".", [pod.path, path]),
	"problem": problem,
})

_namespace_violation(resource, problem) := result.violation("controls/restricted-namespace", {
	"resource": resource,
	"path": "namespaces",
	"problem": problem,
})

_ray_namespace := environment.configured(["ray", "namespace"])

_containers(pod) := [container |
	some key in ["initContainers", "containers", "ephemeralContainers"]
	some container in environment.listed(object.get(pod.spec, key, null))
]

_runs_as_ray(pod) if {
	context := pod.spec.securityContext
	context.runAsUser == 1000
	context.runAsGroup == 1000
	context.fsGroup == 1000
	context.runAsNonRoot == true
}

_keeps_user(context) if {
	object.get(context, "runAsUser", 1000) == 1000
	object.get(context, "runAsGroup", 1000) == 1000
	object.get(context, "runAsNonRoot", true) == true
}

_is_restricted(pod, container) if {
	context := container.securityContext
	context.allowPrivilegeEscalation == false
	object.get(context, "privileged", false) == false
	context.capabilities.drop == ["ALL"]
	count(environment.listed(object.get(context, ["capabilities", "add"], null))) == 0
	_profile(pod, context) == "RuntimeDefault"
}

_profile(_, context) := context.seccompProfile.type

_profile(pod, context) := pod.spec.securityContext.seccompProfile.type if not context.seccompProfile

_uses_host(pod) if {
	some key in {"hostNetwork", "hostPID", "hostIPC"}
	pod.spec[key] == true
}

_uses_host(pod) if {
	some volume in pod.spec.volumes
	volume.hostPath
}

_makes_restricted_namespace if {
	some release in input.releases
	some namespace in environment.listed(object.get(release, ["values", "namespaces"], null))
	namespace.name == _ray_namespace
}

_ray_releases := [release |
	some release in input.releases
	release.namespace == _ray_namespace
	object.get(release, ["values", "rayCluster"], null) != null
]

_limits_traffic(release) if {
	policy := release.values.networkPolicy
	policy.operatorNamespace == environment.configured(["workloads", "kuberay-operator", "namespace"])
	every cidr in policy.apiServerCidrs {
		not cidr in {"0.0.0.0/0", "::/0"}
	}
	policy.egress == environment.configured(["ray", "egress"])
}

_asks_for_token(cluster) if cluster.spec.authOptions.mode == "token"

_tolerates_gpu_taint(pod) if {
	some toleration in pod.spec.tolerations
	object.get(toleration, "key", "nvidia.com/gpu") == "nvidia.com/gpu"
}

_requests_gpu(pod) if {
	some container in _containers(pod)
	some kind in {"requests", "limits"}
	some resource, amount in container.resources[kind]
	startswith(resource, "nvidia.com/")
	not amount in {"0", 0}
}

_goes_to_gpu_nodes(pod) if {
	_tolerates_gpu_taint(pod)
	is_string(pod.spec.nodeSelector["ray-platform/pool-group"])
}
