// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import type { Project } from "projen/lib/project";

const CLI = "node scripts/ray-platform.mjs";
const TSC = "node node_modules/typescript/bin/tsc";
const COPY_PROVIDER_LOCKS = "node scripts/copy-provider-locks.mjs";
const CHECK_SCANNABLE = "node scripts/check-scannable.mjs";
const BIOME = "node node_modules/@biomejs/biome/bin/biome";

/** Tasks of a generated repository. Each tool is started by its path, so that no task depends on the caller's PATH. */
export function addBuildTasks(project: Project): void {
  project.defaultTask?.reset(`${CLI} projenrc`, { name: "Regenerate from .projenrc.ts" });

  const compile = "Compile (incremental; a type error stops here)";
  project.compileTask.exec(`${TSC} -p tsconfig.json`, { name: compile });

  const synth = project.addTask("synth", { description: "Compile and synthesize the stacks into cdktf.out" });
  synth.spawn(project.compileTask);
  synth.exec("node build/src/main.js", { name: "Run the stacks" });
  synth.exec(COPY_PROVIDER_LOCKS, { name: "Copy the locks of their providers" });
  synth.exec(CHECK_SCANNABLE, { name: "Compare what scanners read with what is deployed" });

  const policy = project.addTask("policy", {
    description: "Evaluate the Rego policies on what synth wrote, or on the files given as arguments",
    exec: `${CLI} policy`,
    receiveArgs: true,
  });
  const rehearse = project.addTask("rehearse", {
    description: "Create, change and destroy the stacks offline, with terraform or tofu from the PATH",
  });
  rehearse.spawn(synth);
  rehearse.exec(`${CLI} rehearse`, { receiveArgs: true });

  project.addTask("gates", {
    description: "Run the gates of CI on this machine, before anything is pushed",
    exec: `${CLI} gates`,
    receiveArgs: true,
  });

  const lint = project.addTask("lint", { description: "Lint TypeScript, license headers and expired exceptions" });
  lint.exec(`${BIOME} lint --error-on-warnings`);
  lint.exec("node scripts/license-headers.mjs");
  lint.exec("node scripts/exceptions.mjs");

  if (!project.ejected) {
    addGeneratorTasks(project);
  }

  project.postCompileTask.exec("node build/src/main.js", { name: "Run the stacks" });
  project.postCompileTask.exec(COPY_PROVIDER_LOCKS, { name: "Copy the locks of their providers" });
  project.postCompileTask.exec(CHECK_SCANNABLE, { name: "Compare what scanners read with what is deployed" });
  project.postCompileTask.spawn(policy);
  project.testTask.exec("node --test --test-reporter=spec build/test/*.test.js", { name: "Run the tests" });
  project.testTask.spawn(lint);
}

/** What only the generator can do. */
function addGeneratorTasks(project: Project): void {
  project.addTask("diff", {
    description: "Show what a regeneration would change",
    exec: `${CLI} diff`,
    receiveArgs: true,
  });
  project.addTask("check", {
    description: "Report managed files that were edited or are out of date",
    exec: `${CLI} check`,
    receiveArgs: true,
  });
  project.addTask("status", {
    description: "List generated files, their owners and edits",
    exec: `${CLI} status`,
    receiveArgs: true,
  });
  project.addTask("upgrade", { description: "Move to a newer ray-platform", exec: `${CLI} update`, receiveArgs: true });
}
