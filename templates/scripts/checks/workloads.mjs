// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { getObjects, waitingContainers } from "./kubernetes.mjs";

/** What the workloads stack installed: KubeRay's definitions and operator, the autoscaler, and every pod of the platform. */
export function checkWorkloads(report, environment) {
  const { workloads, ray } = environment;
  checkDefinitions(report, environment);
  checkDeployment(report, {
    check: "operator",
    namespace: workloads["kuberay-operator"].namespace,
    selector: "app.kubernetes.io/name=kuberay-operator",
    codes: ["operator-missing", "operator-not-ready"],
    environment,
  });
  checkDeployment(report, {
    check: "autoscaler",
    namespace: workloads["cluster-autoscaler"].namespace,
    selector: "app.kubernetes.io/instance=cluster-autoscaler",
    codes: ["autoscaler-missing", "autoscaler-not-ready"],
    environment,
  });
  checkScaling(report, environment);
  const namespaces = [...new Set(Object.values(workloads).map(({ namespace }) => namespace))];
  for (const namespace of namespaces.filter((one) => one !== ray.namespace)) {
    checkPods(report, namespace);
  }
}

function checkDefinitions(report, { name }) {
  const check = "KubeRay's definitions";
  const kinds = ["rayclusters", "rayjobs", "rayservices"].map((kind) => `${kind}.ray.io`);
  const found = getObjects(["customresourcedefinitions", ...kinds]);
  if (found.isForbidden) {
    report.notChecked(check, "the administrator's role reads them");
  } else if (found.reason !== undefined) {
    report.broken(check, "crds-missing", found.reason, `deploy ${name}-workloads`);
  } else {
    report.ok(check, kinds.join(", "));
  }
}

function checkDeployment(report, { check, namespace, selector, codes, environment }) {
  const [missing, notReady] = codes;
  const found = getObjects(["deployments", "--namespace", namespace, "--selector", selector]);
  if (found.isForbidden) {
    report.notChecked(check, `your role does not read ${namespace}: the viewer's does`);
    return;
  }
  const [deployment] = found.items;
  if (deployment === undefined) {
    const detail = found.reason ?? `no deployment in ${namespace}`;
    report.broken(check, missing, detail, `deploy ${environment.name}-workloads`);
    return;
  }
  const { replicas = 1 } = deployment.spec;
  const { readyReplicas = 0 } = deployment.status;
  if (readyReplicas < replicas) {
    const detail = `${readyReplicas} of ${replicas} pods are ready`;
    report.broken(check, notReady, detail, `kubectl --namespace ${namespace} describe pods --selector ${selector}`);
  } else {
    report.ok(check, `${readyReplicas} ready`);
  }
}

/** What the cluster autoscaler says of groups that it gave up for a while. */
function checkScaling(report, { workloads }) {
  const check = "scaling";
  const { namespace } = workloads["cluster-autoscaler"];
  const map = getObjects(["configmap", "cluster-autoscaler-status", "--namespace", namespace]);
  if (map.value === undefined) {
    report.notChecked(check, map.reason);
    return;
  }
  const status = map.value.data?.status ?? "";
  if (/\bBackoff\b/i.test(status)) {
    const said = /errorMessage:\s*(.*)/.exec(status)?.[1] ?? "a node group did not grow in time";
    const isQuota = /VcpuLimitExceeded|MaxSpotInstanceCount|quota/i.test(said);
    report.broken(
      check,
      isQuota ? "quota-exceeded" : "capacity-missing",
      said,
      isQuota
        ? "ask for a higher quota: node scripts/preflight.mjs names it"
        : "add instance types or zones to the pool",
    );
  } else {
    report.ok(check, "no group is given up");
  }
}

/** Pods that cannot run, each cause once. @returns whether the pods could be listed */
export function checkPods(report, namespace, pods = getObjects(["pods", "--namespace", namespace])) {
  const check = `pods of ${namespace}`;
  if (pods.reason !== undefined) {
    report.notChecked(check, pods.reason);
    return false;
  }
  const before = report.findings.length;
  for (const pod of pods.items) {
    reportPod(report, check, pod);
  }
  if (report.findings.length === before) {
    report.ok(check, `${pods.items.length} run`);
  }
  return true;
}

function reportPod(report, check, pod) {
  const { name } = pod.metadata;
  for (const { reason, message, image, lastState } of waitingContainers(pod)) {
    if (/ImagePull|ErrImage|InvalidImageName/.test(reason)) {
      const fix = "mirror the images: bash scripts/mirror-images.sh ENVIRONMENT";
      report.broken(check, "image-pull", `${name}: ${image}: ${message ?? reason}`, fix);
    } else if (lastState?.terminated?.reason === "OOMKilled") {
      const fix = "give it more memory, or its tasks less to do at once";
      report.broken(check, "pod-out-of-memory", `${name} was ended for its memory`, fix);
    } else if (/CrashLoopBackOff|RunContainerError|CreateContainer/.test(reason)) {
      const fix = `kubectl --namespace ${pod.metadata.namespace} logs ${name} --previous`;
      report.broken(check, "pod-crashing", `${name}: ${message ?? reason}`, fix);
    }
  }
  const unscheduled = (pod.status?.conditions ?? []).find(
    ({ type, status, reason }) => type === "PodScheduled" && status === "False" && reason === "Unschedulable",
  );
  if (unscheduled !== undefined) {
    const [code, fix] = pendingCause(unscheduled.message ?? "");
    report.broken(check, code, `${name}: ${unscheduled.message}`, fix);
  }
}

/** Why the scheduler finds no node. */
function pendingCause(message) {
  if (/nvidia\.com\/gpu/.test(message)) {
    return ["pod-pending-gpu", "wait some minutes for a GPU node; then look at the GPU pool's node group above"];
  }
  if (/untolerated taint|node affinity|node selector|didn't match/i.test(message) && !/Insufficient/.test(message)) {
    return ["pod-pending-selector", "no pool has the labels and taints that it asks for: compare with the options"];
  }
  if (/persistentvolumeclaim|volume/i.test(message)) {
    return ["pod-pending-volume", "look at the claim, and at the add-on aws-ebs-csi-driver"];
  }
  return ["pod-pending", "wait some minutes for a node; then raise maxSize, or lower what it asks for"];
}
