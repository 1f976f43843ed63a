// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from "node:fs";
import { join } from "node:path";

const read = (path: string) => readFileSync(join(__dirname, "..", "..", path), "utf8");
const { kubernetes, ray } = JSON.parse(read("verify/tools.json"));
const goModule = read("verify/cluster/programs/go.mod");

test("the control plane of the checks is of the default Kubernetes version", () => {
  const { default: minor } = JSON.parse(read("data/eks.json"));
  expect(kubernetes.version.startsWith(`v${minor}.`)).toBe(true);
});

test("its programs say the version that its module requires, and so do the modules that Kubernetes keeps in its own repository", () => {
  const version: string = kubernetes.version;
  expect(goModule).toContain(`k8s.io/kubernetes ${version}`);
  expect(kubernetes.ldflags).toContain(`gitVersion=${version} `);
  const released = [...goModule.matchAll(/^\tk8s\.io\/\S+ => \S+ (\S+)$/gm)].map(([, replacement]) => replacement);
  expect(released.length).toBeGreaterThan(25);
  expect(new Set(released)).toEqual(new Set([version.replace("v1.", "v0.")]));
});

test("the Ray that runs an example is the one that is deployed by default", () => {
  expect(ray.version).toBe(JSON.parse(read("data/ray.json")).default);
});
