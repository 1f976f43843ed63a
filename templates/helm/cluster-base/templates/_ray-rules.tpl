{{/*
Copyright the ray-platform authors
SPDX-License-Identifier: Apache-2.0

The rules of policies/ray as CEL variables, each a list of the violations that it finds in the words that the Rego has for
them: rule, path, problem, fix. A check compares both, word for word.
*/}}
{{- define "cluster-base.rayRules" }}
- name: manifest
  expression: |-
    (
      (
        !variables.selectsCluster && variables.cluster == {} ? [
          " at " + variables.clusterPath + ": there is no cluster specification",
          " at " + variables.clusterPath + ".headGroupSpec: there is no head group",
        ] : []
      ) + variables.pods.filter(pod, !has(pod.of.pod.spec)).map(pod,
        pod.of.role == "submitter"
        ? ": the submitter pod has no specification"
        : " at " + pod.of.podPath + ": " + pod.of.name + " has no pod specification"
      ) + variables.pods.filter(pod, has(pod.of.pod.spec) && pod.of.pod.spec.?containers.orValue([]).size() == 0).map(pod,
        " at " + pod.of.podPath + ".containers: " + pod.of.name + " has no containers"
      )
    ).map(problem,
      "ray/manifest" + problem +
      ". Write a RayCluster, RayJob, RayService or RayCronJob of apiVersion ray.io/v1 as KubeRay defines it."
    )

- name: maxGpu
  expression: |-
    variables.pods.transformList(index, pod, variables.gpus[index] > variables.limits.max_gpu_per_worker,
      "ray/max-gpu at " + pod.of.podPath + ".containers: " + pod.of.name + ": " + string(variables.gpus[index]) +
      " GPUs in a pod are over " + string(variables.limits.max_gpu_per_worker) + ". Use " +
      string(variables.limits.max_gpu_per_worker) + " GPUs or fewer in a pod."
    )

- name: wholeGpus
  expression: |-
    variables.pods.transformList(index, pod,
      pod.containers.map(container,
        (
          variables.gpuNames[index].filter(name, ["requests", "limits"].exists(side,
            container.given[?side][?name].optMap(value,
              isQuantity(string(dyn(value))) && [quantity(string(dyn(value))).asApproximateFloat()].exists(amount,
                amount < 1000000000.0 && amount != double(int(amount)))
            ).orValue(false)
          )).map(name, name + " is not a whole number") +
          variables.gpuNames[index].filter(name, container.given.?requests[?name].optMap(request,
            isQuantity(string(dyn(request))) && !container.given.?limits[?name].optMap(limit,
              isQuantity(string(dyn(limit))) && quantity(string(dyn(request))).compareTo(quantity(string(dyn(limit)))) == 0
            ).orValue(false)
          ).orValue(false)).map(name, name + " has a request that differs from its limit")
        ).map(problem,
          "ray/whole-gpus at " + pod.of.podPath + "." + container.path + ": " + pod.of.name + ": " + problem +
          ". Give GPUs as a whole number under limits, and the same under requests or nothing."
        ).join(" | ")
      ).filter(text, text != "").join(" | ")
    ).filter(text, text != "")

- name: deviceClaims
  expression: |-
    variables.pods.map(pod,
      (
        (pod.of.pod.?spec.?resourceClaims.orValue([]).size() > 0 ? ["resourceClaims"] : []) +
        pod.containers.filter(container, container.given.?claims.orValue([]).size() > 0).map(container,
          string(container.path) + ".claims"
        )
      ).map(path,
        "ray/device-claims at " + pod.of.podPath + "." + path + ": " + pod.of.name +
        ": devices that are claimed may be GPUs, and are not counted. " +
        "Ask for GPUs under resources.limits, such as nvidia.com/gpu: 1."
      ).join(" | ")
    ).filter(text, text != "")

