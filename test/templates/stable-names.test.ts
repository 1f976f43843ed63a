// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { documentView } from "../../src/components/documents/document-view";
import { renderDocuments } from "../../src/components/documents/documents";
import { rayChartValues } from "../../templates/src/platform/ray/ray-chart-values";
import { platform } from "./configs";
import type { Json } from "./synthesize";

const SERVE = "applications:\n  - name: app\n    import_path: app:deployment\n";

function valuesOf(ray: object): Json {
  return rayChartValues(platform({ ray }).environments[0]!, "registry.example.com/mirror", "111122223333");
}

test("a service's account and token have a name of their own, which no upgrade changes and no RayCluster has", () => {
  const { metadata, spec } = valuesOf({ serveConfig: SERVE }).rayService;
  const { authOptions, headGroupSpec } = spec.rayClusterConfig;
  expect(authOptions).toEqual({ mode: "token", secretName: `${metadata.name}-service` });
  expect(headGroupSpec.template.spec.serviceAccountName).toBe(authOptions.secretName);
});

test.each([{}, { serveConfig: SERVE }])("the guide reads the token where it is: %j", (ray) => {
  const config = platform({ ray });
  const { rayCluster, rayService } = valuesOf(ray);
  const secret = rayService?.spec.rayClusterConfig.authOptions.secretName ?? rayCluster.metadata.name;
  const guide = renderDocuments(documentView(config, {})).find(({ path }) => path === "docs/operations.md");
  expect(guide?.content).toContain(`get secret ${secret} -o`);
});

test("a RayCluster leaves both to KubeRay, which gives them its name", () => {
  const { spec } = valuesOf({}).rayCluster;
  expect(spec.authOptions.secretName).toBeUndefined();
  expect(spec.headGroupSpec.template.spec.serviceAccountName).toBeUndefined();
});

test("without an autoscaler a service's head calls no API and needs no account", () => {
  const { spec } = valuesOf({ serveConfig: SERVE, autoscaling: false }).rayService;
  expect(spec.rayClusterConfig.headGroupSpec.template.spec.serviceAccountName).toBeUndefined();
});

test("the guide takes nothing from a list in which an upgrade has two", () => {
  const guide = readFileSync(join(__dirname, "../../templates/docs/operations.md.mustache"), "utf8");
  expect(guide.split("\n").filter((line) => /items\[0\]/.test(line) && /ray/i.test(line))).toEqual([]);
});
