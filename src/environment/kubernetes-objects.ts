// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { isObject, type JsonObject, objectOf } from "../json-object";
import { listAt, objectAt } from "../policy/json";
import { parseYamlText } from "../policy/parse-documents";
import { address } from "./access-facts";
import { helmValues } from "./helm-values";
import type { ResolvedResource } from "./stack-values";

/** A Helm release, with the values that it is installed with; null where they cannot be known. */
export interface HelmRelease {
  readonly address: string;
  readonly name: unknown;
  readonly namespace: unknown;
  readonly chart: unknown;
  readonly values: JsonObject | null;
}

/** A Kubernetes object that a stack makes or changes, as a manifest would say it. */
export interface KubernetesObject {
  readonly address: string;
  readonly object: JsonObject;
}

/** The spec of a pod that Ray runs. */
export interface RayPod {
  readonly address: string;
  /** Where in the values or the manifest. */
  readonly path: string;
  readonly spec: JsonObject;
}

/** A Ray cluster, of its own or within a job or a service. */
export interface RayCluster {
  readonly address: string;
  readonly path: string;
  readonly spec: JsonObject;
}

/** Kinds that a resource type of the Kubernetes provider makes, without the version at its end. */
const KINDS: Readonly<Record<string, string>> = {
  kubernetes_namespace: "Namespace",
  kubernetes_network_policy: "NetworkPolicy",
  kubernetes_cluster_role_binding: "ClusterRoleBinding",
};

/** The Helm releases among the resources. */
export function releasesOf(resources: readonly ResolvedResource[]): HelmRelease[] {
  return resources
    .filter(({ type }) => type === "helm_release")
    .map((resource) => {
      const { name, namespace, chart } = resource.body;
      const values = helmValues(resource.body) ?? null;
      return {
        address: address(resource),
        name: name ?? null,
        namespace: namespace ?? "default",
        chart: chart ?? null,
        values,
      };
    });
}

/** The Kubernetes objects among the resources, whichever provider makes them. */
export function objectsOf(resources: readonly ResolvedResource[]): KubernetesObject[] {
  return resources.flatMap((resource) => {
    const at = address(resource);
    return manifestsOf(resource)
      .flatMap((manifest) => (manifest.kind === "List" ? listAt(manifest, "items").filter(isObject) : [manifest]))
      .map((object) => ({ address: at, object }));
  });
}

function manifestsOf({ type, body }: ResolvedResource): JsonObject[] {
  if (type === "kubernetes_manifest") {
    return [body.manifest].filter(isObject);
  }
  if (type === "kubectl_manifest" || type === "kustomization_resource") {
    const text = body.yaml_body ?? body.manifest;
    return typeof text === "string" ? (parseYamlText(text) ?? []).filter(isObject) : [];
  }
  if (type === "kubernetes_labels") {
    return [{ kind: body.kind, metadata: { ...objectOfBlock(body, "metadata"), labels: body.labels } }];
  }
  const kind = KINDS[type.replace(/_v\d+(?:(?:alpha|beta)\d+)?$/, "")];
  return kind === undefined
    ? []
    : [{ kind, metadata: objectOfBlock(body, "metadata"), spec: objectOfBlock(body, "spec") }];
}

function objectOfBlock(body: JsonObject, key: string): JsonObject {
  const [block] = listAt(body, key);
  return objectOf(block);
}

/** Every pod of a Ray resource, in the values of a release or in an object. */
export function rayPodsIn(releases: readonly HelmRelease[], objects: readonly KubernetesObject[]): RayPod[] {
  return [
    ...releases.flatMap(({ address: at, values }) => podsBelow(at, "", values, false)),
    ...objects.flatMap(({ address: at, object }) => podsBelow(at, "", object, false)),
  ];
}

function podsBelow(at: string, path: string, value: unknown, isRay: boolean): RayPod[] {
  if (Array.isArray(value)) {
    return (value as unknown[]).flatMap((item, index) => podsBelow(at, `${path}[${index}]`, item, isRay));
  }
  if (!isObject(value)) {
    return [];
  }
  const ofRay = isRay || String(value.apiVersion ?? "").startsWith("ray.io/") || isRayPod(value);
  const own = ofRay && Array.isArray(value.containers) ? [{ address: at, path, spec: value }] : [];
  return [
    ...own,
    ...Object.entries(value).flatMap(([key, item]) => podsBelow(at, path === "" ? key : `${path}.${key}`, item, ofRay)),
  ];
}

/** Every Ray cluster, in the values of a release or in an object. */
export function rayClustersIn(releases: readonly HelmRelease[], objects: readonly KubernetesObject[]): RayCluster[] {
  return [
    ...releases.flatMap(({ address: at, values }) => clustersBelow(at, "", values)),
    ...objects.flatMap(({ address: at, object }) => clustersBelow(at, "", object)),
  ];
}

function clustersBelow(at: string, path: string, value: unknown): RayCluster[] {
  if (Array.isArray(value)) {
    return (value as unknown[]).flatMap((item, index) => clustersBelow(at, `${path}[${index}]`, item));
  }
  if (!isObject(value)) {
    return [];
  }
  const spec = value.kind === "RayCluster" ? objectAt(value, "spec") : undefined;
  const inner = isObject(value.rayClusterSpec) ? value.rayClusterSpec : undefined;
  const found = spec ?? inner;
  return [
    ...(found === undefined ? [] : [{ address: at, path, spec: found }]),
    ...Object.entries(value).flatMap(([key, item]) => clustersBelow(at, path === "" ? key : `${path}.${key}`, item)),
  ];
}

// The chart's own jobs carry Ray's label.
function isRayPod(value: JsonObject): boolean {
  const { labels } = objectAt(objectAt(value, "template"), "metadata");
  return isObject(labels) && labels.app === "ray";
}
