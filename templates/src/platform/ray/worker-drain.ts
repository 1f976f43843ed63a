// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

/**
 * How a worker ends. EC2 takes a spot node two minutes after its notice. Before the pod stops, Ray is told to drain it: it
 * starts nothing more there and moves what can be moved, while what runs may end. When nothing runs any more, Ray stops by
 * itself, and the pod is gone early.
 *
 * In seconds from the notice: until the handler has evicted the pod, until Ray has taken the request, until the deadline that
 * Ray is told, and until its processes have stopped. All of it fits into the two minutes.
 */
export const workerDrain = { eviction: 10, request: 15, running: 75, stop: 10 } as const;

/** Seconds from a spot node's notice to its end. */
export const spotNotice = 120;

/** What the pod gets from its eviction on. */
export const workerGracePeriodSeconds = workerDrain.request + workerDrain.running + workerDrain.stop;

/**
 * The node's id is on the command line of its raylet; Ray's own way to it would start a driver in the pod. Where Ray cannot be
 * asked, because the head ends too or nothing runs any more, the pod stops at once.
 */
const command = `node=$(grep -zhaoE '^--node_id=[0-9a-f]+$' /proc/[0-9]*/cmdline | tr '\\0' '\\n' | head -n 1 | cut -d = -f 2)
timeout ${workerDrain.request} ray drain-node --node-id "$node" --reason DRAIN_NODE_REASON_PREEMPTION \\
  --reason-message "The pod is ending." --deadline-remaining-seconds ${workerDrain.running} &&
  sleep ${workerDrain.running}`;

/** The hook that Kubernetes runs before it stops the worker's container. */
export const workerLifecycle = { preStop: { exec: { command: ["/bin/bash", "-c", command] } } } as const;
