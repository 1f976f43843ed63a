// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Project } from "projen/lib/project";
import { parse } from "yaml";
import { addOwnWorkflows } from "../../projenrc/own-workflows";
import { PACKAGE_ROOT } from "../../src/package-root";
import { lintWorkflows } from "./actionlint";
import { workflowFiles, write } from "./generated-workflows";

describe("this project's own workflows", () => {
  const project = new Project({ name: "ray-platform", outdir: mkdtempSync(join(tmpdir(), "own-")) });
  addOwnWorkflows(project);
  const directory = write(project); // the hardening check runs here
  const files = workflowFiles(directory);

  test("are there for build, verification, documentation, refresh, release and every gate that fits", () => {
    expect(Object.keys(files)).toEqual([
      "build.yml",
      "codeql.yml",
      "dependency-check.yml",
      "docs.yml",
      "gitleaks.yml",
      "license-header.yml",
      "refresh.yml",
      "release.yml",
      "scorecard.yml",
      "verify.yml",
      "workflow-audit.yml",
    ]);
  });

  test("pass actionlint", () => {
    expect(lintWorkflows(files)).toEqual([]);
  });

  test("run scripts that this repository has", () => {
    const scripts = Object.values(files).flatMap((text) =>
      [...text.matchAll(/node (\S+\.mjs)/g)].map(([, path]) => path as string),
    );
    expect(scripts.length).toBeGreaterThan(0);
    expect(scripts.filter((path) => !existsSync(join(PACKAGE_ROOT, path)))).toEqual([]);
  });

  test("keep the screenshots that the checks of verify take", () => {
    const checks = join(PACKAGE_ROOT, "verify", "checks");
    const taken = readdirSync(checks, { withFileTypes: true })
      .filter((entry) => entry.isFile())
      .flatMap(({ name }) => [
        ...readFileSync(join(checks, name), "utf8").matchAll(/join\(repo, "build", "([\w-]*screenshots)"\)/g),
      ])
      .map(([, directory]) => `build/${directory}/`);
    const { jobs } = parse(files["verify.yml"] as string);
    const kept = jobs.verify.steps.flatMap((step: { if?: string; with?: { path?: string } }) =>
      step.if === "always()" ? (step.with?.path ?? []) : [],
    );
    expect(taken.length).toBeGreaterThan(1);
    expect(kept.sort()).toEqual([...new Set(taken)].sort());
  });

  test("check license headers that every file here has", () => {
    const configuration = join(directory, ".github/scanners/license-headers.json");
    expect(JSON.parse(readFileSync(configuration, "utf8")).headers).toEqual([
      ["Copyright the ray-platform authors", "SPDX-License-Identifier: Apache-2.0"],
    ]);
    const script = join(PACKAGE_ROOT, "templates/scripts/license-headers.mjs");
    const { stderr, status } = spawnSync(
      process.execPath,
      [script, "--root", PACKAGE_ROOT, "--config", configuration],
      { encoding: "utf8" },
    );
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  });
});
