// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App } from "cdktf";
import { synthesizePlatform } from "../../templates/src/platform/synthesize-platform";
import { configs } from "./configs";

/** Arguments that hold a name which exists once in an account, a region or a network. */
const NAMES = ["name", "bucket", "role_name", "function_name", "cluster_name", "identifier"];
/** What the options compare, environment by environment (src/config/shared-accounts.ts). */
const COMPARED = /^(?:aws_launch_template|aws_placement_group)\.|^aws_iam_policy\.name: .*-boundary$/;

/** What stands before and after the cluster's name, by type and argument, of everything that is named after a cluster. */
function namesOf(config: string): Map<string, Set<string>> {
  const outdir = mkdtempSync(join(tmpdir(), "names-"));
  const platform = (configs[config] as () => ReturnType<(typeof configs)[string]>)();
  synthesizePlatform(new App({ outdir }), platform, () => {});
  const cluster = platform.environments[0]?.cluster.name as string;
  const names = new Map<string, Set<string>>();
  for (const stack of readdirSync(join(outdir, "stacks"))) {
    const { resource = {} } = JSON.parse(readFileSync(join(outdir, "stacks", stack, "cdk.tf.json"), "utf8"));
    for (const [type, resources] of Object.entries<Record<string, Record<string, unknown>>>(resource)) {
      for (const values of Object.values(resources)) {
        for (const key of NAMES.filter((one) => String(values[one] ?? "").includes(cluster))) {
          const [before, after] = String(values[key]).split(cluster) as [string, string];
          const place = `${type}.${key}: ${before}`;
          names.set(place, (names.get(place) ?? new Set()).add(after));
        }
      }
    }
  }
  rmSync(outdir, { recursive: true, force: true });
  return names;
}

test("no name of one cluster is that of another whose name goes on, but for those that the options compare", () => {
  const all = new Map<string, Set<string>>();
  for (const config of ["default", "logs are kept", "data for Ray"]) {
    for (const [place, ends] of namesOf(config)) {
      all.set(place, new Set([...(all.get(place) ?? []), ...ends]));
    }
  }
  expect([...all.values()].reduce((sum, ends) => sum + ends.size, 0)).toBeGreaterThan(40);
  const alike = [...all].flatMap(([place, ends]) =>
    [...ends].flatMap((longer) =>
      [...ends]
        // "-ray-boundary" of one cluster is "-boundary" of the cluster that is called as it and "-ray".
        .filter(
          (shorter) =>
            shorter !== longer &&
            longer.endsWith(shorter) &&
            /^-[a-z0-9-]+$/.test(longer.slice(0, longer.length - shorter.length)),
        )
        .map((shorter) => `${place}${longer} and ${place}${shorter}`),
    ),
  );
  expect(alike.length).toBeGreaterThan(0);
  expect(alike.filter((pair) => !COMPARED.test(pair))).toEqual([]);
});
