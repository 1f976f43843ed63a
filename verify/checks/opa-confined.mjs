// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { execFile } from "node:child_process";
import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";

const PLAN = '{"format_version": "1.2", "resource_changes": []}';

/** Rego that a pull request might bring, for each way out that OPA has. */
const WAYS_OUT = {
  "http.send": (url) =>
    `deny contains msg if { msg := sprintf("%v", [http.send({"method": "GET", "url": "${url}"})]) }`,
  "net.lookup_ip_addr": () => 'deny contains msg if { msg := sprintf("%v", [net.lookup_ip_addr("localhost")]) }',
  "opa.runtime": () => "deny contains msg if { msg := opa.runtime().env.CANARY }",
  "a schema from elsewhere": (url) =>
    `deny contains msg if { [_, errors] := json.match_schema({}, {"$ref": "${url}"}); msg := sprintf("%v", [errors]) }`,
  "a file of the machine": () =>
    'deny contains msg if { msg := sprintf("%v", [json.verify_schema({"$ref": "file:///proc/self/environ"})]) }',
};

/** What OPA itself makes of Rego that wants out: nothing reaches the network, and nothing sees the environment. */
export default {
  id: "opa-confined",
  title: "Rego of a repository reaches neither network nor environment",
  tools: ["opa"],
  async run({ generated, tools }) {
    let requests = 0;
    const server = createServer((_, response) => {
      requests += 1;
      response.end("{}");
    });
    await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
    const url = `http://127.0.0.1:${server.address().port}/`;
    try {
      for (const [title, rego] of Object.entries(WAYS_OUT)) {
        for (const args of [
          ["policy", "plan.json"],
          ["policy", "--test"],
        ]) {
          const { status, output } = await runWith(generated, tools.opa, rego(url), args);
          if (status === 0) throw new Error(`${title}: ${args.join(" ")} passed`);
          if (output.includes("canary")) throw new Error(`${title}: the environment was printed`);
        }
      }
    } finally {
      server.close();
    }
    if (requests > 0) throw new Error(`${requests} requests arrived`);
    return `${Object.keys(WAYS_OUT).length} ways out, and no request`;
  },
};

async function runWith(generated, opa, rule, args) {
  const directory = mkdtempSync(join(tmpdir(), "confined-"));
  try {
    cpSync(join(generated, "policies"), join(directory, "policies"), { recursive: true });
    writeFileSync(join(directory, "policies", "custom", "own.rego"), `package custom.terraform\n\n${rule}\n`);
    writeFileSync(
      join(directory, "policies", "custom", "own_test.rego"),
      "package custom.terraform_test\n\nimport data.custom.terraform\n\ntest_denied if count(terraform.deny) >= 0\n",
    );
    writeFileSync(join(directory, "plan.json"), PLAN);
    const command = join(generated, "node_modules", "ray-platform", "bin", "ray-platform");
    // Not synchronously: a request that got out waits for the server above.
    return await new Promise((resolve) => {
      const env = { ...process.env, PATH: `${dirname(opa)}${delimiter}${process.env.PATH}`, CANARY: "canary" };
      execFile(process.execPath, [command, ...args], { cwd: directory, env }, (error, stdout, stderr) =>
        resolve({ status: error === null ? 0 : error.code, output: `${stdout}${stderr}` }),
      );
    });
  } finally {
    rmSync(directory, { recursive: true });
  }
}
