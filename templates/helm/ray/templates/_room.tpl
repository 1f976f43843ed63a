{{/*
Copyright the ray-platform authors
SPDX-License-Identifier: Apache-2.0

Whether quota, disruption budgets and a job's command fit the pods that these values make.
*/}}

{{/* Adds to .need what .count pods take that have containers with .resources: "requests.cpu", "pods" and so on, each a number. */}}
{{- define "ray.addPods" -}}
{{- $need := .need -}}
{{- $count := float64 .count -}}
{{- $_ := set $need "pods" (addf (get $need "pods" | default 0.0) $count) -}}
{{- range $resources := .resources -}}
{{- range $kind := list "requests" "limits" -}}
{{- range $name, $quantity := get $resources $kind -}}
{{- $key := printf "%s.%s" $kind $name -}}
{{- $_ := set $need $key (addf (get $need $key | default 0.0) (mulf $count (float64 (include "ray.quantity" $quantity)))) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* Adds to .need what .times clusters of .spec take at their largest. */}}
{{- define "ray.addCluster" -}}
{{- $head := list -}}
{{- range .spec.headGroupSpec.template.spec.containers -}}
{{- $head = append $head .resources -}}
{{- end -}}
{{- with .spec.autoscalerOptions -}}
{{- $head = append $head .resources -}}
{{- end -}}
{{- include "ray.addPods" (dict "need" .need "count" .times "resources" $head) -}}
{{- range $group := .spec.workerGroupSpecs -}}
{{- $worker := list -}}
{{- range $group.template.spec.containers -}}
{{- $worker = append $worker .resources -}}
{{- end -}}
{{- $count := mul $.times $group.maxReplicas ($group.numOfHosts | default 1) -}}
{{- include "ray.addPods" (dict "need" $.need "count" $count "resources" $worker) -}}
{{- end -}}
{{- end -}}

