// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

/**
 * Values of the Ray chart that cannot work, or that would weaken it: each is one change of sound values, and what the chart
 * must say of it. `base` is the kind of values that is changed: with a RayCluster, with a RayJob beside it, or with a
 * RayService; `at` is the field, `value` what it gets (undefined removes it), `says` the field and the rule in the message.
 */
const HEAD = "rayCluster.spec.headGroupSpec";
const HEAD_POD = `${HEAD}.template.spec`;
const HEAD_CONTAINER = `${HEAD_POD}.containers.0`;
const GROUP = "rayCluster.spec.workerGroupSpecs.0";
const GROUP_POD = `${GROUP}.template.spec`;
const GROUP_CONTAINER = `${GROUP_POD}.containers.0`;
const SERVICE_CLUSTER = "rayService.spec.rayClusterConfig";
const JOB = "rayJob.spec";

const cluster = (at, value, says) => ({ base: "cluster", at, value, says });
const job = (at, value, says) => ({ base: "job", at, value, says });
const service = (at, value, says) => ({ base: "service", at, value, says });

export const BAD_VALUES = [
  // Who the pod is
  cluster(`${HEAD_POD}.securityContext.runAsUser`, 0, /headGroupSpec.*runAsUser.*must be 1000/s),
  cluster(`${HEAD_POD}.securityContext.runAsNonRoot`, false, /runAsNonRoot.*must be true/s),
  cluster(`${GROUP_POD}.securityContext.fsGroup`, undefined, /workerGroupSpecs.*fsGroup/s),
  cluster(`${GROUP_POD}.securityContext.seccompProfile.type`, "Unconfined", /seccompProfile.*RuntimeDefault/s),
  cluster(`${GROUP_POD}.securityContext.sysctls`, [{ name: "net.core.somaxconn", value: "1024" }], /sysctls/),
  cluster(`${HEAD_CONTAINER}.securityContext.privileged`, true, /privileged.*must be false/s),
  cluster(`${HEAD_CONTAINER}.securityContext.allowPrivilegeEscalation`, true, /allowPrivilegeEscalation/),
  cluster(`${HEAD_CONTAINER}.securityContext.procMount`, "Unmasked", /procMount/),
  cluster(`${HEAD_CONTAINER}.securityContext.seLinuxOptions`, { type: "spc_t" }, /seLinuxOptions/),
  cluster(`${GROUP_CONTAINER}.securityContext.capabilities.add`, ["SYS_ADMIN"], /capabilities.*add/s),
  cluster(`${GROUP_CONTAINER}.securityContext.capabilities.drop`, [], /capabilities\/drop/),
  cluster(`${GROUP_CONTAINER}.securityContext`, undefined, /securityContext/),
  // What it reaches of its host
  cluster(`${HEAD_POD}.hostNetwork`, true, /hostNetwork.*must be false/s),
  cluster(`${HEAD_POD}.hostPID`, true, /hostPID.*must be false/s),
  cluster(`${GROUP_POD}.hostIPC`, true, /hostIPC.*must be false/s),
  cluster(`${HEAD_CONTAINER}.ports.0.hostPort`, 6379, /ports\/0.*hostPort/s),
  cluster(`${GROUP_CONTAINER}.ports.0.hostIP`, "0.0.0.0", /ports\/0.*hostIP/s),
  cluster(`${GROUP_POD}.volumes`, [{ name: "root", hostPath: { path: "/" } }], /volumes\/0.*hostPath/s),
  cluster(`${GROUP_POD}.volumes`, [{ name: "nfs", nfs: { server: "nfs", path: "/" } }], /volumes\/0.*nfs/s),
  cluster(`${GROUP_POD}.ephemeralContainers`, [{ name: "debug" }], /ephemeralContainers/),
  cluster(`${GROUP_POD}.nodeName`, "ip-10-0-0-1.ec2.internal", /nodeName/),
  cluster(`${GROUP_POD}.shareProcessNamespace`, true, /shareProcessNamespace/),
  cluster(`${GROUP_POD}.initContainers`, [{ name: "setup", image: "a/b:1" }], /initContainers\/0/),
  // What it runs
  cluster(`${HEAD_CONTAINER}.image`, "rayproject/ray", /containers\/0\/image/),
  cluster(`${HEAD_CONTAINER}.image`, "registry.example.com/ray:latest", /image = .*a tag that moves/),
  cluster(`${HEAD_CONTAINER}.ports.1.containerPort`, 6379, /ports = 6379: is listed twice/),
  cluster(`${HEAD_CONTAINER}.ports.0.containerPort`, 0, /containerPort/),
  cluster(`${HEAD_CONTAINER}.ports.0.protocol`, "SCTP", /protocol/),
  cluster(`${HEAD_CONTAINER}.imagePullPolicy`, "Sometimes", /imagePullPolicy/),
  cluster(`${HEAD_CONTAINER}.stdin`, true, /stdin/),
  cluster(`${HEAD_POD}.tolerations`, [{ key: "a", operator: "Is" }], /tolerations\/0\/operator/),
  cluster(`${HEAD_POD}.nodeSelector`, {}, /nodeSelector/),
  cluster(`${HEAD_CONTAINER}.ports.1.name`, "gcs-server", /ports\[1\]\.name = gcs-server: is another port's/),
  cluster(
    `${HEAD_CONTAINER}.env`,
    [
      { name: "MODE", value: "a" },
      { name: "MODE", value: "b" },
    ],
    /env\[1\]\.name = MODE: is another variable's/,
  ),
  cluster(
    `${HEAD_CONTAINER}.env`,
    [{ name: "POD", value: "a", valueFrom: { fieldRef: { fieldPath: "metadata.name" } } }],
    /env\[0\] = POD: has value or valueFrom/,
  ),
  cluster(`${HEAD_CONTAINER}.env`, [{ name: "1=A", value: "a" }], /env\[0\]\.name = 1=A: is not a name of a variable/),
  cluster(
    `${GROUP_CONTAINER}.volumeMounts`,
    [{ name: "data", mountPath: "/data" }],
    /volumeMounts\[0\]\.name = data: is not a volume of this pod/,
  ),
  cluster(
    `${GROUP_POD}.volumes`,
    [
      { name: "data", emptyDir: {} },
      { name: "data", emptyDir: {} },
    ],
    /volumes\[1\]\.name = data: is another volume's/,
  ),
  cluster(
    `${GROUP_POD}.serviceAccountName`,
    "somebody",
    /serviceAccountName = somebody: is not one of serviceAccounts/,
  ),
  // What it asks for
  cluster(
    `${HEAD_CONTAINER}.resources.requests.memory`,
    "512Gi",
    /requests\.memory = 512Gi: must not be above the limit/,
  ),
  cluster(`${HEAD_CONTAINER}.resources.requests.cpu`, "64000m", /requests\.cpu = 64000m: must not be above the limit/),
  cluster(`${HEAD_CONTAINER}.resources.limits.memory`, "1M", /requests\.memory = .*must not be above the limit 1M/),
  cluster(`${HEAD_CONTAINER}.resources.limits.memory`, "8K", /limits\/memory.*pattern/s),
  cluster(`${HEAD_CONTAINER}.resources.limits`, undefined, /resources.*limits/s),
  cluster(`${HEAD_CONTAINER}.resources.requests.cpu`, 2, /requests\/cpu.*string/s),
  cluster(`${HEAD_CONTAINER}.resources.claims`, [{ name: "gpu" }], /claims/),
  cluster(`${GROUP_CONTAINER}.resources.requests.nvidia\\.com/gpu`, "0.5", /nvidia\.com.*gpu.*pattern/s),
  cluster(`${GROUP_CONTAINER}.resources.requests.nvidia\\.com/gpu`, "1", /nvidia\.com\/gpu = 1: an extended resource/),
  cluster(`${GROUP_CONTAINER}.resources.limits.nvidia\\.com/gpu`, "1", /nvidia\.com\/gpu = 1: must be requested too/),
  // The cluster
  cluster("rayCluster.spec.rayVersion", "2.51.9", /rayVersion = 2\.51\.9: token authentication needs Ray 2\.52\.0/),
  cluster("rayCluster.spec.rayVersion", "nightly", /rayVersion.*pattern/s),
  cluster("rayCluster.spec.authOptions.modus", "token", /authOptions.*modus/s),
  cluster("rayCluster.spec.authOptions.mode", "tokens", /authOptions\/mode/),
  cluster("rayCluster.spec.authOptions", {}, /authOptions.*mode/s),
  cluster("rayCluster.spec.authOptions.enableK8sTokenAuth", true, /enableK8sTokenAuth/),
  cluster("rayCluster.spec.workerGroups", [], /workerGroups/),
  cluster("rayCluster.spec.autoscalerOptions", undefined, /autoscalerOptions/),
  cluster("rayCluster.spec.autoscalerOptions.version", "v3", /autoscalerOptions\/version/),
  cluster("rayCluster.spec.autoscalerOptions.idleTimeoutSeconds", 0, /idleTimeoutSeconds/),
  cluster(
    "rayCluster.spec.autoscalerOptions.resources.requests.memory",
    "4Gi",
    /autoscalerOptions\.resources\.requests\.memory = 4Gi/,
  ),
  cluster("rayCluster.metadata.namespace", "default", /is for namespace default/),
  cluster("rayCluster.metadata.name", "r".repeat(51), /metadata\/name/),
  cluster("rayCluster.apiVersion", "ray.io/v1alpha1", /apiVersion/),
  cluster(`${HEAD}.serviceType`, "LoadBalancer", /serviceType.*ClusterIP/s),
  cluster(`${HEAD}.enableIngress`, true, /enableIngress/),
  cluster(`${HEAD}.rayStartParams.num-cpus`, "4", /num-cpus/),
  cluster("rayCluster.spec.upgradeStrategy.type", "RollingUpdate", /upgradeStrategy\/type/),
  cluster("upgradeGuard.activeDeadlineSeconds", 0, /upgradeGuard\/activeDeadlineSeconds/),
  cluster("upgradeGuard.template.spec.hostNetwork", true, /upgradeGuard.*hostNetwork/s),
  cluster(
    "upgradeGuard.template.spec.containers.0.image",
    "registry.example.com/ray:latest",
    /upgradeGuard.*tag that moves/s,
  ),
  cluster("rayCluster.spec.rayVersion", "2.55.1", /headGroupSpec.*image = .*is not of rayVersion 2\.55\.1/),
  cluster("rayCluster.spec.enableInTreeAutoscaling", false, /enableInTreeAutoscaling = false: must be true/),
  cluster(`${HEAD}.rayStartParams.dashboard-host`, "127.0.0.1", /dashboard-host = 127\.0\.0\.1/),
  cluster(
    "upgradeGuard.template.spec.restartPolicy",
    "Always",
    /upgradeGuard.*restartPolicy = Always: a job's pod ends/,
  ),
  // Its groups
  cluster(`${GROUP}.rayStartParams`, { block: "false" }, /workerGroupSpecs\[0\]\.rayStartParams\.block = false/),
  cluster(
    `${GROUP}.rayStartParams`,
    { "num-gpus": "2" },
    /num-gpus = 2: must not be above the GPUs of the container, 0/,
  ),
  cluster(`${GROUP}.rayStartParams`, { memory: "lots" }, /rayStartParams\.memory = lots: must be a whole number/),
  cluster(`${GROUP}.minReplicas`, 9999, /workerGroupSpecs\[0\]\.minReplicas = 9999: must not be above maxReplicas/),
  cluster(`${GROUP}.replicas`, 9999, /workerGroupSpecs\[0\]\.replicas = 9999: must be from minReplicas/),
  cluster(`${GROUP}.maxReplicas`, 0, /maxReplicas/),
  cluster(`${GROUP}.minReplicas`, -1, /minReplicas/),
  cluster(`${GROUP}.numOfHosts`, 0, /numOfHosts/),
  cluster(`${GROUP}.name`, "workers", /workerGroupSpecs\/0.*name/s),
  cluster(`${GROUP}.maxReplica`, 3, /workerGroupSpecs\/0.*maxReplica/s),
  cluster(`${GROUP}.groupName`, "GPU_workers", /groupName/),
  cluster(`${GROUP}.rayStartParams.num-gpus`, 1, /num-gpus.*string/s),
  cluster(
    "rayCluster.spec.workerGroupSpecs",
    (groups) => [...groups, groups[0]],
    /groupName = .*is another group's name/,
  ),
  // What goes together
  service("rayCluster", (_, values) => ({ ...values.clusterOfAnother }), /rayService = .*set rayCluster to null/),
  service("rayJob", (_, values) => ({ ...values.jobOfAnother }), /rayJob = .*choose one/),
  service("rayService.spec.serveConfigV2", "", /serveConfigV2/),
  service("rayService.spec.upgradeStrategy.type", "Recreate", /upgradeStrategy\/type/),
  service("rayService.spec.serveConfig", "applications: []", /serveConfig'/),
  service(`${SERVICE_CLUSTER}.rayVersion`, "2.40.0", /rayClusterConfig\.rayVersion = 2\.40\.0/),
  service(`${SERVICE_CLUSTER}.headGroupSpec.template.spec.hostNetwork`, true, /hostNetwork/),
  service("rayService.spec.serveConfigV2", "a: [", /serveConfigV2 = a: \[: must be YAML/),
  job(`${JOB}.runtimeEnvYAML`, "a: [", /runtimeEnvYAML = a: \[: must be YAML/),
  job(`${JOB}.entrypoint`, "", /entrypoint/),
  job(`${JOB}.clusterSelector`, { "ray.io/cluster": "it" }, /clusterSelector/),
  job(`${JOB}.rayClusterSpec`, undefined, /rayClusterSpec/),
  job(`${JOB}.shutdownAfterJobFinishes`, false, /shutdownAfterJobFinishes.*must be true/s),
  job(`${JOB}.submissionMode`, "HTTPMode", /submissionMode/),
  job(`${JOB}.submitterPodTemplate.spec.restartPolicy`, "Always", /restartPolicy = Always: a job's pod ends/),
  job(`${JOB}.submitterPodTemplate.spec.containers.0.securityContext.runAsUser`, 0, /submitterPodTemplate.*runAsUser/s),
  // What surrounds them
  cluster("rayClusters", {}, /rayClusters/),
  cluster("rayCluster", [], /rayCluster.*null/s),
  cluster("networkPolicy.apiServerCidrs", ["everywhere"], /apiServerCidrs\/0/),
  cluster(
    "networkPolicy.apiServerCidrs",
    ["10.0.0.300/16"],
    /apiServerCidrs = 10\.0\.0\.300\/16: is not an IPv4 range/,
  ),
  cluster("networkPolicy.apiServerCidrs", [], /apiServerCidrs = \[\]: the autoscaler .* would not reach/),
  cluster("networkPolicy.operatorNamespace", "", /operatorNamespace/),
  cluster(
    "serviceAccounts",
    [
      { name: "ray-head", roleArn: null, autoscalerRole: null },
      { name: "ray-head", roleArn: null, autoscalerRole: null },
    ],
    /serviceAccounts\[1\]\.name = ray-head: is another account's/,
  ),
  cluster("networkPolicy.egress", [{ cidr: "10.0.0.0/8", ports: [] }], /egress\/0\/ports/),
  cluster("networkPolicy.egress", [{ cidr: "10.0.0.0/8", ports: [70000] }], /egress\/0\/ports\/0/),
  cluster("networkPolicy.redis", { cidr: "10.0.0.0/8" }, /redis.*port/s),
  cluster("resourceQuota.pods", "many", /resourceQuota\/pods/),
  cluster("podDisruptionBudgets.0.minAvailable", 0, /podDisruptionBudgets\/0\/minAvailable/),
  cluster("podDisruptionBudgets.0.selector", { app: "ray", tier: "1" }, /selector.*ray\.io\/node-type/s),
  cluster("monitoring.enabled", "yes", /monitoring\/enabled/),
  // Names of what there is not
  cluster(
    `${HEAD_POD}.priorityClassName`,
    "urgent",
    /headGroupSpec.*priorityClassName = urgent: is not a priority class/,
  ),
  cluster(`${GROUP_POD}.priorityClassName`, "urgent", /workerGroupSpecs\[0\].*priorityClassName = urgent/),
  cluster(`${GROUP_POD}.runtimeClassName`, "gvisor", /runtimeClassName = gvisor: is not a runtime class/),
  cluster(`${GROUP_POD}.schedulerName`, "volcano", /schedulerName = volcano: is not a scheduler/),
  cluster("upgradeGuard.template.spec.serviceAccountName", "guard", /upgradeGuard.*serviceAccountName = guard/),
  job(
    `${JOB}.submitterPodTemplate.spec.serviceAccountName`,
    "nobody",
    /submitterPodTemplate.*serviceAccountName = nobody/,
  ),
  cluster(
    `${HEAD_CONTAINER}.readinessProbe`,
    { httpGet: { path: "/", port: "web" } },
    /readinessProbe\.httpGet\.port = web: is not a port of this container/,
  ),
  cluster(
    `${GROUP_CONTAINER}.lifecycle.preStop`,
    { httpGet: { path: "/drain", port: "drain" } },
    /lifecycle\.preStop\.httpGet\.port = drain/,
  ),
  cluster(
    `${HEAD_CONTAINER}.env`,
    [{ name: "POD", valueFrom: { fieldRef: { fieldPath: "metadata.nam" } } }],
    /env\/0\/valueFrom\/fieldRef\/fieldPath/,
  ),
  cluster(
    `${HEAD_CONTAINER}.env`,
    [{ name: "TOKEN", valueFrom: { secretKeyRef: { name: "token" } } }],
    /env\/0\/valueFrom\/secretKeyRef.*key/s,
  ),
  cluster(`${HEAD_CONTAINER}.env`, [{ name: "RETRIES", value: 3 }], /env\/0\/value/),
  cluster(`${GROUP_POD}.volumes`, [{ name: "empty" }], /volumes\/0.*minProperties/s),
  cluster(`${GROUP_POD}.volumes`, [{ name: "two", emptyDir: {}, secret: {} }], /volumes\/0.*maxProperties/s),
  cluster(`${GROUP_POD}.imagePullSecrets`, ["registry"], /imagePullSecrets\/0/),
  cluster(
    "serviceAccounts",
    [{ name: "ray-head", roleArn: "arn:aws:iam::111122223333:role/x", autoscalerRole: null }],
    /serviceAccounts\[0\]\.roleArn = .*would not reach AWS/,
  ),
  service(
    "serviceAccounts.0.autoscalerRole",
    "ray-dev",
    /serviceAccounts\[0\]\.autoscalerRole = ray-dev: is of a rayCluster/,
  ),
  // Numbers that can never be kept
  cluster("resourceQuota.pods", "2", /resourceQuota\.pods = 2: is below what the pods take .*raise it/),
  cluster("resourceQuota.requests\\.cpu", "1", /resourceQuota\.requests\.cpu = 1: is below/),
  cluster("resourceQuota.limits\\.memory", "8Gi", /resourceQuota\.limits\.memory = 8Gi: is below .*Gi; raise it/),
  cluster("resourceQuota.requests\\.nvidia\\.com/gpu", "0", /resourceQuota\.requests\.nvidia\.com\/gpu = 0: is below/),
  cluster("resourceQuota.cpus", "100", /resourceQuota\.cpus = 100: is nothing that a quota/),
  service("resourceQuota.pods", (pods) => String(Math.ceil(pods / 2)), /resourceQuota\.pods = .*is below/),
  job("resourceQuota.requests\\.memory", "100Gi", /resourceQuota\.requests\.memory = 100Gi: is below/),
  cluster(
    "podDisruptionBudgets.0.minAvailable",
    2,
    /podDisruptionBudgets\[0\]\.minAvailable = 2: must not be above .* 1/,
  ),
  service(
    "podDisruptionBudgets.0.minAvailable",
    4,
    /podDisruptionBudgets\[0\]\.minAvailable = 4: must not be above .* 3/,
  ),
  cluster(
    "podDisruptionBudgets",
    (budgets) => [...budgets, workerBudget("cpu-workers", 1)],
    /podDisruptionBudgets\[1\]\.minAvailable = 1: must be below the fewest pods that it selects, 0/,
  ),
  cluster(
    "podDisruptionBudgets.0.selector.ray\\.io/cluster",
    "another",
    /podDisruptionBudgets\[0\]\.selector = .*selects no pod/,
  ),
  cluster(
    "podDisruptionBudgets.0.selector.ray\\.io/group",
    "no-such-group",
    /podDisruptionBudgets\[0\]\.selector = .*selects no pod/,
  ),
  cluster(
    "podDisruptionBudgets",
    (budgets) => [...budgets, { ...budgets[0], name: "again" }],
    /podDisruptionBudgets\[1\]\.selector = .*budget ray-head selects too/,
  ),
  cluster(`${HEAD_CONTAINER}.resources.limits.memory`, "0", /limits\.memory = 0: must be above 0/),
  cluster(
    `${GROUP_POD}.topologySpreadConstraints`,
    [{ maxSkew: 0, topologyKey: "zone", whenUnsatisfiable: "DoNotSchedule" }],
    /maxSkew/,
  ),
  job(`${JOB}.entrypointNumGpus`, 99, /entrypointNumGpus = 99: is more than any worker has/),
  job(`${JOB}.entrypointNumCpus`, 999, /entrypointNumCpus = 999: is more than any worker has/),
  service("rayService.spec.serveConfigV2", "a: 1", /serveConfigV2 = a: 1: must have a list of applications/),
  // Names over their limit
  cluster("podDisruptionBudgets.0.name", "b".repeat(254), /podDisruptionBudgets\/0\/name/),
  cluster(
    "serviceAccounts",
    [{ name: "a".repeat(254), roleArn: null, autoscalerRole: null }],
    /serviceAccounts\/0\/name/,
  ),
  cluster("podDisruptionBudgets.0.selector.ray\\.io/cluster", "c".repeat(64), /podDisruptionBudgets\/0\/selector/),
  cluster(`${GROUP}.groupName`, "g".repeat(64), /workerGroupSpecs\/0\/groupName/),
  cluster(`${HEAD_CONTAINER}.name`, "c".repeat(64), /containers\/0\/name/),
  cluster(`${HEAD}.template.metadata.labels.team`, "t".repeat(64), /labels\/team/),
  cluster(`${GROUP_POD}.nodeSelector.pool`, "p".repeat(64), /nodeSelector\/pool/),
  cluster(`${GROUP_POD}.volumes`, [{ name: "v".repeat(64), emptyDir: {} }], /volumes\/0\/name/),
  service("rayService.metadata.name", "s".repeat(48), /rayService\/metadata\/name/),
  job("rayJob.metadata.name", "j".repeat(48), /rayJob\/metadata\/name/),
  cluster("networkPolicy.operatorNamespace", "n".repeat(64), /operatorNamespace/),
  // Ways that are closed
  job("networkPolicy.redis", null, /redisAddress = .*the head would not reach it/),
  job("networkPolicy.redis.port", 7000, /redisAddress = .*networkPolicy\.redis must have port/),
  job("networkPolicy.monitoringNamespace", null, /monitoring\.enabled = true: Prometheus would not reach the pods/),
  cluster(
    "networkPolicy.egress",
    [{ cidr: "10.0.0.300/8", ports: [443] }],
    /networkPolicy\.egress\[0\]\.cidr = 10\.0\.0\.300\/8/,
  ),
  job("networkPolicy.redis.cidr", "10.999.0.0/8", /networkPolicy\.redis\.cidr = 10\.999/),
];

/** A budget for the first group of workers. */
function workerBudget(group, minAvailable) {
  return {
    name: "workers",
    minAvailable,
    evictsUnready: true,
    selector: { "ray.io/node-type": "worker", "ray.io/group": group },
  };
}

/** Sound values with one change. A dot inside a key is written with a backslash before it. */
export function changed(values, { at, value }, others) {
  const copy = structuredClone(values);
  const keys = at.split(/(?<!\\)\./).map((key) => key.replaceAll("\\.", "."));
  const last = keys.pop();
  const parent = keys.reduce((node, key) => node[key], copy);
  const next = typeof value === "function" ? value(structuredClone(parent[last]), others) : value;
  if (next === undefined) {
    delete parent[last];
  } else {
    parent[last] = next;
  }
  return copy;
}
