// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { PACKAGE_ROOT } from "../../src/package-root";
import { judgeUpdate } from "../../src/proposal/judge";
import { treeOfPatch } from "../../src/proposal/proposed-tree";
import type { Versions } from "../cli/fixture-repository";
import { add, edit, evilWorkflow, HOSTILE, HOSTILE_PATHS, integrityOf, relockNpm } from "./hostile-upgrades";
import { publishableVersions, UpgradeRun } from "./upgrade-run";

let versions: Versions;
beforeAll(() => {
  versions = publishableVersions("upgrade-run");
});

/** Without the paths that may be changed. */
const reasonsIn = (output: string): string => output.replace(/^(?:added|changed|deleted) .*\n/gm, "");

/** Everything, from the first job to the last; the rest is not started once one fails. */
function walk(run: UpgradeRun, from = "readiness") {
  const jobs = ["readiness", "regenerate", "verify", "propose"];
  let last = { job: "", result: "success", output: "" };
  for (const job of jobs.slice(jobs.indexOf(from))) {
    last = { job, ...run.job(job) };
    if (last.result === "failure") {
      break;
    }
  }
  return last;
}

describe("an upgrade", () => {
  let run: UpgradeRun;
  beforeAll(() => {
    run = new UpgradeRun(versions, { helper: { "1.0.0": 50, "1.1.0": 20, "1.2.0": 2 } });
  });

  test("is made, made again, judged and proposed", () => {
    expect(walk(run)).toMatchObject({ job: "propose", result: "success" });
    expect(run.asked()).toContain("pr create --head ray-platform/upgrade --base main");
  });

  test("leads to the new version, with the user's files merged, moved and migrated", () => {
    expect(run.fileOf("ray-platform/upgrade", ".projenrc.ts")).toContain('heading: "Build"');
    expect(run.fileOf("ray-platform/upgrade", "src/extensions.ts")).toBe("mine\none\ntwo\nthree\nfour\nfive, by us\n");
    expect(run.fileOf("ray-platform/upgrade", "policies/HOWTO.md")).toBe("alpha\nbeta\ngamma\nmine\n");
    expect(run.fileOf("ray-platform/upgrade", "scripts/deploy.sh")).toContain("0.2.0");
    expect(run.pushed()?.has("docs/old.md")).toBe(false);
  });

  test("brings the lock file up to date too, to what has cooled down", () => {
    const { packages } = JSON.parse(run.fileOf("ray-platform/upgrade", "package-lock.json"));
    expect(packages["node_modules/helper"].version).toBe("1.1.0");
    expect(packages["node_modules/ray-platform"].version).toBe("0.2.0");
  });

  test("says of each path how it was checked", () => {
    const body = readFileSync(join(run.directory, "runners/propose/temp/body.md"), "utf8");
    for (const row of [
      "| `scripts/deploy.sh` | changed | what the rendering produces |",
      "| `src/extensions.ts` | changed | your changes and those of the new version, merged again with the same result |",
      "| `policies/HOWTO.md` | added | moved from policies/README.md; your changes",
      "| `.projenrc.ts` | changed | nothing but names of options differs; READ IT",
      "| `package-lock.json` | changed | made again by npm",
      "| `CODEOWNERS` | changed | its block is what the rendering produces, and the rest is as it was |",
    ]) {
      expect(body).toContain(row);
    }
    expect(body).toContain("## What the new version says\n\nMoves this repository from ray-platform 0.1.0 to 0.2.0.");
  });

  test("that is merged is followed by nothing", () => {
    run.merge();
    expect(walk(run)).toMatchObject({ job: "propose", result: "success" });
    expect(run.pushed()).toBeUndefined();
    expect(run.asked()).toBe("");
  });
});

test("a version that has not cooled down waits, and the lock file is brought up to date alone", () => {
  const run = new UpgradeRun(versions, { age: 2, helper: { "1.0.0": 50, "1.1.0": 20 } });
  expect(walk(run)).toMatchObject({ job: "propose", result: "success" });
  const { packages } = JSON.parse(run.fileOf("ray-platform/upgrade", "package-lock.json"));
  expect([packages["node_modules/helper"].version, packages["node_modules/ray-platform"].version]).toEqual([
    "1.1.0",
    "0.1.0",
  ]);
});

test("a package is not taken back to what has cooled down", () => {
  const run = new UpgradeRun(versions, { age: 2, helper: { "1.0.0": 50, "1.1.0": 2 } }, (work) =>
    relockNpm(work, (packages) => {
      Object.assign(packages["node_modules/helper"] as object, {
        version: "1.1.0",
        resolved: "https://registry.npmjs.org/helper/-/helper-1.1.0.tgz",
        integrity: integrityOf("helper@1.1.0"),
      });
    }),
  );
  expect(walk(run)).toMatchObject({ job: "propose", result: "success" });
  expect(run.pushed()).toBeUndefined();
});

