// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseAllDocuments } from "yaml";
import { values as monitoringValues } from "../../templates/src/platform/workloads/kube-prometheus-stack/values";
import { configs } from "./configs";
import type { Json } from "./synthesize";

const root = join(__dirname, "..", "..");
const read = (path: string) => readFileSync(join(root, path), "utf8");

/** The alerts of the Ray chart, as Helm writes them for a release in the namespace `ray`; the chart has no other templating there. */
const alerts: Json[] = parseAllDocuments(
  read("templates/helm/ray/templates/monitoring.yaml")
    .replaceAll("{{ .Release.Namespace }}", "ray")
    .replaceAll('{{ "{{" }}', "{{")
    .replace(/^\{\{-.*\}\}$/gm, "")
    .split("kind: ConfigMap")[0]!,
)
  .map((document) => document.toJS() as Json)
  .filter((object) => object?.kind === "PrometheusRule")
  .flatMap(({ spec }) => spec.groups.flatMap(({ rules }: Json) => rules));

const alert = (name: string): Json => alerts.find((one) => one.alert === name);

test("an autoscaler that ended is said within minutes, of every head in Ray's namespace", () => {
  const { expr, for: lasting, labels } = alert("RayAutoscalerStopped");
  expect(expr).toBe(
    'max by (namespace, pod) (kube_pod_container_status_terminated{namespace="ray", container="autoscaler"}) > 0',
  );
  expect([lasting, labels.severity]).toEqual(["2m", "critical"]);
});

test("an autoscaler that is about to run out of memory is said before it ends, with the option that gives it more", () => {
  const { expr, annotations } = alert("RayAutoscalerShortOfMemory");
  expect(expr.replace(/\s+/g, " ").trim()).toBe(
    'max by (namespace, pod) (container_memory_working_set_bytes{namespace="ray", container="autoscaler"}) ' +
      '/ max by (namespace, pod) (kube_pod_container_resource_limits{namespace="ray", container="autoscaler", resource="memory"}) > 0.85',
  );
  expect(annotations.description).toContain("ray.autoscalerMemoryGib");
  expect(read("docs/options.md")).toContain("`autoscalerMemoryGib`");
});

test("both watch the container that KubeRay adds to the head", () => {
  const [, name] = /"name": "([a-z]+)", "resources": _autoscaler_resources/.exec(read("policies/ray/clusters.rego"))!;
  for (const { alert: title, expr } of alerts) {
    expect([title, new Set(expr.match(/container="[^"]*"/g))]).toEqual([title, new Set([`container="${name}"`])]);
  }
});

test("Prometheus takes rules of every release, and has the metrics that they read", () => {
  const environment = configs["monitoring, backup, job, Redis, NodeConfig"]!().environments[0]!;
  const values: Json = monitoringValues({
    environment,
    image: (key: string) => ({ repository: key, tag: "v1" }),
  } as never);
  expect(values.prometheus.prometheusSpec.ruleSelectorNilUsesHelmValues).toBe(false);
  // kube_* of kube-state-metrics, container_* of the kubelet: on by default, and not turned off.
  expect([values.kubeStateMetrics?.enabled, values.kubelet?.enabled]).toEqual([undefined, undefined]);
});

test("the guide says what to do where an alert says so", () => {
  const guide = read("templates/docs/operations.md.mustache");
  expect(guide).toContain("The alert `RayAutoscalerStopped` says so.");
  expect(guide).toContain("nohup ray kuberay-autoscaler");
});
