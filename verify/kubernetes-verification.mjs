// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { cpSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildFlags } from "./install-tool.mjs";
import { renderedCharts } from "./rendered-charts.mjs";

const KUBERAY = "github.com/ray-project/kuberay/ray-operator";

let program;

/**
 * Builds verify/kubernetes once, with the KubeRay that generated repositories deploy. verify/kubernetes/go.mod names the
 * newest release that could be had when it was written; where the deployed one can be had, that one is taken, and the
 * checksum database vouches for it.
 *
 * @returns {Promise<{ binary: string, definitions: string, kuberay: string, operator: () => Promise<{ program: string, rbac: string }>, notRun?: string }>}
 *   `definitions` is the directory of KubeRay's custom resource definitions; `operator` builds KubeRay's operator, `rbac` is the
 *   directory of what it may do
 */
export function buildVerification({ repo, generated, tools, exec, log }) {
  program ??= (async () => {
    const directory = mkdtempSync(join(tmpdir(), "kubernetes-verification-"));
    const sources = join(directory, "sources");
    cpSync(join(repo, "verify", "kubernetes"), sources, { recursive: true });
    const go = async (...args) => (await exec(tools.go, args, { cwd: sources })).stdout.trim();
    const pinned = await go("list", "-m", "-f", "{{.Version}}", KUBERAY);
    const deployed = deployedKubeRay(generated);
    let notRun;
    if (pinned !== deployed) {
      log(`looking for KubeRay ${deployed}`);
      try {
        await go("get", `${KUBERAY}@${deployed}`);
        await go("mod", "tidy");
      } catch (error) {
        cpSync(join(repo, "verify", "kubernetes"), sources, { recursive: true });
        notRun = `KubeRay ${deployed}, which is deployed, cannot be had as a Go module; ${pinned} judged in its place (${reason(error)})`;
      }
    }
    log("building verify/kubernetes");
    const binary = join(directory, "kubernetes-verification");
    await go("build", ...buildFlags(), "-o", binary, ".");
    const config = join(await go("list", "-m", "-f", "{{.Dir}}", KUBERAY), "config");
    const operator = async () => {
      log("building KubeRay's operator");
      await go("build", ...buildFlags(), "-o", join(directory, "kuberay-operator"), KUBERAY);
      return { program: join(directory, "kuberay-operator"), rbac: join(config, "rbac") };
    };
    const definitions = join(config, "crd", "bases");
    return { binary, definitions, kuberay: notRun === undefined ? deployed : pinned, operator, notRun };
  })();
  return program;
}

/** The release of the operator that the synthesized stacks install, as a Go module's version. */
function deployedKubeRay(generated) {
  const stacks = join(generated, "cdktf.out", "stacks");
  const versions = readdirSync(stacks).flatMap((stack) => {
    const { resource = {} } = JSON.parse(readFileSync(join(stacks, stack, "cdk.tf.json"), "utf8"));
    return Object.values(resource.helm_release ?? {})
      .filter(({ chart }) => chart === "kuberay-operator")
      .map(({ version }) => version);
  });
  const [version, ...others] = new Set(versions);
  if (version === undefined || others.length > 0) {
    throw new Error(`the stacks install these releases of KubeRay, not one: ${versions.join(", ") || "none"}`);
  }
  return `v${version}`;
}

function reason(error) {
  return error.message.trim().split("\n").pop().trim();
}

/**
 * Judges the charts' manifests of every option set, and then a manifest with a planted fault, which must be refused.
 *
 * @param {"schema" | "kuberay" | "pod-security"} check
 * @param {{ from: RegExp, to: string }} plant the fault, planted in the first manifest that `from` matches
 * @returns {Promise<{ message: string, notRun?: string }>} a summary
 */
export async function judgeManifests(context, check, plant) {
  const manifests = (await renderedCharts(context)).map(({ manifest }) => manifest);
  const { binary, definitions, kuberay, notRun } = await buildVerification(context);
  const judge = (files) => context.exec(binary, ["-check", check, "-crds", definitions, ...files]);
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
  const summary = `${stdout.trim().split("\n").pop()}; a planted fault is refused`;
  return check === "kuberay" ? { message: `KubeRay ${kuberay}: ${summary}`, notRun } : { message: summary };
}