test("a merge that leaves conflicts is proposed with them", () => {
  const run = new UpgradeRun(versions, {}, (work) =>
    add(work, "src/extensions.ts", "one\ntwo\nthree\nfour\nfive, by me\n"),
  );
  expect(walk(run)).toMatchObject({ job: "propose", result: "success" });
  expect(run.fileOf("ray-platform/upgrade", "src/extensions.ts")).toContain("<<<<<<< yours");
});

test("an edit of a managed file is undone, and kept as a patch that was compared", () => {
  const run = new UpgradeRun(versions, {}, (work) =>
    edit(work, ".github/workflows/build.yml", (text) => `${text}# mine\n`),
  );
  expect(walk(run)).toMatchObject({ job: "propose", result: "success" });
  expect(run.pushed()?.has(".ray-platform/rejected/.github/workflows/build.yml.1.patch")).toBe(true);
});

describe("a hostile upgrade", () => {
  let run: UpgradeRun;
  let patch: Buffer;
  let digest: string;
  let tree: string;
  const file = () => join(run.directory, "artifacts/upgrade/upgrade.patch");
  beforeAll(() => {
    run = new UpgradeRun(versions, { helper: { "1.0.0": 50, "1.1.0": 20, "1.2.0": 2 } });
    run.job("readiness");
    run.job("regenerate");
    patch = readFileSync(file());
    digest = run.output("regenerate", "digest");
    run.job("verify");
    tree = run.output("verify", "tree");
  });
  beforeEach(() => writeFileSync(file(), patch));

  // What the third job judges by itself it refuses even if the second runner was taken over too; the rest is the second's.
  test.each(HOSTILE.map((form) => [form.title, form] as const))("%s is not pushed", (_title, form) => {
    run.tamper(form.change ?? (() => {}), form.patch);
    const { result, output } = run.job(form.judged ? "propose" : "verify");
    expect([result, reasonsIn(output)]).toEqual(["failure", expect.stringMatching(form.named)]);
    expect(output).not.toMatch(/^ {4}at /m);
    expect(run.pushed()).toBeUndefined();
  });

  /** What the judgment of paths says against the patch. */
  function refusals(): string {
    const work = join(run.directory, "attacker");
    // The compiler is the repository's own.
    symlinkSync(join(PACKAGE_ROOT, "node_modules"), join(work, "node_modules"));
    try {
      return judgeUpdate(work, "HEAD^{tree}", treeOfPatch(work, file()))
        .flatMap(({ path, problem }) => (problem === undefined ? [] : [`${JSON.stringify(path)}: ${problem}\n`]))
        .join("");
    } catch (error) {
      return (error as Error).message;
    }
  }

  test("that is none is not refused", () => {
    run.tamper(() => {});
    expect(refusals()).toBe("");
  });

  test.each(HOSTILE_PATHS.map((form) => [form.title, form] as const))("%s is refused by its path", (_title, form) => {
    run.tamper(form.change ?? (() => {}), form.patch);
    expect(refusals()).toEqual(expect.stringMatching(form.named));
  });

  test("is refused by the second job before anything of it is installed", () => {
    run.tamper(evilWorkflow);
    const { result, output } = run.job("verify");
    expect([result, reasonsIn(output)]).toEqual(["failure", expect.stringContaining(".github/workflows/evil.yml")]);
    expect(output).not.toContain("installing it");
  });

  test("of which only the digest is right is not pushed", () => {
    run.tamper(evilWorkflow);
    run.forge("regenerate", "digest", digest);
    expect(run.job("verify")).toMatchObject({
      result: "failure",
      output: expect.stringContaining("is not the patch that was made"),
    });
    run.forge("verify", "tree", tree);
    expect(run.job("propose")).toMatchObject({
      result: "failure",
      output: expect.stringContaining("is not the patch that was made"),
    });
  });

  test("that was not the one that was verified is not pushed", () => {
    run.tamper(() => {});
    run.forge("verify", "tree", "0".repeat(40));
    expect(run.job("propose")).toMatchObject({ result: "failure", output: expect.stringContaining("was verified") });
  });
});

describe("what was published is verified before it runs", () => {
  test.each([
    [
      "a package without the signature of a registry that signs",
      { missing: ["helper"] },
      "helper@1.0.0: missing registry signature",
    ],
    ["a wrong signature", { invalid: ["ray-platform"] }, "ray-platform@0.2.0: invalid registry signature"],
    ["no provenance", { builtFrom: null }, "has no provenance"],
    ["the provenance of another repository", { builtFrom: "https://github.com/evil/x" }, "https://github.com/evil/x"],
  ])("%s", (_title, registry, named) => {
    const run = new UpgradeRun(versions, registry);
    const { job, result, output } = walk(run);
    expect([job, result, output]).toEqual(["verify", "failure", expect.stringContaining(named)]);
    expect(output).not.toContain("rendering again");
  });
});
