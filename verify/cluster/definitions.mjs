// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { objectsOf } from "./api-objects.mjs";

/** KubeRay's custom resource definitions, and a moment until the API server serves them. */
export async function makeDefinitions({ call }, directory) {
  for (const file of readdirSync(directory).filter((name) => name.endsWith(".yaml"))) {
    for (const object of objectsOf(readFileSync(join(directory, file), "utf8"))) {
      const { status, body } = await call("POST", "/apis/apiextensions.k8s.io/v1/customresourcedefinitions", object);
      if (status !== 201) {
        throw new Error(`${file}: ${body.message}`);
      }
    }
  }
  for (let attempt = 0; attempt < 120; attempt++) {
    const { body } = await call("GET", "/apis/ray.io/v1");
    const served = (body.resources ?? []).map(({ kind }) => kind);
    if (["RayCluster", "RayCronJob", "RayJob", "RayService"].every((kind) => served.includes(kind))) {
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  throw new Error("the API server does not serve KubeRay's resources");
}
