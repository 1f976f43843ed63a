// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { judge, policyDocuments } from "../../src/policy/judgement";
import { loadPolicies, type Policies } from "../../src/policy/load-policies";
import { readInputs } from "../../src/policy/policy-input";
import { configs } from "./configs";
import { synthesize } from "./synthesize";

let policies: Policies;

beforeAll(async () => {
  policies = await loadPolicies();
});

/** What the policies say of a synthesis, as `npx projen policy` would. */
function verdicts(name: string): { denied: string[]; warned: string[] } {
  const config = (configs[name] as () => ReturnType<(typeof configs)[string]>)();
  const { files } = synthesize(config);
  const directory = mkdtempSync(join(tmpdir(), "ray-platform-policies-"));
  try {
    for (const [path, text] of Object.entries(files)) {
      const target = join(directory, "cdktf.out", path);
      mkdirSync(dirname(target), { recursive: true });
      writeFileSync(target, text);
    }
    const judgements = judge(
      policies,
      policyDocuments(readInputs(directory, directory, [], () => "").inputs),
      config.limits as never,
    );
    expect(judgements.length).toBeGreaterThan(config.environments.length * 3);
    const texts = (kind: "deny" | "warn") =>
      judgements.flatMap((judgement) => judgement[kind].map(({ id, msg }) => `${id}: ${msg}`));
    return { denied: texts("deny"), warned: texts("warn") };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

test.each(Object.keys(configs))("the policies allow %s", (name) => {
  expect(verdicts(name)).toEqual({ denied: [], warned: [] });
});
