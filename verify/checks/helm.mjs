// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { renderedCharts } from "../rendered-charts.mjs";

/** Changes to sound values of the Ray chart, each of which helm must refuse. */
const FAULTS = {
  "a pod as root": (values) => {
    values.rayCluster.spec.headGroupSpec.template.spec.securityContext.runAsUser = 0;
  },
  "a capability": (values) => {
    values.rayCluster.spec.workerGroupSpecs[0].template.spec.containers[0].securityContext.capabilities.add = [
      "SYS_ADMIN",
    ];
  },
  "work on the head": (values) => {
    values.rayCluster.spec.headGroupSpec.rayStartParams["num-cpus"] = "4";
  },
  "an unknown key": (values) => {
    values.rayClusters = {};
  },
  "a range that is none": (values) => {
    values.networkPolicy.apiServerCidrs = ["everywhere"];
  },
};

export default {
  id: "helm",
  title: "The charts pass helm lint --strict with the values of every option set, and refuse bad ones",
  tools: ["helm"],
  async run(context) {
    const { repo, tools, exec, log } = context;
    const chart = join(repo, "templates", "helm", "ray");
    const lint = (values) => exec(tools.helm, ["lint", "--strict", "--namespace", "ray", chart, "--values", values]);
    const rendered = await renderedCharts(context);
    for (const { option, values } of rendered) {
      log(option);
      await lint(values);
    }
    await exec(tools.helm, ["lint", "--strict", join(repo, "templates", "helm", "cluster-base")]);

    const sound = readFileSync(rendered[0].values, "utf8");
    const file = join(mkdtempSync(join(tmpdir(), "values-")), "values.json");
    for (const [fault, plant] of Object.entries(FAULTS)) {
      const values = JSON.parse(sound);
      plant(values);
      writeFileSync(file, JSON.stringify(values));
      if (
        await lint(file).then(
          () => true,
          () => false,
        )
      ) {
        throw new Error(`helm lint accepts values with ${fault}`);
      }
    }
    return `${rendered.length} sets of values accepted, ${Object.keys(FAULTS).length} faults refused`;
  },
};
