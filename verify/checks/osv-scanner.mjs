// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { copyOf, expectFinding, expectPass, runStep } from "../workflows/run-step.mjs";

/** Advisories on packages that every generated repository has. */
const ADVISORIES = [
  advisory("GHSA-aaaa-bbbb-cccc", "constructs", { introduced: "0" }),
  advisory("GHSA-aaaa-bbbb-dddd", "cdktf", { introduced: "0" }, { last_affected: "999.0.0" }),
  // Nothing asks for it but another package.
  advisory("GHSA-aaaa-bbbb-ffff", "undici-types", { introduced: "5.0.0" }, { fixed: "999.0.0" }),
];

export default {
  id: "osv-scanner",
  title: "dependency-check.yml asks OSV about the lock file, and fails on a vulnerable package",
  tools: ["osv-scanner"],
  async run({ generated, tools, exec }) {
    const directory = copyOf(generated);
    const scan = async (advisories, options) => {
      const database = await localDatabase(advisories, exec);
      return step(directory, `#!/bin/sh\nexec '${tools["osv-scanner"]}' "$@" ${options}\n`, {
        OSV_SCANNER_LOCAL_DB_CACHE_DIRECTORY: database,
      });
    };
    // A database of our own in the place of osv.dev's, so that the verdict is known.
    expectPass("osv-scanner", await scan([], "--offline-vulnerabilities"));
    for (const planted of ADVISORIES) {
      const { code, output: said } = await scan([planted], "--offline-vulnerabilities");
      if (code !== 1) {
        throw new Error(`osv-scanner does not find ${planted.id} (exit code ${code}):\n${said}`);
      }
      const { output } = runStep({
        directory,
        workflow: "dependency-check.yml",
        job: "osv",
        step: "Show the findings",
      });
      expectFinding("osv-scanner", { code, output }, new RegExp(planted.id));
    }

    const real = step(directory, `#!/bin/sh\nexec '${tools["osv-scanner"]}' "$@"\n`, {});
    if (real.code === 1) {
      throw new Error(`osv.dev knows vulnerabilities of the generated lock file:\n${real.output}`);
    }
    if (real.code !== 0) {
      return {
        message: "with a database of our own each of three planted advisories is found",
        notRun: "osv.dev was not reached, so the generated lock file was not judged",
      };
    }
    return {
      message: "osv.dev knows no vulnerability of the generated lock file; each of three planted advisories is found",
    };
  },
};

function advisory(id, name, ...events) {
  return {
    id,
    modified: "2026-01-01T00:00:00Z",
    published: "2026-01-01T00:00:00Z",
    summary: "planted",
    affected: [{ package: { name, ecosystem: "npm" }, ranges: [{ type: "SEMVER", events }] }],
  };
}

function step(directory, script, env) {
  const program = join(mkdtempSync(join(tmpdir(), "osv-")), "osv-scanner");
  writeFileSync(program, script, { mode: 0o755 });
  return runStep({
    directory,
    workflow: "dependency-check.yml",
    job: "osv",
    step: "Scan the lock file",
    unpacked: { "osv-scanner": program },
    env,
  });
}

/** A database in osv-scanner's own form: a zip of advisories for each ecosystem. */
async function localDatabase(advisories, exec) {
  const directory = mkdtempSync(join(tmpdir(), "osv-database-"));
  const target = join(directory, "osv-scalibr", "npm");
  mkdirSync(target, { recursive: true });
  for (const advisory of advisories) {
    writeFileSync(join(directory, `${advisory.id}.json`), JSON.stringify(advisory));
  }
  const archive =
    "import sys, zipfile\nwith zipfile.ZipFile(sys.argv[1], 'w') as archive:\n  [archive.write(name) for name in sys.argv[2:]]";
  await exec("python3", ["-c", archive, join(target, "all.zip"), ...advisories.map(({ id }) => `${id}.json`)], {
    cwd: directory,
  });
  return directory;
}