- name: gpuToleration
  expression: |-
    variables.pods.transformList(index, pod,
      variables.withGpus[index] && !pod.of.pod.?spec.?tolerations.orValue([]).exists(toleration,
        toleration.?effect.orValue("") in ["", "NoSchedule"] &&
        !has(toleration.tolerationSeconds) &&
        (
          toleration.?operator.orValue("") == "Exists"
          ? toleration.?key.orValue("") in ["", "nvidia.com/gpu"] && toleration.?value.orValue("") == ""
          : toleration.?operator.orValue("") in ["", "Equal"] &&
            toleration.?key.orValue("") == "nvidia.com/gpu" && toleration.?value.orValue("") == "true"
        )
      ),
      "ray/gpu-toleration at " + pod.of.podPath + ".tolerations: " + pod.of.name +
      ": it asks for GPUs and does not tolerate the taint of GPU nodes. Add the toleration " +
      "{key: nvidia.com/gpu, operator: Equal, value: \"true\", effect: NoSchedule}."
    )

- name: labels
  expression: |-
    variables.requiredLabels.filter(label, !variables.selectsCluster &&
      object.metadata.?labels[?label].orValue("").trim() == ""
    ).map(label,
      "ray/required-labels at metadata.labels." + label + ": the required label \"" + label +
      "\" is missing or empty. Add the label under metadata.labels, with a value."
    )

- name: replicas
  expression: |-
    variables.pods.filter(pod, pod.of.role == "worker group").map(pod,
      (
        (!pod.of.group.?maxReplicas.hasValue()
          ? [[dyn("maxReplicas"), dyn("maxReplicas is not set, so the group is unlimited")]] : []) +
        ["replicas", "minReplicas", "maxReplicas"].filter(field, pod.of.group[?field].orValue(0) < 0).map(field,
          [dyn(field), dyn(field + " is not a whole number of at least 0")]) +
        (pod.of.group.?numOfHosts.orValue(1) < 1
          ? [[dyn("numOfHosts"), dyn("numOfHosts is not a whole number of at least 1")]] : []) +
        (pod.of.group.?minReplicas.orValue(0) > pod.of.group.?maxReplicas.orValue(2147483647)
          ? [[dyn("minReplicas"), dyn("minReplicas is above maxReplicas")]] : [])
      ).map(problem,
        "ray/replicas at " + pod.of.path + "." + problem[0] + ": " + pod.of.name + ": " + problem[1] +
        ". Set maxReplicas to a whole number, minReplicas no higher, and numOfHosts to at least 1."
      ).join(" | ")
    ).filter(text, text != "")

- name: workers
  expression: |-
    variables.pods.transformList(index, pod, pod.of.role == "worker group", variables.most[index]).sum()
- name: maxWorkers
  expression: |-
    double(variables.workers) > variables.limits.max_total_workers
    ? [
        "ray/max-workers at " + variables.clusterPath + ".workerGroupSpecs: " + string(variables.workers) +
        " workers in all are over " + string(variables.limits.max_total_workers) +
        ". Lower maxReplicas so that all groups together stay at " + string(variables.limits.max_total_workers) + " or less."
      ]
    : []

- name: gpusInAll
  expression: |-
    variables.cluster == {} ? 0.0 : variables.gpus.transformList(index, gpus, gpus * double(variables.most[index])).sum()
- name: maxGpus
  expression: |-
    variables.gpusInAll > variables.limits.max_total_gpus
    ? [
        "ray/max-gpus at " + variables.clusterPath + ": " + string(variables.gpusInAll) + " GPUs in all are over " +
        string(variables.limits.max_total_gpus) + ". Lower maxReplicas so that all pods together use " +
        string(variables.limits.max_total_gpus) + " GPUs or fewer."
      ]
    : []

