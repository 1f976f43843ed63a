{{/*
Copyright the ray-platform authors
SPDX-License-Identifier: Apache-2.0

What the rules of ray-policies.yaml read of a Ray resource, as CEL variables: its cluster, the pods of that, and what each pod
asks for by the rules of the Kubernetes scheduler. It says what policies/lib/pod and policies/ray/clusters.rego say; a check
holds both against the same cases. Lists of the same length belong together: an index stands for the same pod in all of them.
*/}}
{{- define "cluster-base.rayPods" }}
- name: limits
  expression: |-
    {
    {{- range $name, $limit := omit . "required_labels" }}
      {{ quote $name }}: double({{ $limit }}),
    {{- end }}
    }
- name: requiredLabels
  expression: {{ .required_labels | toJson | squote }}

# The job of a RayJob or RayCronJob.
- name: job
  expression: |-
    object.kind == "RayJob" ? object.?spec.orValue({}) :
    object.kind == "RayCronJob" ? object.?spec.?jobTemplate.orValue({}) :
    {}
# The specification of the cluster that the resource brings; empty without one.
- name: cluster
  expression: |-
    object.kind == "RayCluster" ? object.?spec.orValue({}) :
    object.kind == "RayService" ? object.?spec.?rayClusterConfig.orValue({}) :
    variables.job.?rayClusterSpec.orValue({})
- name: clusterPath
  expression: |-
    {
      "RayCluster": "spec",
      "RayJob": "spec.rayClusterSpec",
      "RayService": "spec.rayClusterConfig",
      "RayCronJob": "spec.jobTemplate.rayClusterSpec",
    }[object.kind]
# Whether the resource is a job that runs on a cluster of another resource.
- name: selectsCluster
  expression: |-
    variables.cluster == {} &&
    variables.job.?clusterSelector.orValue({}).size() > 0 &&
    variables.job.clusterSelector.all(key, value, key != "" && value != "")

# KubeRay adds the autoscaler to the head pod, and in SidecarMode what submits the job. Sources: kuberay ray-operator,
# controllers/ray/common/pod.go, BuildAutoscalerContainer; controllers/ray/common/job.go, GetDefaultSubmitterContainer.
- name: addedToHead
  expression: |-
    (
      variables.cluster.?enableInTreeAutoscaling.orValue(false)
      ? [{
          "name": dyn("autoscaler"),
          "resources": dyn(variables.cluster.?autoscalerOptions.?resources.orValue({
            "requests": {"cpu": "500m", "memory": "512Mi"},
            "limits": {"cpu": "500m", "memory": "512Mi"},
          })),
        }]
      : []
    ) + (
      variables.job.?submissionMode.orValue("") == "SidecarMode"
      ? [{
          "name": dyn("ray-job-submitter"),
          "resources": dyn({
            "requests": {"cpu": "500m", "memory": "200Mi"},
            "limits": {"cpu": "1", "memory": "1Gi"},
          }),
        }]
      : []
    )
# The head, each worker group, and what submits a job.
- name: groups
  expression: |-
    (
      has(variables.cluster.headGroupSpec)
      ? [{
          "role": dyn("head"),
          "name": dyn("head group"),
          "path": dyn(variables.clusterPath + ".headGroupSpec"),
          "podPath": dyn(variables.clusterPath + ".headGroupSpec.template.spec"),
          "group": dyn(variables.cluster.headGroupSpec),
          "pod": dyn(variables.cluster.headGroupSpec.?template.orValue({})),
          "added": dyn(variables.addedToHead),
        }]
      : []
    ) + variables.cluster.?workerGroupSpecs.orValue([]).transformList(index, group, {
      "role": dyn("worker group"),
      "name": dyn("worker group " + group.?groupName.orValue("")),
      "path": dyn(variables.clusterPath + ".workerGroupSpecs[" + string(index) + "]"),
      "podPath": dyn(variables.clusterPath + ".workerGroupSpecs[" + string(index) + "].template.spec"),
      "group": dyn(group),
      "pod": dyn(group.?template.orValue({})),
      "added": dyn([]),
    }) + (
      has(variables.job.submitterPodTemplate)
      ? [{
          "role": dyn("submitter"),
          "name": dyn("submitter pod"),
          "path": dyn((object.kind == "RayJob" ? "spec" : "spec.jobTemplate") + ".submitterPodTemplate"),
          "podPath": dyn((object.kind == "RayJob" ? "spec" : "spec.jobTemplate") + ".submitterPodTemplate.spec"),
          "group": dyn({}),
          "pod": dyn(variables.job.submitterPodTemplate),
          "added": dyn([]),
        }]
      : []
    )

