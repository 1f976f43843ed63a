// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { setTimeout as sleep } from "node:timers/promises";

/**
 * Stands in for the kubelets of all nodes: a pod that was scheduled runs and is ready at once, a deleted one is gone at once, the
 * pod of a Job ends. No container runs.
 *
 * @param {ReturnType<import("./checked-api.mjs").checkedApi>} api
 * @returns {{ jobsEnd: "Succeeded" | "Failed", stop: () => Promise<void> }} `jobsEnd` is how pods of Jobs end from now on; `stop`
 *   throws what went wrong
 */
export function startStandInKubelet(api) {
  const kubelet = { jobsEnd: "Succeeded" };
  const addresses = addressesOfPods();
  let stopped = false;
  const looping = (async () => {
    while (!stopped) {
      for (const pod of await api.list("/api/v1/pods")) {
        await tend(api, pod, kubelet, addresses);
      }
      await sleep(200);
    }
  })();
  looping.catch(() => {}); // stop() says it
  kubelet.stop = async () => {
    stopped = true;
    await looping;
  };
  return kubelet;
}

async function tend(api, pod, { jobsEnd }, addresses) {
  const { name, namespace, deletionTimestamp, ownerReferences = [] } = pod.metadata;
  const path = `/api/v1/namespaces/${namespace}/pods/${name}`;
  if (deletionTimestamp !== undefined) {
    await api.remove(`${path}?gracePeriodSeconds=0`);
  } else if (pod.spec.nodeName !== undefined && pod.status.phase === "Pending") {
    const phase = ownerReferences.some(({ kind }) => kind === "Job") ? jobsEnd : "Running";
    await api.patch(`${path}/status`, { status: statusOf(pod, phase, addresses(pod)) }).catch((error) => {
      if (!/not found/.test(error.message)) {
        throw error; // a pod may go meanwhile
      }
    });
  }
}

function statusOf({ spec }, phase, podIP) {
  const now = new Date().toISOString().replace(/\.\d+Z$/, "Z");
  const ended = { terminated: { exitCode: phase === "Failed" ? 1 : 0, startedAt: now, finishedAt: now } };
  const container =
    (isInit) =>
    ({ name, image }) => {
      const isRunning = !isInit && phase === "Running";
      return {
        name,
        image,
        imageID: "stand-in",
        ready: isInit || isRunning,
        started: isRunning,
        restartCount: 0,
        state: isRunning ? { running: { startedAt: now } } : ended,
      };
    };
  const condition = (type, holds = true) => ({ type, status: holds ? "True" : "False", lastTransitionTime: now });
  return {
    phase,
    startTime: now,
    podIP,
    podIPs: [{ ip: podIP }],
    initContainerStatuses: (spec.initContainers ?? []).map(container(true)),
    containerStatuses: spec.containers.map(container(false)),
    conditions: [
      condition("PodScheduled"),
      condition("Initialized"),
      condition("ContainersReady", phase === "Running"),
      condition("Ready", phase === "Running"),
    ],
  };
}

/** An address for each pod, of the range for tests of networks. */
function addressesOfPods() {
  const known = new Map();
  return ({ metadata: { uid } }) => {
    if (!known.has(uid)) {
      known.set(uid, `198.18.${Math.floor(known.size / 250)}.${(known.size % 250) + 1}`);
    }
    return known.get(uid);
  };
}
