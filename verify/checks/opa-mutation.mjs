// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { copyFileSync, cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { mutantGroups } from "../policies/mutants.mjs";

const require = createRequire(import.meta.url);
const ENTRYPOINTS = ["verdict/terraform", "verdict/ray", "terraform/coverage", "ray/coverage"];
const MEMORY = { initial: 1024, maximum: 8192 };
const SOURCES = ["lib", "ray", "terraform", "verdict.rego"];

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
    const cases = casesByFile(allCases());
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
        copyFileSync(join(repo, "verify/policies/verdict.rego"), join(scratch, "verdict.rego"));
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
          return noticed(await loadPolicy(wasm, MEMORY), cases.of(file));
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
        await exec(tools.opa, ["build", ...options, "-o", bundle, ...SOURCES], { cwd: from });
      } catch {
        return undefined;
      }
      await exec("tar", ["-xzf", bundle, "-C", from, "/policy.wasm"], {});
      return readFileSync(join(from, "policy.wasm"));
    }
  },
};

/** The cases that concern a mutated file, those first that noticed its other mutants: most notice several. */
function casesByFile(cases) {
  const lists = new Map();
  return {
    of(file) {
      const [folder] = file.split("/");
      if (!lists.has(file))
        lists.set(
          file,
          cases.filter(({ policy }) => policy === folder),
        );
      return lists.get(file);
    },
  };
}

function noticed(policy, cases) {
  const position = cases.findIndex((entry) => differs(policy, entry));
  if (position < 0) return false;
  cases.unshift(...cases.splice(position, 1));
  return true;
}

function differs(policy, { policy: name, input, limits, deny, warn, says, coverage }) {
  policy.setData(limits === undefined ? {} : { limits });
  const evaluated = (entrypoint) => policy.evaluate(input ? input : [input], entrypoint)[0].result;
  try {
    const found = evaluated(`verdict/${name}`);
    if (!isSame(found.deny, deny) || !isSame(found.warn, warn)) return true;
    if (says !== undefined && !isSame(found.says, says)) return true;
    if (coverage === undefined) return false;
    const covered = evaluated(`${name}/coverage`).map(({ resource, reason }) => [resource, reason]);
    return !isSame(covered, Object.entries(coverage));
  } catch {
    return true;
  }
}

function isSame(found, expected) {
  return JSON.stringify([...found].sort()) === JSON.stringify([...expected].sort());
}
