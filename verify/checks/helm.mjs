// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BAD_VALUES, changed } from "../bad-chart-values.mjs";
import { renderedCharts } from "../rendered-charts.mjs";

export default {
  id: "helm",
  title: "The charts pass helm lint --strict with the values of every option set, and say of bad ones what is wrong",
  tools: ["helm"],
  async run(context) {
    const { repo, tools, exec, log } = context;
    const chart = join(repo, "templates", "helm", "ray");
    const rendered = await renderedCharts(context);
    for (const { option, values } of rendered) {
      log(option);
      await exec(tools.helm, ["lint", "--strict", "--namespace", "ray", chart, "--values", values]);
    }
    for (const other of ["cluster-base", "ray-logs"]) {
      await exec(tools.helm, ["lint", "--strict", join(repo, "templates", "helm", other)]);
    }

    const render = (values) => exec(tools.helm, ["template", "ray", chart, "--namespace", "ray", "--values", values]);
    const missed = await acceptedFaults(rendered, render, log);
    if (missed.length > 0) {
      throw new Error(`The Ray chart does not refuse these as it should:\n${missed.join("\n")}`);
    }
    return `${rendered.length} sets of values accepted, ${BAD_VALUES.length} bad values refused`;
  },
};

/** The bad values that the chart takes, or refuses without naming field and rule. */
export async function acceptedFaults(rendered, render, log) {
  const sets = rendered.map(({ values }) => JSON.parse(readFileSync(values, "utf8")));
  const bases = {
    cluster: sets.find(({ rayCluster, rayJob }) => rayCluster !== null && rayJob === null),
    job: sets.find(({ rayJob }) => rayJob !== null),
    service: sets.find(({ rayService }) => rayService !== null),
  };
  const others = { clusterOfAnother: bases.cluster.rayCluster, jobOfAnother: bases.job.rayJob };
  const file = join(mkdtempSync(join(tmpdir(), "values-")), "values.json");
  const missed = [];
  for (const fault of BAD_VALUES) {
    const name = `${fault.at} = ${typeof fault.value === "function" ? "..." : JSON.stringify(fault.value)}`;
    log(name);
    writeFileSync(file, JSON.stringify(changed(bases[fault.base], fault, others)));
    const message = await render(file).then(
      () => undefined,
      (error) => error.stderr,
    );
    if (message === undefined) {
      missed.push(`${name}: accepted`);
    } else if (!fault.says.test(message)) {
      missed.push(`${name}: does not say ${fault.says}, but:\n${message}`);
    }
  }
  return missed;
}
