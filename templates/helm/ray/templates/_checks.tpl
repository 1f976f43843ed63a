{{/*
Copyright the ray-platform authors
SPDX-License-Identifier: Apache-2.0

What a schema cannot say: rules between fields. Each adds a line "field = value: rule" to the problems.
*/}}

{{- define "ray.problem" -}}
{{- $line := printf "%s = %v: %s" .field .value .rule -}}
{{- $_ := set .problems "lines" (append .problems.lines $line) -}}
{{- end -}}

{{/* A Kubernetes quantity as a number. */}}
{{- define "ray.quantity" -}}
{{- $factors := dict "" 1.0 "m" 0.001 "k" 1e3 "M" 1e6 "G" 1e9 "T" 1e12 "Ki" 1024.0 "Mi" 1048576.0 "Gi" 1073741824.0 "Ti" 1099511627776.0 -}}
{{- $number := regexFind "^[0-9.]+" . -}}
{{- mulf (float64 $number) (get $factors (trimPrefix $number .)) -}}
{{- end -}}

{{/* Requests and limits. Kubernetes refuses a pod that requests more than its limit, and an extended resource with one of the two only. */}}
{{- define "ray.checkResources" -}}
{{- $problems := .problems -}}
{{- $field := .field -}}
{{- $limits := .resources.limits -}}
{{- $requests := .resources.requests -}}
{{- range $name := list "cpu" "memory" -}}
{{- if eq (float64 (include "ray.quantity" (get $limits $name))) 0.0 -}}
{{- include "ray.problem" (dict "problems" $problems "field" (printf "%s.limits.%s" $field $name) "value" (get $limits $name) "rule" "must be above 0, which would be no limit") -}}
{{- end -}}
{{- end -}}
{{- range $name, $request := $requests -}}
{{- $limit := get $limits $name -}}
{{- if and $limit (gt (float64 (include "ray.quantity" $request)) (float64 (include "ray.quantity" $limit))) -}}
{{- include "ray.problem" (dict "problems" $problems "field" (printf "%s.requests.%s" $field $name) "value" $request "rule" (printf "must not be above the limit %s" $limit)) -}}
{{- else if and (contains "/" $name) (ne (toString $limit) $request) -}}
{{- include "ray.problem" (dict "problems" $problems "field" (printf "%s.requests.%s" $field $name) "value" $request "rule" "an extended resource has a limit equal to its request") -}}
{{- end -}}
{{- end -}}
{{- range $name, $limit := $limits -}}
{{- if and (contains "/" $name) (not (hasKey $requests $name)) -}}
{{- include "ray.problem" (dict "problems" $problems "field" (printf "%s.limits.%s" $field $name) "value" $limit "rule" "must be requested too, for Ray counts requests") -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* Adds a problem for each name of a list that is there twice. key: the name's field; what: what the list holds. */}}
{{- define "ray.checkUnique" -}}
{{- $seen := dict -}}
{{- range $index, $item := .items -}}
{{- $name := get $item $.key | toString -}}
{{- if and $name (hasKey $seen $name) -}}
{{- include "ray.problem" (dict "problems" $.problems "field" (printf "%s[%d].%s" $.field $index $.key) "value" $name "rule" (printf "is another %s's; each has its own" $.what)) -}}
{{- end -}}
{{- $_ := set $seen $name true -}}
{{- end -}}
{{- end -}}

{{/* Names that a pod has from elsewhere. The chart and the platform make none of these kinds but service accounts. */}}
{{- define "ray.checkReferences" -}}
{{- $problems := .problems -}}
{{- $spec := .pod.spec -}}
{{- with $spec.serviceAccountName -}}
{{- if not (has . (append $.accounts "default")) -}}
{{- include "ray.problem" (dict "problems" $problems "field" (printf "%s.spec.serviceAccountName" $.field) "value" . "rule" "is not one of serviceAccounts, so the pod could not be created") -}}
{{- end -}}
{{- end -}}
{{- with $spec.priorityClassName -}}
{{- if not (has . (list "system-cluster-critical" "system-node-critical")) -}}
{{- include "ray.problem" (dict "problems" $problems "field" (printf "%s.spec.priorityClassName" $.field) "value" . "rule" "is not a priority class of this platform, so the pod could not be create; remove it") -}}
{{- end -}}
{{- end -}}
{{- with $spec.runtimeClassName -}}
{{- include "ray.problem" (dict "problems" $problems "field" (printf "%s.spec.runtimeClassName" $.field) "value" . "rule" "is not a runtime class of this platform, so the pod could not be created; remove it") -}}
{{- end -}}
{{- if ne ($spec.schedulerName | default "default-scheduler") "default-scheduler" -}}
{{- include "ray.problem" (dict "problems" $problems "field" (printf "%s.spec.schedulerName" $.field) "value" $spec.schedulerName "rule" "is not a scheduler of this platform, so the pod would stay pending; remove it") -}}
{{- end -}}
{{- end -}}

{{/* Ports that a probe or a hook of a container calls by name. */}}
{{- define "ray.checkPortNames" -}}
{{- $problems := .problems -}}
{{- $field := .field -}}
{{- $names := list -}}
{{- range .container.ports -}}
{{- $names = append $names .name -}}
{{- end -}}
{{- $calls := dict -}}
{{- range $probe := list "livenessProbe" "readinessProbe" "startupProbe" -}}
{{- $_ := set $calls $probe (get $.container $probe | default dict) -}}
{{- end -}}
{{- range $hook := list "preStop" "postStart" -}}
{{- $_ := set $calls (printf "lifecycle.%s" $hook) (get ($.container.lifecycle | default dict) $hook | default dict) -}}
{{- end -}}
{{- range $place, $call := $calls -}}
{{- range $kind := list "httpGet" "tcpSocket" -}}
{{- $port := get (get $call $kind | default dict) "port" -}}
{{- if and (kindIs "string" $port) (ne $port "") (not (has $port $names)) -}}
{{- include "ray.problem" (dict "problems" $problems "field" (printf "%s.%s.%s.port" $field $place $kind) "value" $port "rule" "is not a port of this container; name one of its ports") -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* What a pod template names, its containers and its volumes. accounts: names of service accounts that there are. */}}
{{- define "ray.checkPod" -}}
{{- $problems := .problems -}}
{{- $field := .field -}}
{{- include "ray.checkReferences" . -}}
{{- $names := dict -}}
{{- $volumes := list -}}
{{- include "ray.checkUnique" (dict "problems" $problems "field" (printf "%s.spec.volumes" $field) "items" .pod.spec.volumes "key" "name" "what" "volume") -}}
{{- range .pod.spec.volumes -}}
{{- $volumes = append $volumes .name -}}
{{- end -}}
{{- range $kind := list "initContainers" "containers" -}}
{{- range $index, $container := (get $.pod.spec $kind | default list) -}}
{{- $at := printf "%s.spec.%s[%d]" $field $kind $index -}}
{{- if hasKey $names $container.name -}}
{{- include "ray.problem" (dict "problems" $problems "field" (printf "%s.name" $at) "value" $container.name "rule" "is another container's name; names are unique in a pod") -}}
{{- end -}}
{{- $_ := set $names $container.name true -}}
{{- if hasSuffix ":latest" $container.image -}}
{{- include "ray.problem" (dict "problems" $problems "field" (printf "%s.image" $at) "value" $container.image "rule" "a tag that moves is not a version; name one") -}}
{{- end -}}
{{- include "ray.checkResources" (dict "problems" $problems "field" (printf "%s.resources" $at) "resources" $container.resources) -}}
{{- include "ray.checkPortNames" (dict "problems" $problems "field" $at "container" $container) -}}
{{- include "ray.checkUnique" (dict "problems" $problems "field" (printf "%s.ports" $at) "items" $container.ports "key" "name" "what" "port") -}}
{{- include "ray.checkUnique" (dict "problems" $problems "field" (printf "%s.env" $at) "items" $container.env "key" "name" "what" "variable") -}}
{{- include "ray.checkUnique" (dict "problems" $problems "field" (printf "%s.volumeMounts" $at) "items" $container.volumeMounts "key" "mountPath" "what" "mount") -}}
{{- range $number, $variable := $container.env -}}
{{- if and (hasKey $variable "value") (hasKey $variable "valueFrom") -}}
{{- include "ray.problem" (dict "problems" $problems "field" (printf "%s.env[%d]" $at $number) "value" $variable.name "rule" "has value or valueFrom, not both") -}}
{{- end -}}
{{- if not (regexMatch "^[-._a-zA-Z][-._a-zA-Z0-9]*$" $variable.name) -}}
{{- include "ray.problem" (dict "problems" $problems "field" (printf "%s.env[%d].name" $at $number) "value" $variable.name "rule" "is not a name of a variable: letters, digits, _, . and -, and no digit at the beginning") -}}
{{- end -}}
{{- end -}}
{{- range $number, $mount := $container.volumeMounts -}}
{{- if not (has $mount.name $volumes) -}}
{{- include "ray.problem" (dict "problems" $problems "field" (printf "%s.volumeMounts[%d].name" $at $number) "value" $mount.name "rule" "is not a volume of this pod; add it to volumes") -}}
{{- end -}}
{{- end -}}
{{- $ports := dict -}}
{{- range $port := $container.ports -}}
{{- $number := toString $port.containerPort -}}
{{- if hasKey $ports $number -}}
{{- include "ray.problem" (dict "problems" $problems "field" (printf "%s.ports" $at) "value" $number "rule" "is listed twice") -}}
{{- end -}}
{{- $_ := set $ports $number true -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* How Ray starts in a group's pods: with which parameters, in which version. */}}
{{- define "ray.checkStart" -}}
{{- $problems := .problems -}}
{{- $field := .field -}}
{{- $pod := .group.template.spec -}}
{{- $container := first $pod.containers -}}
{{- $params := .group.rayStartParams | default dict -}}
{{- if eq (toString (get $params "block")) "false" -}}
{{- include "ray.problem" (dict "problems" $problems "field" (printf "%s.rayStartParams.block" $field) "value" "false" "rule" "the container would end as soon as Ray has started") -}}
{{- end -}}
{{- range $name := list "num-cpus" "num-gpus" "memory" "object-store-memory" -}}
{{- if and (hasKey $params $name) (not (regexMatch "^[0-9]+$" (toString (get $params $name)))) -}}
{{- include "ray.problem" (dict "problems" $problems "field" (printf "%s.rayStartParams.%s" $field $name) "value" (get $params $name) "rule" "must be a whole number") -}}
{{- end -}}
{{- end -}}
{{- $gpus := dig "resources" "limits" "nvidia.com/gpu" "0" $container -}}
{{- $wanted := toString (get $params "num-gpus" | default "0") -}}
{{- if and (regexMatch "^[0-9]+$" $wanted) (gt (int $wanted) (int $gpus)) -}}
{{- include "ray.problem" (dict "problems" $problems "field" (printf "%s.rayStartParams.num-gpus" $field) "value" $wanted "rule" (printf "must not be above the GPUs of the container, %s" $gpus)) -}}
{{- end -}}
{{- $version := regexFind "rayproject/ray:[0-9]+\\.[0-9]+\\.[0-9]+" $container.image | trimPrefix "rayproject/ray:" -}}
{{- if and $version (ne $version .version) -}}
{{- include "ray.problem" (dict "problems" $problems "field" (printf "%s.template.spec.containers[0].image" $field) "value" $container.image "rule" (printf "is not of rayVersion %s; nodes of two versions do not find together" .version)) -}}
{{- end -}}
{{- end -}}

{{/* The specification of a Ray cluster. */}}
{{- define "ray.checkCluster" -}}
{{- $problems := .problems -}}
{{- $field := .field -}}
{{- $spec := .spec -}}
{{- $mode := dig "authOptions" "mode" "disabled" $spec -}}
{{- if and (eq $mode "token") (semverCompare "<2.52.0" $spec.rayVersion) -}}
{{- include "ray.problem" (dict "problems" $problems "field" (printf "%s.rayVersion" $field) "value" $spec.rayVersion "rule" "token authentication needs Ray 2.52.0 or newer") -}}
{{- end -}}
{{- include "ray.checkPod" (dict "problems" $problems "field" (printf "%s.headGroupSpec.template" $field) "pod" $spec.headGroupSpec.template "accounts" .accounts) -}}
{{- include "ray.checkStart" (dict "problems" $problems "field" (printf "%s.headGroupSpec" $field) "group" $spec.headGroupSpec "version" $spec.rayVersion) -}}
{{- $host := dig "rayStartParams" "dashboard-host" "0.0.0.0" $spec.headGroupSpec -}}
{{- if ne $host "0.0.0.0" -}}
{{- include "ray.problem" (dict "problems" $problems "field" (printf "%s.headGroupSpec.rayStartParams.dashboard-host" $field) "value" $host "rule" "nobody but the head would reach dashboard and job API; 0.0.0.0") -}}
{{- end -}}
{{- if and $spec.autoscalerOptions (not $spec.enableInTreeAutoscaling) -}}
{{- include "ray.problem" (dict "problems" $problems "field" (printf "%s.enableInTreeAutoscaling" $field) "value" (toString $spec.enableInTreeAutoscaling) "rule" "must be true where there are autoscalerOptions; nothing reads them otherwise") -}}
{{- end -}}
{{- with $spec.gcsFaultToleranceOptions -}}
{{- $port := int (regexFind "[0-9]+$" (regexFind ":[0-9]+$" .redisAddress) | default "6379") -}}
{{- $open := dig "port" 0 ($.redis | default dict) | int -}}
{{- if ne $port $open -}}
{{- include "ray.problem" (dict "problems" $problems "field" (printf "%s.gcsFaultToleranceOptions.redisAddress" $field) "value" .redisAddress "rule" (printf "the head would not reach it; networkPolicy.redis must have port %d" $port)) -}}
{{- end -}}
{{- end -}}
{{- with $spec.autoscalerOptions -}}
{{- include "ray.checkResources" (dict "problems" $problems "field" (printf "%s.autoscalerOptions.resources" $field) "resources" .resources) -}}
{{- end -}}
{{- $names := dict -}}
{{- range $index, $group := $spec.workerGroupSpecs -}}
{{- $at := printf "%s.workerGroupSpecs[%d]" $field $index -}}
{{- if hasKey $names $group.groupName -}}
{{- include "ray.problem" (dict "problems" $problems "field" (printf "%s.groupName" $at) "value" $group.groupName "rule" "is another group's name; names of groups are unique") -}}
{{- end -}}
{{- $_ := set $names $group.groupName true -}}
{{- if gt (int $group.minReplicas) (int $group.maxReplicas) -}}
{{- include "ray.problem" (dict "problems" $problems "field" (printf "%s.minReplicas" $at) "value" $group.minReplicas "rule" (printf "must not be above maxReplicas, %v" $group.maxReplicas)) -}}
{{- else if or (lt (int $group.replicas) (int $group.minReplicas)) (gt (int $group.replicas) (int $group.maxReplicas)) -}}
{{- include "ray.problem" (dict "problems" $problems "field" (printf "%s.replicas" $at) "value" $group.replicas "rule" (printf "must be from minReplicas, %v, to maxReplicas, %v" $group.minReplicas $group.maxReplicas)) -}}
{{- end -}}
{{- include "ray.checkPod" (dict "problems" $problems "field" (printf "%s.template" $at) "pod" $group.template "accounts" $.accounts) -}}
{{- include "ray.checkStart" (dict "problems" $problems "field" $at "group" $group "version" $spec.rayVersion) -}}
{{- end -}}
{{- end -}}

{{/* What KubeRay replaces pods for, in short: the specification without what only scales. */}}
{{- define "ray.specHash" -}}
{{- $spec := deepCopy . -}}
{{- range $group := $spec.workerGroupSpecs -}}
{{- range $key := list "replicas" "minReplicas" "maxReplicas" -}}
{{- $_ := unset $group $key -}}
{{- end -}}
{{- end -}}
{{- toJson $spec | sha256sum | trunc 16 -}}
{{- end -}}
