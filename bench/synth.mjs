#!/usr/bin/env node
// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

// Synthesizing the stacks of the default repository: compiled, with one module imported per resource, beside the same
// stacks run by ts-node with the provider's index imported, as cdktf's own templates do it.
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { measureInTurns, runOnce } from "./harness/measure.mjs";
import { benchmarkOptions, heading, measured, result, target } from "./harness/report.mjs";
import { copyOf, defaultRepository, pinnedTool } from "./harness/repository.mjs";

const { runs } = benchmarkOptions(
  "Time and memory of synthesizing the default stacks, beside ts-node with the provider's index.",
  5,
);
const repository = await defaultRepository();
const tsNode = await pinnedTool("ts-node");

const compiled = copyOf(repository, "compiled");
const interpreted = copyOf(repository, "ts-node");
const rewritten = importIndexes(join(interpreted, "src"));

const ours = { command: ["node", "build/src/main.js"], cwd: compiled };
// scanner-exceptions.ts lies beside the data that it reads, scanner-exceptions.json.
const peer = { command: ["node", tsNode, "src/main.ts"], cwd: interpreted, env: { TS_NODE_PREFER_TS_EXTS: "true" } };
assertSameOutput();
const { compiled: fast } = measureInTurns({ compiled: ours }, { runs });
// The peer takes half a minute or more; three runs say enough.
const { peer: slow } = measureInTurns({ peer }, { runs: Math.min(runs, 3), warmups: 0 });

heading(`Synthesis of ${stacks(compiled).length} stacks, median of ${runs} runs (peer: ${Math.min(runs, 3)})`);
measured("node build/src/main.js", fast);
measured(`ts-node src/main.ts, ${rewritten} imports from the index`, slow);
result("  times the processor time", slow.cpuMs / fast.cpuMs, "x");
result("  times the memory", slow.rssMb / fast.rssMb, "x");
target("processor time", fast.cpuMs, 1000, "ms");
target("memory", fast.rssMb, 150, "MB");
target("part of the peer's processor time", fast.cpuMs / slow.cpuMs, 0.05, "x");

/** Replaces `import { A } from "@cdktf/provider-x/lib/a"` by the import from the index that the same class has there. */
function importIndexes(directory) {
  let count = 0;
  for (const file of readdirSync(directory, { recursive: true, encoding: "utf8" }).filter((path) =>
    path.endsWith(".ts"),
  )) {
    const path = join(directory, file);
    const text = readFileSync(path, "utf8").replace(
      /^import (?:type )?\{([^}]+)\} from "(@cdktf\/provider-[a-z]+)\/lib\/([a-z0-9-]+)";$/gm,
      (_line, names, provider, module) => {
        count++;
        const namespace = module.replace(/-([a-z0-9])/g, (_dash, letter) => letter.toUpperCase());
        const aliases = names
          .split(",")
          .map((name) => name.replace("type ", "").trim().split(" as "))
          .filter(([name]) => name !== "");
        const imports = aliases.map(([name, alias = name]) => `import ${alias} = ${namespace}Module.${name};`);
        return `import { ${namespace} as ${namespace}Module } from "${provider}"; ${imports.join(" ")}`;
      },
    );
    writeFileSync(path, text);
  }
  if (count === 0) {
    throw new Error("no import of a provider was found in the stacks: the peer would be the same program");
  }
  return count;
}

/** The peer must do the same work, or the comparison says nothing. */
function assertSameOutput() {
  for (const command of [ours, peer]) {
    rmSync(join(command.cwd, "cdktf.out"), { recursive: true, force: true });
    runOnce(command.command.join(" "), command);
  }
  for (const path of stacks(compiled)) {
    if (readFileSync(join(compiled, path), "utf8") !== readFileSync(join(interpreted, path), "utf8")) {
      throw new Error(`${path} differs between the two ways to synthesize`);
    }
  }
}

function stacks(directory) {
  const root = join(directory, "cdktf.out", "stacks");
  return readdirSync(root)
    .sort()
    .map((name) => join("cdktf.out", "stacks", name, "cdk.tf.json"));
}
