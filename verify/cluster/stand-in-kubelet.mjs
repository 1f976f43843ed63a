// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { setTimeout as sleep } from "node:timers/promises";

/**
 * Stands in for the kubelets of all nodes: a pod that was scheduled runs and is ready at once, a deleted one is gone at once, the
 * pod of a Job ends. No container runs. Pods that are given to `processes` do run, as processes, and end as those do.
 *
 * @typedef {object} Kubelet
 * @property {"Succeeded" | "Failed"} jobsEnd how pods of Jobs end from now on
 * @property {{ has: (pod: object) => boolean, of: import("./pod-processes.mjs").PodProcesses }} [processes]
 * @property {() => Promise<void>} stop throws what went wrong
 *
 * @param {ReturnType<import("./checked-api.mjs").checkedApi>} api
 * @param {string} address the one that all pods have
 * @returns {Kubelet}
 */
export function startStandInKubelet(api, address) {
  const kubelet = { jobsEnd: "Succeeded", processes: undefined };
  let stopped = false;
  const looping = (async () => {
    while (!stopped) {
      for (const pod of await api.list("/api/v1/pods")) {
        await tend(api, pod, kubelet, address);
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

async function tend(api, pod, kubelet, address) {
  const { name, namespace, deletionTimestamp } = pod.metadata;
  const path = `/api/v1/namespaces/${namespace}/pods/${name}`;
  if (deletionTimestamp !== undefined) {
    await api.remove(`${path}?gracePeriodSeconds=0`);
    return;
  }
  if (pod.spec.nodeName === undefined || ["Succeeded", "Failed"].includes(pod.status.phase)) {
    return;
  }
  const phase = await phaseOf(api, pod, kubelet, address);
  if (phase !== pod.status.phase) {
    await api.patch(`${path}/status`, { status: statusOf(pod, phase, address) }).catch((error) => {
      if (!/not found/.test(error.message)) {
        throw error; // a pod may go meanwhile
      }
    });
  }
}

async function phaseOf(api, pod, { jobsEnd, processes }, address) {
  if (processes?.has(pod)) {
    await processes.of.start(api, pod, address);
    return processes.of.phase(pod, address);
  }
  const isJob = pod.metadata.ownerReferences?.some(({ kind }) => kind === "Job");
  return isJob ? jobsEnd : "Running";
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
