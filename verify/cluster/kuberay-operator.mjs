// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { objectsOf } from "./api-objects.mjs";

const NAME = "kuberay-operator";

/**
 * Runs KubeRay's operator as its service account, which may do in one namespace what the operator's own role says and nothing
 * elsewhere, as with the chart's `singleNamespaceInstall`.
 *
 * @param {import("./control-plane.mjs").ControlPlane} plane
 * @param {{ program: string, rbac: string }} operator what buildVerification makes
 * @param {{ operatorNamespace: string, watched: string }} namespaces
 */
export async function startOperator(plane, api, { program, rbac }, { operatorNamespace, watched }) {
  const [role] = objectsOf(readFileSync(join(rbac, "role.yaml"), "utf8")).filter(({ kind }) => kind === "ClusterRole");
  await api.create("/apis/rbac.authorization.k8s.io/v1/clusterroles", role);
  await api.create(`/apis/rbac.authorization.k8s.io/v1/namespaces/${watched}/rolebindings`, {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "RoleBinding",
    metadata: { name: NAME },
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: role.metadata.name },
    subjects: [{ kind: "ServiceAccount", name: NAME, namespace: operatorNamespace }],
  });
  const accounts = `/api/v1/namespaces/${operatorNamespace}/serviceaccounts`;
  await api.create(accounts, { apiVersion: "v1", kind: "ServiceAccount", metadata: { name: NAME } });
  const token = await tokenOf(api, operatorNamespace, NAME);
  plane.start(
    NAME,
    program,
    [
      `--watch-namespace=${watched}`,
      "--enable-leader-election=false",
      // The operator is no pod: it reaches Ray's dashboard by way of the API server.
      "--use-kubernetes-proxy=true",
      "--metrics-addr=0",
      "--health-probe-bind-address=0",
    ],
    { KUBECONFIG: plane.kubeconfigFor(token) },
  );
}

/** A token of a service account, as its pods have it. */
export async function tokenOf(api, namespace, account) {
  const { status } = await api.create(`/api/v1/namespaces/${namespace}/serviceaccounts/${account}/token`, {
    apiVersion: "authentication.k8s.io/v1",
    kind: "TokenRequest",
    spec: {},
  });
  return status.token;
}