- name: quantities
  expression: |-
    variables.pods.transformList(index, pod,
      (
        variables.places[index].map(place,
          ["requests", "limits"].map(side,
            place.given[?side].orValue({}).transformList(name, value,
              !isQuantity(string(dyn(value))) || sign(quantity(string(dyn(value)))) < 0,
              {"path": dyn(place.path + "." + side + "." + name), "value": dyn(value)}
            ).map(found,
              "ray/quantity at " + pod.of.podPath + "." + found.path + ": " + pod.of.name + ": " +
              (type(found.value) == string ? strings.quote(found.value) : string(found.value)) +
              " is not a quantity of at least 0. Write a quantity such as \"500m\", \"4\" or \"64Gi\"; " +
              "suffixes are k M G T P E, Ki Mi Gi Ti Pi Ei, m u n."
            ).join(" | ")
          ).filter(text, text != "").join(" | ")
        ) +
        [
          pod.overhead.transformList(name, value,
            !isQuantity(string(dyn(value))) || sign(quantity(string(dyn(value)))) < 0,
            {"path": dyn("overhead." + name), "value": dyn(value)}
          ).map(found,
            "ray/quantity at " + pod.of.podPath + "." + found.path + ": " + pod.of.name + ": " +
            (type(found.value) == string ? strings.quote(found.value) : string(found.value)) +
            " is not a quantity of at least 0. Write a quantity such as \"500m\", \"4\" or \"64Gi\"; " +
            "suffixes are k M G T P E, Ki Mi Gi Ti Pi Ei, m u n."
          ).join(" | ")
        ] +
        variables.places[index].map(place,
          place.given.?requests.orValue({}).transformList(name, request,
            place.given.?limits[?name].optMap(limit,
              isQuantity(string(dyn(request))) && isQuantity(string(dyn(limit))) &&
              quantity(string(dyn(request))).compareTo(quantity(string(dyn(limit)))) > 0
            ).orValue(false),
            {"name": dyn(name), "request": dyn(request), "limit": dyn(place.given.limits[?name].orValue(0))}
          ).map(found,
            "ray/quantity at " + pod.of.podPath + "." + place.path + ".requests." + found.name + ": " + pod.of.name +
            ": the request " +
            (type(found.request) == string ? strings.quote(found.request) : string(found.request)) +
            " of " + found.name + " is above its limit " +
            (type(found.limit) == string ? strings.quote(found.limit) : string(found.limit)) +
            ". Lower the request or raise the limit."
          ).join(" | ")
        )
      ).filter(text, text != "").join(" | ")
    ).filter(text, text != "")

- name: resources
  expression: |-
    variables.pods.map(pod,
      pod.containers.map(container,
        ["cpu", "memory"].filter(name, ![container.given, pod.level.given].exists(given,
          ["requests", "limits"].exists(side, given[?side][?name].hasValue())
        )).map(name,
          "ray/resources at " + pod.of.podPath + "." + container.path + ": " + pod.of.name + ", container " + container.name +
          ": neither a request nor a limit for " + name + ". Give the container a request and a limit for " + name + "."
        ).join(" | ")
      ).filter(text, text != "").join(" | ")
    ).filter(text, text != "")

# Amounts are floating-point numbers: half a nanocore, or the fifteenth digit, is what adding them up may have changed. Messages
# have thousandths, rounded to the side that shows the violation.
- name: maxCpu
  expression: |-
    variables.pods.transformList(index, pod,
      ["requests", "limits"].filter(side,
        variables.totals[index][side].cpu > variables.limits.max_cpu_per_worker + 0.0000000005
      ).map(side,
        "ray/max-cpu at " + pod.of.podPath + ".containers: " + pod.of.name + ": cpu " + side + " of " +
        string(
          variables.totals[index][side].cpu > 1000000000.0 ? variables.totals[index][side].cpu :
          double((int(variables.totals[index][side].cpu * 1000000000.0 + 0.5) + 999999) / 1000000) / 1000.0
        ) +
        " cores in all are over " + string(variables.limits.max_cpu_per_worker) + ". Lower the cpu of its containers to " +
        string(variables.limits.max_cpu_per_worker) + " cores in all."
      ).join(" | ")
    ).filter(text, text != "")
- name: maxMemory
  expression: |-
    variables.pods.transformList(index, pod,
      ["requests", "limits"].filter(side,
        variables.totals[index][side].memory > variables.limits.max_memory_gib_per_worker * 1073741824.0
      ).map(side,
        "ray/max-memory at " + pod.of.podPath + ".containers: " + pod.of.name + ": memory " + side + " of " +
        string(
          variables.totals[index][side].memory > 1000000000000000.0 ? variables.totals[index][side].memory / 1073741824.0 :
          double(int(variables.totals[index][side].memory * 1000.0 / 1073741824.0 * 0.999999999999999) + 1) / 1000.0
        ) +
        " GiB in all are over " + string(variables.limits.max_memory_gib_per_worker) +
        ". Lower the memory of its containers to " + string(variables.limits.max_memory_gib_per_worker) + " GiB in all."
      ).join(" | ")
    ).filter(text, text != "")

