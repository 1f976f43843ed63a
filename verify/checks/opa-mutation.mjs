// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { mutantGroups } from "../policies/mutants.mjs";

const require = createRequire(import.meta.url);
const ENTRYPOINTS = ["terraform/deny", "terraform/warn", "ray/deny", "ray/warn"];

/** Changes each condition of the policies in turn, and sees that some case notices. */
export default {
  id: "opa-mutation",
  title: "Every condition of the policies is needed by some case",
  tools: ["opa"],
  async run({ repo, tools, exec, log }) {
    const { loadPolicy } = require("@open-policy-agent/opa-wasm");
    const { allCases } = require(join(repo, "test/policies/cases/expand.cjs"));
    const equivalent = JSON.parse(readFileSync(join(repo, "verify/policies/equivalent-mutants.json"), "utf8"));
    const directory = join(repo, "policies");
    const cases = allCases();
    const waiting = mutantGroups(directory);
    const survivors = [];
    let noticedGroups = 0;
    let excused = 0;
    await Promise.all(Array.from({ length: availableParallelism() }, judgeWaiting));
    if (survivors.length > 0) throw new Error(`no case notices:\n${survivors.join("\n")}`);
    return `${noticedGroups} changes noticed, ${excused} that change no verdict`;

    /** Takes mutants until none is left, in a copy of the policies of its own. */
    async function judgeWaiting() {
      const scratch = mkdtempSync(join(tmpdir(), "mutants-"));
      try {
        for (const folder of ["lib", "ray", "terraform"])
          cpSync(join(directory, folder), join(scratch, folder), { recursive: true });
        for (let group = waiting.shift(); group !== undefined; group = waiting.shift()) {
          if (await isNoticed(scratch, group)) noticedGroups += 1;
          else if (equivalent[group.file]?.[group.source] !== undefined) excused += 1;
          else {
            survivors.push(`${group.file}:${group.line} ${group.tries[0].what}: ${group.source}`);
            log(`survives: ${survivors.at(-1)}`);
          }
        }
      } finally {
        rmSync(scratch, { recursive: true });
      }
    }

    async function isNoticed(scratch, { file, tries }) {
      const path = join(scratch, file);
      try {
        for (const { text } of tries) {
          writeFileSync(path, text);
          const wasm = await compiled(scratch);
          if (wasm === undefined) continue;
          return await noticed(wasm, file, cases, loadPolicy);
        }
        // OPA refuses the policy either way: its build notices.
        return true;
      } finally {
        writeFileSync(path, readFileSync(join(directory, file)));
      }
    }

    async function compiled(from) {
      const bundle = join(from, "bundle.tar.gz");
      const options = ["-t", "wasm", "--ignore", "*_test.rego", ...ENTRYPOINTS.flatMap((name) => ["-e", name])];
      try {
        await exec(tools.opa, ["build", ...options, "-o", bundle, "lib", "ray", "terraform"], { cwd: from });
      } catch {
        return undefined;
      }
      await exec("tar", ["-xzf", bundle, "-C", from, "/policy.wasm"], {});
      return readFileSync(join(from, "policy.wasm"));
    }
  },
};

async function noticed(wasm, file, cases, loadPolicy) {
  const policy = await loadPolicy(wasm, { initial: 1024, maximum: 8192 });
  const [folder] = file.split("/");
  const concerned = cases.filter((entry) => folder === "lib" || entry.policy === folder);
  return concerned.some((entry) => {
    policy.setData(entry.limits === undefined ? {} : { limits: entry.limits });
    return ["deny", "warn"].some((rule) => {
      try {
        const [{ result }] = policy.evaluate(entry.input ? entry.input : [entry.input], `${entry.policy}/${rule}`);
        return JSON.stringify([...new Set(result.map(({ id }) => id))].sort()) !== JSON.stringify(entry[rule]);
      } catch {
        return true;
      }
    });
  });
}