{{/* A problem for each name that no quota has, and each resource of which the clusters, at their largest, take more. */}}
{{- define "ray.checkQuota" -}}
{{- $need := dict -}}
{{- with .values.rayCluster -}}
{{- include "ray.addCluster" (dict "need" $need "spec" .spec "times" 1) -}}
{{- end -}}
{{- with .values.rayService -}}
{{- $times := ternary 1 2 (eq (dig "upgradeStrategy" "type" "NewCluster" .spec) "None") -}}
{{- include "ray.addCluster" (dict "need" $need "spec" .spec.rayClusterConfig "times" $times) -}}
{{- end -}}
{{- with .values.rayJob -}}
{{- include "ray.addCluster" (dict "need" $need "spec" .spec.rayClusterSpec "times" 1) -}}
{{- $submitter := list -}}
{{- range .spec.submitterPodTemplate.spec.containers -}}
{{- $submitter = append $submitter .resources -}}
{{- end -}}
{{- include "ray.addPods" (dict "need" $need "count" 1 "resources" $submitter) -}}
{{- end -}}
{{- $names := dict "cpu" "requests.cpu" "memory" "requests.memory" "count/pods" "pods" -}}
{{- range $name, $hard := .values.resourceQuota -}}
{{- if not (regexMatch "^((requests|limits)\\.(cpu|memory|ephemeral-storage)|requests\\.storage|requests\\.[a-z0-9.-]+/[a-z0-9.-]+|cpu|memory|pods|services|services\\.(loadbalancers|nodeports)|secrets|configmaps|persistentvolumeclaims|count/[a-z0-9./-]+)$" $name) -}}
{{- include "ray.problem" (dict "problems" $.problems "field" (printf "resourceQuota.%s" $name) "value" $hard "rule" "is nothing that a quota of Kubernetes counts; write for example requests.cpu, limits.memory or pods") -}}
{{- end -}}
{{- $needed := get $need (get $names $name | default $name) | default 0.0 -}}
{{- if gt $needed (mulf 1.000001 (float64 (include "ray.quantity" $hard))) -}}
{{- $shown := ternary (printf "%.1fGi" (divf $needed 1073741824.0)) (printf "%.10g" $needed) (contains "memory" $name) -}}
{{- include "ray.problem" (dict "problems" $.problems "field" (printf "resourceQuota.%s" $name) "value" $hard "rule" (printf "is below what the pods take where all groups are at maxReplicas, %s; raise it, or lower maxReplicas" $shown)) -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{/*
Adds to .pods the heads and the workers of one cluster, each with its labels, and with "count", how many there are: of heads at
most, of workers at the least. name: of the RayCluster; empty where KubeRay makes one up.
*/}}
{{- define "ray.addLabelled" -}}
{{- $common := dict "ray.io/is-ray-node" "yes" "app.kubernetes.io/name" "kuberay" "app.kubernetes.io/created-by" "kuberay-operator" -}}
{{- if .name -}}
{{- $_ := set $common "ray.io/cluster" .name -}}
{{- end -}}
{{- $head := merge (dict "ray.io/node-type" "head" "ray.io/group" "headgroup") $common .spec.headGroupSpec.template.metadata.labels -}}
{{- $_ := set .pods "all" (append .pods.all (dict "labels" $head "count" (int .heads))) -}}
{{- range $group := .spec.workerGroupSpecs -}}
{{- $labels := merge (dict "ray.io/node-type" "worker" "ray.io/group" $group.groupName) $common $group.template.metadata.labels -}}
{{- $fewest := ternary $group.minReplicas $group.replicas ($.spec.enableInTreeAutoscaling | default false) -}}
{{- $_ := set $.pods "all" (append $.pods.all (dict "labels" $labels "count" (mul $fewest ($group.numOfHosts | default 1) | int))) -}}
{{- end -}}
{{- end -}}

{{/* A problem for each budget that selects nothing, that can never be kept, or that leaves nothing to evict. */}}
{{- define "ray.checkBudgets" -}}
{{- $problems := .problems -}}
{{- $pods := dict "all" list -}}
{{- with .values.rayCluster -}}
{{- include "ray.addLabelled" (dict "pods" $pods "spec" .spec "name" .metadata.name "heads" 1) -}}
{{- end -}}
{{- with .values.rayService -}}
{{- /* Old, new, and for a minute one that was replaced before. */ -}}
{{- $heads := ternary 1 3 (eq (dig "upgradeStrategy" "type" "NewCluster" .spec) "None") -}}
{{- include "ray.addLabelled" (dict "pods" $pods "spec" .spec.rayClusterConfig "name" "" "heads" $heads) -}}
{{- end -}}
{{- with .values.rayJob -}}
{{- include "ray.addLabelled" (dict "pods" $pods "spec" .spec.rayClusterSpec "name" "" "heads" 1) -}}
{{- end -}}
{{- $owners := dict -}}
{{- range $index, $budget := .values.podDisruptionBudgets -}}
{{- $at := printf "podDisruptionBudgets[%d]" $index -}}
{{- $isOfHeads := eq (get $budget.selector "ray.io/node-type") "head" -}}
{{- $selected := 0 -}}
{{- $count := 0 -}}
{{- range $number, $pod := $pods.all -}}
{{- $matches := true -}}
{{- range $label, $value := $budget.selector -}}
{{- if ne (get $pod.labels $label) $value -}}
{{- $matches = false -}}
{{- end -}}
{{- end -}}
{{- if $matches -}}
{{- $selected = add1 $selected -}}
{{- $count = add $count $pod.count -}}
{{- with get $owners (toString $number) -}}
{{- include "ray.problem" (dict "problems" $problems "field" (printf "%s.selector" $at) "value" (toJson $budget.selector) "rule" (printf "selects pods that budget %s selects too, and Kubernetes evicts no pod with two; choose one" .)) -}}
{{- end -}}
{{- $_ := set $owners (toString $number) $budget.name -}}
{{- end -}}
{{- end -}}
{{- if eq (int $selected) 0 -}}
{{- include "ray.problem" (dict "problems" $problems "field" (printf "%s.selector" $at) "value" (toJson $budget.selector) "rule" "selects no pod of these values; name a node type, a group and a cluster that are there") -}}
{{- else if and $isOfHeads (gt (int $budget.minAvailable) (int $count)) -}}
{{- include "ray.problem" (dict "problems" $problems "field" (printf "%s.minAvailable" $at) "value" $budget.minAvailable "rule" (printf "must not be above the heads that there can be, %d" (int $count))) -}}
{{- else if and (not $isOfHeads) (ge (int $budget.minAvailable) (int $count)) -}}
{{- include "ray.problem" (dict "problems" $problems "field" (printf "%s.minAvailable" $at) "value" $budget.minAvailable "rule" (printf "must be below the fewest pods that it selects, %d, or their nodes could not be drained" (int $count))) -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* A problem for what a job's command asks for that no worker has: it would wait for ever. The head does no work. */}}
{{- define "ray.checkEntrypoint" -}}
{{- range $option, $resource := dict "entrypointNumCpus" "cpu" "entrypointNumGpus" "nvidia.com/gpu" -}}
{{- $most := 0.0 -}}
{{- range $.job.rayClusterSpec.workerGroupSpecs -}}
{{- $most = maxf $most (float64 (include "ray.quantity" (get (first .template.spec.containers).resources.limits $resource | default "0"))) -}}
{{- end -}}
{{- $asked := get $.job $option | default 0.0 -}}
{{- if gt (float64 $asked) $most -}}
{{- include "ray.problem" (dict "problems" $.problems "field" (printf "rayJob.spec.%s" $option) "value" $asked "rule" (printf "is more than any worker has, %g" $most)) -}}
{{- end -}}
{{- end -}}
{{- end -}}
