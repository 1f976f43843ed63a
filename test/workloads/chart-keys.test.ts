// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { packageData } from "../../src/config/package-data";
import { configs } from "../templates/configs";
import { type Json, resources, synthesize } from "../templates/synthesize";
import { everyWorkload } from "./every-workload";

/** Keys of a map: null for one that is not looked into, `*` where the keys are free. */
type Keys = "*" | { readonly [key: string]: Keys | null };

/** What each pinned chart knows: Helm takes a key that no template reads without a word. */
const { charts } = JSON.parse(readFileSync(join(__dirname, "chart-keys.json"), "utf8")) as {
  readonly charts: { readonly [id: string]: { readonly version: string; readonly keys: Keys } };
};

const SETS = ["default", "without GPU", "A100 with EFA", "monitoring, backup, job, Redis, NodeConfig", "own registry"];

/** Paths of keys that a chart does not know. */
function unknownKeys(keys: Keys | null | undefined, values: Json, path: readonly string[] = []): string[] {
  if (keys === null || keys === undefined || keys === "*" || typeof values !== "object" || Array.isArray(values)) {
    return [];
  }
  return Object.entries<Json>(values ?? {}).flatMap(([key, value]) =>
    key in keys ? unknownKeys(keys[key], value, [...path, key]) : [[...path, key].join(".")],
  );
}

const sets = [
  ...SETS.map((set) => [set, configs[set] as typeof everyWorkload] as const),
  ["every workload", everyWorkload] as const,
];
const releases = sets.flatMap(([set, config]) =>
  Object.values(synthesize(config()).stacks).flatMap((stack) =>
    resources(stack, "helm_release")
      .filter(({ repository }) => repository !== undefined)
      .map(({ name, version, values }): [string, string, Json] => [`${set}: ${name}`, version, JSON.parse(values[0])]),
  ),
);
const idOf = (release: string): string => release.split(": ").pop() as string;

test("the table is of the pinned versions, and all of them have a release here", () => {
  const pinned = packageData<{ readonly charts: Record<string, { readonly version: string }> }>("charts").charts;
  expect(Object.entries(charts).map(([id, { version }]) => [id, version])).toEqual(
    expect.arrayContaining(Object.entries(pinned).map(([id, { version }]) => [id, version])),
  );
  expect([...new Set(releases.map(([release]) => idOf(release)))].sort()).toEqual(Object.keys(pinned).sort());
});

test.each(releases)("%s gives its chart only keys that it knows", (release, version, values) => {
  const chart = charts[idOf(release)];
  expect(chart?.version).toBe(version);
  expect(unknownKeys(chart?.keys, values)).toEqual([]);
});

test.each([
  ["velero", "schedule", (v: Json) => Object.assign(v, { schedule: v.schedules })],
  ["velero", "configuration.backupLocation", (v: Json) => Object.assign(v.configuration, { backupLocation: [] })],
  ["cluster-autoscaler", "autoDiscovery.cluster", (v: Json) => Object.assign(v.autoDiscovery, { cluster: "x" })],
  [
    "kube-prometheus-stack",
    "grafana.sidecar.dashboard",
    (v: Json) => Object.assign(v.grafana.sidecar, { dashboard: 1 }),
  ],
  ["aws-node-termination-handler", "queueUrl", (v: Json) => Object.assign(v, { queueUrl: v.queueURL })],
  ["nvidia-device-plugin", "toleration", (v: Json) => Object.assign(v, { toleration: [] })],
])("a key that %s does not know is seen: %s", (id, key, misspell) => {
  const found = releases.find(([release]) => idOf(release) === id);
  const values = structuredClone(found?.[2]);
  misspell(values);
  expect(unknownKeys(charts[id]?.keys, values)).toEqual([key]);
});
