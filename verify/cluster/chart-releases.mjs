// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * Installs, upgrades and removes this project's charts, with values of the synthesized workloads stacks.
 *
 * @param {{ repo: string, tools: Record<string, string>, exec: Function }} context
 * @param {import("./control-plane.mjs").ControlPlane} plane
 */
export function chartReleases({ repo, tools, exec }, { kubeconfig }) {
  const file = join(mkdtempSync(join(tmpdir(), "values-")), "values.json");
  const helm = (...args) => exec(tools.helm, [...args, "--kubeconfig", kubeconfig]);
  return {
    /** Installs or upgrades a release that has the name of its chart. */
    async upgrade(chart, namespace, values, ...more) {
      writeFileSync(file, JSON.stringify(values));
      const path = join(repo, "templates", "helm", chart);
      const { stdout } = await helm("upgrade", "--install", chart, path, "-n", namespace, "-f", file, ...more);
      return stdout;
    },
    uninstall: (chart, namespace) => helm("uninstall", chart, "--namespace", namespace, "--wait"),
  };
}

/** The values that a synthesized workloads stack gives to a release. */
export function valuesOf(outdir, environment, release) {
  const stack = JSON.parse(readFileSync(join(outdir, "stacks", `${environment}-workloads`, "cdk.tf.json"), "utf8"));
  const { values } = Object.values(stack.resource.helm_release).find(({ name }) => name === release);
  return JSON.parse(values[0]);
}
