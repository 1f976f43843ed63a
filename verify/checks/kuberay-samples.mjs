// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { deepEqual } from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join, relative } from "node:path";

const KUBERAY = "github.com/ray-project/kuberay/ray-operator";

/** Manifests that KubeRay's authors wrote: what the policies say of each is a table, so that no change of it goes unseen. */
export default {
  id: "kuberay-samples",
  title: "The policies say of KubeRay's own samples what they said before",
  tools: ["go"],
  async run({ repo, generated, tools, exec }) {
    const expected = JSON.parse(readFileSync(join(repo, "verify", "kuberay-samples.json"), "utf8"));
    const { stdout } = await exec(tools.go, ["mod", "download", "-json", KUBERAY], {
      cwd: join(repo, "verify", "kubernetes"),
    });
    const { Version: version, Dir: directory } = JSON.parse(stdout);
    const samples = join(directory, "config", "samples");
    deepEqual(expected.source, `${KUBERAY} ${version}, config/samples`, "the release that the table is of");
    const report = await judged({ repo, generated, exec }, samples);
    const nameOf = (file) => relative(samples, join(generated, file));
    const skipped = report.coverage.skipped.map(({ file }) => nameOf(file)).sort();
    const found = {};
    for (const { file, deny, warn } of report.files.filter(({ file }) => !skipped.includes(nameOf(file)))) {
      found[nameOf(file)] ??= {};
      for (const rule of [...deny.map(({ id }) => id), ...warn.map(({ id }) => `warn ${id}`)]) {
        found[nameOf(file)][rule] = (found[nameOf(file)][rule] ?? 0) + 1;
      }
    }
    deepEqual(found, expected.judged, "verify/kuberay-samples.json, judged");
    deepEqual(skipped, expected.skipped, "verify/kuberay-samples.json, skipped");
    return `${Object.keys(found).length} samples of KubeRay ${version} judged as before, ${skipped.length} without a Ray resource`;
  },
};

/** The report of `policy` on a directory, which denies some of it. */
async function judged({ repo, generated, exec }, directory) {
  const { policyReport } = await import(join(repo, "lib", "reports", "policy-report.js"));
  const args = ["node_modules/ray-platform/bin/ray-platform", "policy", "--json", directory];
  const { stdout } = await exec(process.execPath, args, { cwd: generated }).catch((error) => {
    if (error.code === 2) {
      return error;
    }
    throw error;
  });
  return policyReport.read(stdout);
}
