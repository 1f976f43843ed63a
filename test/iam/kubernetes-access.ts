// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseAllDocuments } from "yaml";
import { PACKAGE_ROOT } from "../../src/package-root";
import { type Json, resources } from "../templates/synthesize";

/** A call of the Kubernetes API. */
export interface KubernetesCall {
  readonly verb: string;
  readonly resource: string;
  /** Absent for what has no namespace, or for all of them. */
  readonly namespace?: string;
  readonly name?: string;
}

interface Rule {
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
  readonly resourceNames?: readonly string[];
}

interface Grant {
  readonly rules: readonly Rule[];
  /** Where it holds; everywhere if absent. */
  readonly namespaces?: readonly string[];
}

const read = ["get", "list", "watch"];

/**
 * What EKS's access policies allow, as far as the guide calls it.
 *
 * @see https://docs.aws.amazon.com/eks/latest/userguide/access-policy-permissions.html
 */
const ACCESS_POLICIES: Readonly<Record<string, readonly Rule[]>> = {
  AmazonEKSClusterAdminPolicy: [{ resources: ["*"], verbs: ["*"] }],
  AmazonEKSViewPolicy: [
    {
      resources: [
        "configmaps",
        "endpoints",
        "events",
        "namespaces",
        "persistentvolumeclaims",
        "pods",
        "pods/log",
        "services",
      ],
      verbs: read,
    },
  ],
};

/** Rights in the cluster of each access entry, by the last part of its address: `administrator`, `ray-user`, `viewer`. */
export function kubernetesGrants(cluster: Json, workloads: Json): ReadonlyMap<string, readonly Grant[]> {
  const groups = groupGrants(workloads);
  return new Map(
    resources(cluster, "aws_eks_access_entry").map((entry) => {
      const id = entry["//"].metadata.path.split("/").pop();
      const associated = resources(cluster, "aws_eks_access_policy_association")
        .filter((one) => one["//"].metadata.path.endsWith(`/${id}-policy`))
        .map(({ policy_arn, access_scope }) => ({
          rules: ACCESS_POLICIES[policy_arn.split("/").pop()] ?? [],
          ...(access_scope.type === "namespace" ? { namespaces: access_scope.namespaces } : {}),
        }));
      return [
        id,
        [...associated, ...(entry.kubernetes_groups ?? []).flatMap((group: string) => groups.get(group) ?? [])],
      ];
    }),
  );
}

export function allows(grants: readonly Grant[], { verb, resource, namespace, name }: KubernetesCall): boolean {
  return grants.some(
    ({ rules, namespaces }) =>
      (namespaces === undefined || (namespace !== undefined && namespaces.includes(namespace))) &&
      rules.some(
        (rule) =>
          (rule.resources.includes("*") || rule.resources.includes(resource)) &&
          (rule.verbs.includes("*") || rule.verbs.includes(verb)) &&
          (rule.resourceNames === undefined || (name !== undefined && rule.resourceNames.includes(name))),
      ),
  );
}

/** The bindings of the chart `cluster-base`, with the values that the workloads stack gives it. */
function groupGrants(workloads: Json): ReadonlyMap<string, readonly Grant[]> {
  const release = resources(workloads, "helm_release").find(({ name }) => name === "cluster-base");
  const { access } = JSON.parse(release.values[0]);
  const template = readFileSync(join(PACKAGE_ROOT, "templates/helm/cluster-base/templates/access.yaml"), "utf8");
  const text = template
    .replace("{{ toJson . }}", JSON.stringify(access.tokenSecrets))
    .replace(/\{\{ \.(\w+) \}\}/g, (_, key: string) => access[key])
    .replace(/^\s*\{\{-.*\}\}$/gm, "");
  const objects: Json[] = parseAllDocuments(text)
    .map((document) => document.toJS())
    .filter(Boolean);
  const found = new Map<string, Grant[]>();
  for (const binding of objects.filter(({ kind }) => kind.endsWith("Binding"))) {
    const { rules } = objects.find(
      ({ kind, metadata }) => kind === binding.roleRef.kind && metadata.name === binding.roleRef.name,
    );
    const { namespace } = binding.metadata;
    for (const subject of binding.subjects) {
      const grant = { rules, ...(namespace === undefined ? {} : { namespaces: [namespace] }) };
      found.set(subject.name, [...(found.get(subject.name) ?? []), grant]);
    }
  }
  return found;
}
