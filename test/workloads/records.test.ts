// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { packageData } from "../../src/config/package-data";
import { PACKAGE_ROOT } from "../../src/package-root";
import { WORKLOADS } from "../../src/workloads";
import type { WorkloadNamespace } from "../../src/workloads/workload-record";

const ids = WORKLOADS.map(({ id }) => id);
const roles = WORKLOADS.flatMap(({ id, role }) =>
  role === undefined ? [] : [{ ...role, address: role.address ?? id }],
);

/** Directories of a path in the package. */
function directories(path: string): string[] {
  return readdirSync(join(PACKAGE_ROOT, path), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();
}

test("each directory of records is a line in the list, and each line has its values", () => {
  expect(directories("src/workloads")).toEqual([...ids].sort());
  expect(directories("templates/src/platform/workloads")).toEqual([...ids].sort());
});

test.each(WORKLOADS.map((record) => [record.id, record] as const))(
  "%s: its chart and its images are pinned",
  (id, record) => {
    const { charts } = packageData<{ readonly charts: object }>("charts");
    const { images } = packageData<{ readonly images: object }>("images");
    expect(record.chart === "pinned" ? id in charts : existsSync(join(PACKAGE_ROOT, "templates", "helm", id))).toBe(
      true,
    );
    expect(record.images === "of-ray" ? [] : record.images.filter((key) => !(key in images))).toEqual([]);
  },
);

test.each([
  ["charts", () => WORKLOADS.filter(({ chart }) => chart === "pinned").map(({ id }) => id)],
  ["images", () => WORKLOADS.flatMap(({ images }) => (images === "of-ray" ? [] : images))],
])("every pin in data/%s.json has a workload that uses it", (name, used) => {
  const pins = packageData<Record<string, object>>(name)[name] ?? {};
  expect(Object.keys(pins).sort()).toEqual([...new Set(used())].sort());
});

test("workloads of one namespace agree on it, and say why it is not restricted", () => {
  const byName = new Map<string, WorkloadNamespace>();
  for (const { namespace } of WORKLOADS) {
    expect(byName.get(namespace.name) ?? namespace).toEqual(namespace);
    byName.set(namespace.name, namespace);
  }
  const silent = [...byName.values()].filter(({ podSecurity, reason }) => podSecurity !== "restricted" && !reason);
  expect(silent).toEqual([]);
});

test("each names workloads that there are, and none waits for itself", () => {
  const after = new Map(WORKLOADS.map((record) => [record.id, record.after]));
  const waitsFor = (id: string, path: readonly string[]): void => {
    expect(path).not.toContain(id);
    for (const other of after.get(id) ?? []) {
      expect(ids).toContain(other);
      waitsFor(other, [...path, id]);
    }
  };
  for (const id of ids) {
    waitsFor(id, []);
  }
});

test("nothing of a record is left to be written", () => {
  expect(WORKLOADS.filter((record) => JSON.stringify(record).includes("<to be written>"))).toEqual([]);
});

test("what must be unique in an account or a stack is", () => {
  for (const names of [ids, roles.map(({ name }) => name), roles.map(({ address }) => address)]) {
    expect(names).toEqual([...new Set(names)]);
  }
});

test("the names of roles fit beside a cluster's name of 40 characters", () => {
  expect(roles.filter(({ name }) => `${"c".repeat(40)}-${name}-irsa`.length > 64)).toEqual([]);
});