# The containers of each group's pod, its pod-level resources as one more, and its overhead.
- name: pods
  expression: |-
    variables.groups.map(of, {
      "of": dyn(of),
      "containers": dyn(
        (of.pod.?spec.?containers.orValue([]) + of.added).transformList(index, container, {
          "path": dyn("containers[" + string(index) + "].resources"),
          "name": dyn(container.?name.optMap(name, strings.quote(name)).orValue("null")),
          "init": dyn(false),
          "sidecar": dyn(false),
          "given": dyn(container.?resources.orValue({})),
        }) + of.pod.?spec.?initContainers.orValue([]).transformList(index, container, {
          "path": dyn("initContainers[" + string(index) + "].resources"),
          "name": dyn(container.?name.optMap(name, strings.quote(name)).orValue("null")),
          "init": dyn(true),
          "sidecar": dyn(container.?restartPolicy.orValue("") == "Always"),
          "given": dyn(container.?resources.orValue({})),
        })
      ),
      "level": dyn({
        "path": dyn("resources"),
        "given": dyn(of.pod.?spec.?resources.orValue({})),
      }),
      "overhead": dyn(of.pod.?spec.?overhead.orValue({})),
    })
# The places of a pod that hold requests and limits.
- name: places
  expression: |-
    variables.pods.map(pod, pod.containers + [pod.level])
# The GPU resources that each pod names, each once.
- name: gpuNames
  expression: |-
    variables.pods.map(pod,
      [
        pod.containers.map(container,
          ["requests", "limits"].map(side,
            container.given[?side].orValue({}).map(name, name).filter(name,
              name.lowerAscii().matches("gpu|^(nvidia|amd)\\.com/|^habana\\.ai/gaudi") &&
              !name.lowerAscii().matches("gpu[-.]?(mem|memory|core|cores)([-.]percentage)?$")
            ).join("\n")
          ).join("\n")
        ).join("\n").split("\n")
      ].map(names, names.transformList(index, name, name != "" && names.indexOf(name) == index, name))[0]
    )
# What each container asks for (`requests`) and may use (`limits`), by resource. A limit alone implies the request, and a
# request alone is the least that it may use. What is not a quantity counts as nothing: a rule of its own denies it.
- name: amounts
  expression: |-
    variables.pods.transformList(index, pod,
      pod.containers.map(container,
        ["requests", "limits"].transformMapEntry(number, side, {
          side: (["cpu", "memory"] + variables.gpuNames[index]).transformMapEntry(position, name, {
            name: container.given[?side][?name]
              .or(container.given[?(side == "requests" ? "limits" : "requests")][?name])
              .optMap(value, isQuantity(string(dyn(value))) ? quantity(string(dyn(value))).asApproximateFloat() : 0.0)
              .orValue(0.0)
          })
        })
      )
    )
# The sum of a pod's containers and native sidecars, or what an init container needs in addition to the sidecars that started before
# it, whichever is more.
- name: containerTotals
  expression: |-
    variables.pods.transformList(index, pod,
      ["requests", "limits"].transformMapEntry(number, side, {
        side: (["cpu", "memory"] + variables.gpuNames[index]).transformMapEntry(position, name, {
          name: (
            [
              pod.containers.transformList(place, container, !container.init || container.sidecar,
                variables.amounts[index][place][side][name]
              ).sum()
            ] + pod.containers.transformList(place, container, container.init && !container.sidecar,
              variables.amounts[index][place][side][name] +
              pod.containers.transformList(earlier, sidecar, sidecar.sidecar && earlier < place,
                variables.amounts[index][earlier][side][name]
              ).sum()
            )
          ).max()
        })
      })
    )
