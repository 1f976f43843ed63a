// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import type { Break } from "./break";
import { worker } from "./tampering";

/** Pods of Ray. */
export const rayPodsBreaks: readonly Break[] = [
  {
    red: "POD-01",
    how: "a pod runs as root",
    apply: (p) =>
      p.values("ray", (v) => {
        worker(v).securityContext.runAsUser = 0;
      }),
  },
  {
    red: "POD-01",
    how: "a container runs as root",
    apply: (p) =>
      p.values("ray", (v) => {
        worker(v).containers[0].securityContext.runAsUser = 0;
      }),
  },
  {
    red: "POD-01",
    how: "a pod may run as root",
    apply: (p) =>
      p.values("ray", (v) => {
        delete worker(v).securityContext.runAsNonRoot;
      }),
  },
  {
    red: "POD-01",
    how: "a Helm setting changes the user",
    apply: (p) => {
      p.one("workloads", "helm_release", "/ray").set = [
        { name: "rayCluster.spec.headGroupSpec.template.spec.securityContext.runAsUser", value: "0" },
      ];
    },
  },
  {
    red: "POD-01",
    how: "a second document of values changes the group",
    apply: (p) =>
      p.one("workloads", "helm_release", "/ray").values.push(
        JSON.stringify({
          rayCluster: { spec: { headGroupSpec: { template: { spec: { securityContext: { fsGroup: 0 } } } } } },
        }),
      ),
  },
  {
    red: "POD-02",
    how: "a container escalates privileges",
    apply: (p) =>
      p.values("ray", (v) => {
        worker(v).containers[0].securityContext.allowPrivilegeEscalation = true;
      }),
  },
  {
    red: "POD-02",
    how: "a container keeps its capabilities",
    apply: (p) =>
      p.values("ray", (v) => {
        worker(v).containers[0].securityContext.capabilities = { drop: ["NET_RAW"] };
      }),
  },
  {
    red: "POD-02",
    how: "a container adds a capability",
    apply: (p) =>
      p.values("ray", (v) => {
        worker(v).containers[0].securityContext.capabilities.add = ["SYS_ADMIN"];
      }),
  },
  {
    red: "POD-02",
    how: "an init container is privileged",
    apply: (p) =>
      p.values("ray", (v) => {
        worker(v).initContainers = [{ name: "init", securityContext: { privileged: true } }];
      }),
  },
  {
    red: "POD-02",
    how: "a pod mounts the node's files",
    apply: (p) =>
      p.values("ray", (v) => {
        worker(v).volumes = [{ name: "host", hostPath: { path: "/" } }];
      }),
  },
  {
    red: "POD-02",
    how: "another stack makes a Ray cluster without a seccomp profile",
    apply: (p) =>
      p.beside("kubernetes_manifest", {
        manifest: {
          apiVersion: "ray.io/v1",
          kind: "RayCluster",
          metadata: { name: "x", namespace: "ray" },
          spec: {
            authOptions: { mode: "token" },
            headGroupSpec: {
              template: {
                spec: {
                  securityContext: { runAsUser: 1000, runAsGroup: 1000, fsGroup: 1000, runAsNonRoot: true },
                  containers: [
                    {
                      name: "ray",
                      securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
                    },
                  ],
                },
              },
            },
          },
        },
      }),
  },
  {
    red: "POD-03",
    how: "the namespace is privileged",
    apply: (p) =>
      p.values("cluster-base", (v) => {
        v.namespaces[1].podSecurity = "privileged";
      }),
  },
  {
    red: "POD-03",
    how: "a Helm setting makes the namespace privileged",
    apply: (p) => {
      p.one("workloads", "helm_release", "cluster-base").set = [
        { name: "namespaces[1].podSecurity", value: "privileged" },
      ];
    },
  },
  {
    red: "POD-03",
    how: "nothing makes the namespace",
    apply: (p) => p.values("cluster-base", (v) => v.namespaces.splice(1, 1)),
  },
  {
    red: "POD-03",
    how: "another stack labels the namespace privileged",
    apply: (p) =>
      p.beside("kubernetes_labels", {
        api_version: "v1",
        kind: "Namespace",
        metadata: { name: "ray" },
        labels: { "pod-security.kubernetes.io/enforce": "privileged" },
      }),
  },
  {
    red: "POD-03",
    how: "a resource makes the namespace privileged",
    apply: (p) =>
      p.add("workloads", "kubernetes_namespace_v1", {
        metadata: { name: "ray", labels: { "pod-security.kubernetes.io/enforce": "baseline" } },
      }),
  },
  {
    red: "POD-03",
    how: "a manifest makes the namespace privileged",
    apply: (p) =>
      p.add("workloads", "kubectl_manifest", {
        yaml_body:
          "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: ray\n  labels:\n    pod-security.kubernetes.io/enforce: privileged\n",
      }),
  },
  {
    red: "POD-04",
    how: "there is no network policy",
    apply: (p) =>
      p.values("ray", (v) => {
        v.networkPolicy = null;
      }),
  },
  {
    red: "POD-04",
    how: "pods reach what no option names",
    apply: (p) =>
      p.values("ray", (v) => {
        v.networkPolicy.egress = [{ cidr: "0.0.0.0/0", ports: [443] }];
      }),
  },
  {
    red: "POD-04",
    how: "everything is an address of the API server",
    apply: (p) =>
      p.values("ray", (v) => {
        v.networkPolicy.apiServerCidrs = ["0.0.0.0/0"];
      }),
  },
  {
    red: "POD-04",
    how: "another namespace is the operator's",
    apply: (p) =>
      p.values("ray", (v) => {
        v.networkPolicy.operatorNamespace = "default";
      }),
  },
  {
    red: "POD-04",
    how: "another stack allows all traffic",
    apply: (p) =>
      p.beside("kubernetes_network_policy_v1", {
        metadata: { name: "x", namespace: "ray" },
        spec: { pod_selector: {}, policy_types: ["Egress"], egress: {} },
      }),
  },
  {
    red: "RAY-01",
    how: "the Ray cluster asks for no token",
    apply: (p) =>
      p.values("ray", (v) => {
        delete v.rayCluster.spec.authOptions;
      }),
  },
  {
    red: "RAY-01",
    how: "the token is switched off",
    apply: (p) =>
      p.values("ray", (v) => {
        v.rayCluster.spec.authOptions.mode = "disabled";
      }),
  },
  {
    red: "RAY-01",
    how: "a Helm setting switches the token off",
    apply: (p) => {
      p.one("workloads", "helm_release", "/ray").set_sensitive = [
        { name: "rayCluster.spec.authOptions.mode", value: "disabled" },
      ];
    },
  },
];
