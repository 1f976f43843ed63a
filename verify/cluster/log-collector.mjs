// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { addNodes } from "./node-group-nodes.mjs";

const NAMESPACE = "ray-logs";

/**
 * Installs the log collector on a cluster's nodes: admission lets all its pods in, each node has one, and another reads the
 * events, which its account may do and reading a secret it may not. Then it is removed.
 *
 * @param {object} world as for RayLife
 * @param {{ values: object, nodes: object[] }} deployed values of the chart `ray-logs`, and the cluster's nodes
 */
export async function collectLogs({ api, plane, releases }, { values, nodes }) {
  for (const { metadata } of await api.list("/api/v1/nodes")) {
    await api.remove(`/api/v1/nodes/${metadata.name}`);
  }
  await addNodes(api, nodes);
  await releases.upgrade("ray-logs", NAMESPACE, values);
  let found = [];
  await plane.until("a log collector runs on each node, and a pod that reads events", async () => {
    const pods = await api.list(`/api/v1/namespaces/${NAMESPACE}/pods`);
    found = pods.filter(({ status }) => status.phase === "Running");
    const collectors = found.filter(({ metadata }) => metadata.ownerReferences[0].kind === "DaemonSet");
    const covered = new Set(collectors.map(({ spec }) => spec.nodeName));
    return nodes.every(({ metadata }) => covered.has(metadata.name)) && found.length === nodes.length + 1;
  });
  const may = async (resource, namespace) => {
    const { status } = await api.create("/apis/authorization.k8s.io/v1/subjectaccessreviews", {
      apiVersion: "authorization.k8s.io/v1",
      kind: "SubjectAccessReview",
      spec: {
        user: `system:serviceaccount:${NAMESPACE}:ray-logs`,
        groups: ["system:serviceaccounts", `system:serviceaccounts:${NAMESPACE}`, "system:authenticated"],
        resourceAttributes: { verb: "list", resource, namespace },
      },
    });
    return status.allowed;
  };
  const { rayNamespace } = values;
  if (
    !(await may("events", rayNamespace)) ||
    (await may("secrets", rayNamespace)) ||
    (await may("events", "default"))
  ) {
    throw new Error(`the log collector may read something else than the events of ${rayNamespace}`);
  }
  await releases.uninstall("ray-logs", NAMESPACE);
  return found.length;
}
