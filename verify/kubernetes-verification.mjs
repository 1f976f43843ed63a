// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { renderedCharts } from "./rendered-charts.mjs";

let program;

/** Builds verify/kubernetes once. */
function build({ repo, tools, exec, log }) {
  program ??= (async () => {
    log("building verify/kubernetes");
    const binary = join(mkdtempSync(join(tmpdir(), "kubernetes-verification-")), "kubernetes-verification");
    await exec(tools.go, ["build", "-o", binary, "."], { cwd: join(repo, "verify", "kubernetes") });
    return binary;
  })();
  return program;
}

/**
 * Judges the charts' manifests of every option set, and then a manifest with a planted fault, which must be refused.
 *
 * @param {"schema" | "kuberay" | "pod-security"} check
 * @param {{ from: RegExp, to: string }} plant the fault, planted in the first manifest that `from` matches
 * @returns {Promise<string>} a summary
 */
export async function judgeManifests(context, check, plant) {
  const { repo, tools, exec } = context;
  const manifests = (await renderedCharts(context)).map(({ manifest }) => manifest);
  const binary = await build(context);
  const module = "github.com/ray-project/kuberay/ray-operator";
  const { stdout: directory } = await exec(tools.go, ["list", "-m", "-f", "{{.Dir}}", module], {
    cwd: join(repo, "verify", "kubernetes"),
  });
  const judge = (files) =>
    exec(binary, ["-check", check, "-crds", join(directory.trim(), "config", "crd", "bases"), ...files]);
  const { stdout } = await judge(manifests);

  const planted = join(mkdtempSync(join(tmpdir(), "planted-")), "planted.yaml");
  const sound = manifests.map((path) => readFileSync(path, "utf8")).find((text) => plant.from.test(text));
  writeFileSync(planted, sound.replace(plant.from, plant.to));
  const verdict = await judge([planted]).then(
    () => "allowed",
    () => "refused",
  );
  if (verdict !== "refused") {
    throw new Error(`${check}: a manifest with ${plant.from} replaced by ${JSON.stringify(plant.to)} is allowed`);
  }
  return `${stdout.trim().split("\n").pop()}; a planted fault is refused`;
}