# What the Ray container, the first of its pod, asks for; the pod-level resources speak for it where it is silent.
- name: rayRequests
  expression: |-
    variables.pods.map(pod,
      ["cpu", "memory"].transformMapEntry(number, name, {
        name: ((
          pod.of.role == "submitter" || pod.containers.size() == 0 ? [] :
          ["requests", "limits"].exists(side, pod.containers[0].given[?side][?name].hasValue())
          ? [pod.containers[0].given]
          : [pod.level.given]
        ).map(given, given.?requests[?name].or(given.?limits[?name])).filter(value,
          value.hasValue() && isQuantity(string(dyn(value.value())))
        ).map(value, quantity(string(dyn(value.value()))).asApproximateFloat()))
      })
    )
- name: minCpu
  expression: |-
    variables.pods.transformList(index, pod,
      variables.rayRequests[index].cpu.filter(request,
        request < variables.limits.min_cpu_request - 0.0000000005
      ).map(request,
        "ray/min-cpu at " + pod.of.podPath + ".containers[0].resources.requests.cpu: " + pod.of.name +
        ": the Ray container asks for " + string(
          double((int(request * 1000000000.0 + (request < 0.0 ? -0.5 : 0.5)) - (request < 0.0 ? 999999 : 0)) / 1000000) / 1000.0
        ) + " cores of cpu, less than " +
        string(variables.limits.min_cpu_request) + ". Raise the cpu request to at least " +
        string(variables.limits.min_cpu_request) + " cores."
      ).join(" | ")
    ).filter(text, text != "")
- name: minMemory
  expression: |-
    variables.pods.transformList(index, pod,
      variables.rayRequests[index].memory.filter(request,
        request < variables.limits.min_memory_gib_request * 1073741824.0
      ).map(request,
        "ray/min-memory at " + pod.of.podPath + ".containers[0].resources.requests.memory: " + pod.of.name +
        ": the Ray container asks for " + string(
          double(int(request * 1000.0 / 1073741824.0 * 1.000000000000001 - (request < 0.0 ? 0.9999999999 : 0.0))) / 1000.0
        ) + " GiB of memory, less than " +
        string(variables.limits.min_memory_gib_request) + ". Raise the memory request to at least " +
        string(variables.limits.min_memory_gib_request) + " GiB."
      ).join(" | ")
    ).filter(text, text != "")
{{- end }}

{{- define "cluster-base.rayWarnings" }}
- name: gpuMinReplicas
  expression: |-
    variables.pods.transformList(index, pod, pod.of.group.?minReplicas.orValue(0) > 0 && variables.withGpus[index],
      "ray/gpu-min-replicas at " + pod.of.path + ".minReplicas: " + pod.of.name +
      ": a GPU group with minReplicas above 0 never scales to zero. Set minReplicas to 0."
    )
- name: fixedSize
  expression: |-
    variables.pods.filter(pod, pod.of.role == "worker group" && pod.of.group.?minReplicas.orValue(-1) >= 0 &&
      pod.of.group.?minReplicas == pod.of.group.?maxReplicas
    ).map(pod,
      "ray/fixed-size at " + pod.of.path + ".minReplicas: " + pod.of.name +
      ": it has a fixed size, so the autoscaler cannot help. Set minReplicas below maxReplicas."
    )
- name: qos
  expression: |-
    variables.pods.filter(pod, pod.of.role != "submitter" && pod.containers.size() > 0 &&
      pod.containers[0].given.?requests.?cpu.optMap(request, isQuantity(string(dyn(request))) &&
        !pod.containers[0].given.?limits.?cpu.optMap(limit,
          isQuantity(string(dyn(limit))) && quantity(string(dyn(request))).compareTo(quantity(string(dyn(limit)))) == 0
        ).orValue(false)
      ).orValue(false)
    ).map(pod,
      "ray/qos at " + pod.of.podPath + ".containers[0].resources: " + pod.of.name +
      ": the cpu request of the Ray container differs from its limit. Set the cpu request equal to the limit."
    )
{{- end }}
