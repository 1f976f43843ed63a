// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { ageInSeconds, conditionOf, getObjects } from "./kubernetes.mjs";
import { checkPods } from "./workloads.mjs";

/** A worker that has waited this long for the head will wait forever. */
const CONNECT_SECONDS = 300;

/** The Ray cluster: its resource, the events of its namespace, its head, its workers, its token. */
export function checkRay(report, environment) {
  const { ray } = environment;
  checkResource(report, environment);
  checkEvents(report, ray);
  const pods = getObjects(["pods", "--namespace", ray.namespace]);
  if (!checkPods(report, ray.namespace, pods)) {
    return;
  }
  checkHead(report, environment, ofKind(pods.items, "head"));
  checkWorkers(report, ofKind(pods.items, "worker"));
  checkToken(report, environment);
}

function ofKind(pods, kind) {
  return pods.filter(({ metadata }) => metadata.labels?.["ray.io/node-type"] === kind);
}

function checkResource(report, { name, ray }) {
  const check = "Ray cluster";
  const kind = ray.service === null ? "raycluster" : "rayservice";
  const found = getObjects([kind, ray.clusterName, "--namespace", ray.namespace]);
  if (found.isForbidden) {
    report.broken(check, "api-forbidden", found.reason, "use a role of the environment");
  } else if (found.value === undefined) {
    report.broken(check, "ray-missing", found.reason, `deploy ${name}-workloads`);
  } else {
    const spec = kind === "raycluster" ? found.value.spec : found.value.spec.rayClusterConfig;
    const failure = conditionOf(found.value, "ReplicaFailure");
    if (failure?.status === "True") {
      report.broken(
        check,
        "ray-pods-refused",
        `${failure.reason}: ${failure.message}`,
        "look at the namespace's events",
      );
    } else if (spec.rayVersion !== ray.version) {
      const detail = `Ray ${spec.rayVersion} is deployed, the options say ${ray.version}`;
      report.broken(check, "version-differs", detail, `deploy ${name}-workloads`);
    } else {
      report.ok(check, `${ray.clusterName}, Ray ${spec.rayVersion}`);
    }
    if (ray.tokenAuth && spec.authOptions?.mode !== "token") {
      const fix = `deploy ${name}-workloads, and restart the cluster's pods`;
      report.broken("token", "token-disabled", "the cluster asks for none, and the options say that it does", fix);
    }
  }
}

/** What events say of pods that were never made. */
const REFUSALS = [
  [
    /exceeded quota/i,
    "namespace-quota",
    "wait for what runs, or raise maxReplicas in the options, which the quota follows",
  ],
  [/violates PodSecurity/i, "pod-security", "run it restricted: copy the security context of an example's manifest"],
  [/denied request: ray\//, "ray-admission", "change the resource as the message says, or the limit in the options"],
  [/serviceaccount .* not found/i, "data-account-missing", "deploy the environment's workloads"],
];

function checkEvents(report, { namespace }) {
  const events = getObjects(["events", "--namespace", namespace]);
  if (events.reason !== undefined) {
    report.notChecked("events", events.reason);
    return;
  }
  const seen = new Set();
  for (const { message = "" } of events.items) {
    const [, code, fix] = REFUSALS.find(([pattern]) => pattern.test(message)) ?? [];
    if (code !== undefined && !seen.has(code)) {
      seen.add(code);
      report.broken("events", code, message, fix);
    }
  }
  if (seen.size === 0) {
    report.ok("events", "no pod was refused");
  }
}

function checkHead(report, { name, ray }, heads) {
  const check = "head";
  const [head] = heads;
  if (head === undefined) {
    const fix = "look at the operator's logs; if it runs, at the namespace's events";
    report.broken(check, "head-missing", `no pod in ${ray.namespace}`, fix);
    return;
  }
  if (conditionOf(head, "Ready")?.status !== "True") {
    const fix = `kubectl --namespace ${ray.namespace} describe pod ${head.metadata.name}`;
    report.broken(check, "head-not-ready", `${head.metadata.name} is ${head.status?.phase}, not ready`, fix);
    return;
  }
  const account = head.spec?.serviceAccountName;
  if (ray.head.serviceAccount !== null && account !== ray.head.serviceAccount) {
    const detail = `it runs as ${account}, and its rights are those of ${ray.head.serviceAccount}`;
    report.broken(check, "pods-outdated", detail, `deploy ${name}-workloads, then delete Ray's pods when no job runs`);
    return;
  }
  report.ok(check, `${head.metadata.name} is ready`);
}

function checkWorkers(report, workers) {
  const check = "workers";
  const lost = workers.filter((pod) => {
    const waiting = (pod.status?.initContainerStatuses ?? []).find(({ name }) => name === "wait-gcs-ready");
    return waiting?.state?.running !== undefined && ageInSeconds(pod) > CONNECT_SECONDS;
  });
  for (const { metadata } of lost) {
    const fix =
      "check whether the head is ready, runs the same Ray version, and is in the namespace's network policies";
    report.broken(check, "worker-not-connecting", `${metadata.name} waits for the head`, fix);
  }
  if (lost.length === 0) {
    report.ok(check, workers.length === 0 ? "none, as none is needed" : `${workers.length} pods`);
  }
}

function checkToken(report, { ray }) {
  const check = "token";
  if (!ray.tokenAuth) {
    report.notChecked(check, "the options ask for none");
    return;
  }
  const name = tokenSecret(ray);
  const secret = getObjects(["secret", name, "--namespace", ray.namespace]);
  if (secret.isForbidden) {
    report.notChecked(check, "Ray's users and administrators read it");
  } else if (!secret.value?.data?.auth_token) {
    const detail = secret.reason ?? `the secret ${name} has no auth_token`;
    report.broken(check, "token-missing", detail, "look at the operator's logs: it makes the secret with the cluster");
  } else {
    report.ok(check, `in the secret ${name}`);
  }
}

/** Secret that holds the token. */
export function tokenSecret({ clusterName, service }) {
  return service === null ? clusterName : `${clusterName}-service`;
}