# The pod-level resources, as numbers, where they are quantities.
- name: levels
  expression: |-
    variables.pods.map(pod,
      ["requests", "limits"].transformMapEntry(number, side, {
        side: pod.level.given[?side].orValue({}).transformMap(name, value, isQuantity(string(dyn(value))),
          quantity(string(dyn(value))).asApproximateFloat()
        )
      })
    )
# What each pod needs in all: pod-level cpu and memory instead of the containers' where they are given, and the overhead.
- name: totals
  expression: |-
    variables.pods.transformList(index, pod,
      ["requests", "limits"].transformMapEntry(number, side, {
        side: variables.containerTotals[index][side].transformMap(name, total,
          (
            !(name in ["cpu", "memory"]) ||
            !(name in variables.levels[index].requests || name in variables.levels[index].limits) ? total :
            side == "requests" ? (
              name in variables.levels[index].requests ? [variables.levels[index].requests[name], total].max() :
              total > 0.0 ? total : variables.levels[index].limits[name]
            ) : (
              name in variables.levels[index].limits ? variables.levels[index].limits[name] :
              [variables.levels[index].requests[name], total].max()
            )
          ) + pod.overhead[?name]
            .optMap(value, isQuantity(string(dyn(value))) ? quantity(string(dyn(value))).asApproximateFloat() : 0.0)
            .orValue(0.0)
        )
      })
    )
# The GPUs of each pod, all names together, as requests or limits say, whichever is more.
- name: gpus
  expression: |-
    variables.totals.transformList(index, total,
      variables.gpuNames[index].map(name, [total.requests[name], total.limits[name]].max()).sum()
    )
# Pods with GPUs. Zero GPUs are none; what cannot be read may be one.
- name: withGpus
  expression: |-
    variables.pods.transformList(index, pod,
      variables.gpus[index] > 0.0 || pod.containers.exists(container,
        ["requests", "limits"].exists(side, variables.gpuNames[index].exists(name,
          container.given[?side][?name].optMap(value, !isQuantity(string(dyn(value)))).orValue(false)
        ))
      )
    )
# How many pods of each group there are at most. Zero for a number of replicas that a rule of its own denies.
- name: most
  expression: |-
    variables.pods.map(pod,
      pod.of.role != "worker group" ? 1 :
      pod.of.group.?maxReplicas.orValue(0) < 0 || pod.of.group.?numOfHosts.orValue(1) < 1 ? 0 :
      int(pod.of.group.?maxReplicas.orValue(0)) * int(pod.of.group.?numOfHosts.orValue(1))
    )
# Whether an update leaves all that the rules read as it was: status, finalizers, annotations, suspension, and the replicas that
# Ray's autoscaler sets within the bounds of their group. What was admitted before a limit was lowered keeps running.
- name: unchanged
  expression: |-
    request.operation == "UPDATE" &&
    [
      [object, oldObject].map(resource, [
        dyn(resource.metadata.?labels),
        dyn(
          [
            resource.kind == "RayJob" ? resource.?spec :
            resource.kind == "RayCronJob" ? resource.?spec.?jobTemplate :
            optional.none()
          ].map(job, [
            dyn(job.?submitterPodTemplate),
            dyn(job.?submissionMode),
            dyn(job.?clusterSelector),
          ])
        ),
        dyn(
          [
            resource.kind == "RayCluster" ? resource.?spec :
            resource.kind == "RayService" ? resource.?spec.?rayClusterConfig :
            resource.kind == "RayJob" ? resource.?spec.?rayClusterSpec :
            resource.?spec.?jobTemplate.?rayClusterSpec
          ].map(cluster, [
            dyn(cluster.?enableInTreeAutoscaling),
            dyn(cluster.?autoscalerOptions.?resources),
            dyn(cluster.?headGroupSpec.?template),
            dyn(cluster.?workerGroupSpecs.orValue([]).map(group, [
              dyn(group.?groupName),
              dyn(group.?replicas.orValue(0) < 0),
              dyn(group.?minReplicas),
              dyn(group.?maxReplicas),
              dyn(group.?numOfHosts),
              dyn(group.?template),
            ])),
          ])
        ),
      ])
    ].map(read, read[0] == read[1])[0]
{{- end }}
