// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runPolicyCommand } from "../../src/cli/policy-command";
import { parseDocuments } from "../../src/policy/parse-documents";

const { base } = require("./cases/expand.cjs") as { base(name: string): any };

/** Every path of a value, as the rules write it. */
function pathsOf(value: unknown, path: string): string[] {
  if (typeof value !== "object" || value === null) {
    return [path];
  }
  const isList = Array.isArray(value);
  return [
    path,
    ...Object.entries(value).flatMap(([key, item]) => pathsOf(item, isList ? `${path}[${key}]` : `${path}.${key}`)),
  ];
}

const cluster = base("ray-cluster");
const other = {
  ...cluster,
  metadata: { name: 'an \\"odd\\" {name}, [1]', labels: {}, n: -1.5e3, t: true, none: null },
};

describe.each([
  ["a document", cluster, (path: string) => path],
  ["a document with odd values", other, (path: string) => path],
  ["a document, numbered", cluster, (path: string) => `[0]${path}`],
  ["a list of documents", [cluster, other], (path: string) => path],
  ["a List", { apiVersion: "v1", kind: "List", items: [cluster, other] }, (path: string) => `[0]${path}`],
])("%s", (_, document, numbered) => {
  test.each([
    ["indented", JSON.stringify(document, null, 2)],
    ["with tabs and line ends of Windows", JSON.stringify(document, null, "\t").replace(/\n/g, "\r\n")],
    ["in one line", JSON.stringify(document)],
  ])("%s: each place has the line that it has as YAML", (_form, text) => {
    const json = parseDocuments("a.json", text);
    const yaml = parseDocuments("a.yaml", `# as YAML\n${text.replace(/\t/g, " ")}`);
    for (const path of pathsOf(document, "")) {
      const written = numbered(path);
      expect([written, json.lineOf(written)]).toEqual([written, yaml.lineOf(written)! - 1]);
    }
  });
});

test("a key, its colon and its value may lie on lines of their own", () => {
  const { lineOf } = parseDocuments("a.json", '{\n"spec"\n:\n{\n"a" :\n1 }\n}');
  expect([lineOf("spec"), lineOf("spec.a")]).toEqual([4, 6]);
});

test("a place that is not there has the line of what is around it", () => {
  const { lineOf } = parseDocuments("a.json", '{\n "spec": {\n  "a": 1\n }\n}');
  expect([lineOf("[0].spec.b.c"), lineOf("nothing"), lineOf("")]).toEqual([2, 1, 1]);
});

test("a document with too many values has no lines, and is judged", () => {
  const text = JSON.stringify({ items: Array.from({ length: 500_001 }, () => 0) });
  const { documents, lineOf } = parseDocuments("a.json", text);
  expect([documents.length, lineOf("items[3]")]).toEqual([1, undefined]);
});

test("a finding in a JSON manifest has its line in the table, in JSON and in SARIF", async () => {
  const cwd = mkdtempSync(join(tmpdir(), "json-lines-"));
  const broken = structuredClone(cluster);
  delete broken.spec.workerGroupSpecs[1].maxReplicas;
  const text = JSON.stringify([cluster, broken], null, 2);
  writeFileSync(join(cwd, "ray.json"), text);
  // The second group of the second cluster is the fourth in the file.
  const lines = text.split("\n");
  const expected = lines.flatMap((line, index) => (line.includes('"groupName"') ? [index] : []))[3]!;
  const run = async (...flags: string[]) => {
    let output = "";
    await runPolicyCommand(["ray.json", ...flags], { cwd, out: (part: string) => (output += part) } as never);
    return output;
  };
  const [finding] = JSON.parse(await run("--json")).files[0].deny;
  expect(finding).toMatchObject({ id: "ray/replicas", line: expected });
  const [result] = JSON.parse(await run("--sarif")).runs[0].results;
  expect(result.locations[0].physicalLocation).toMatchObject({
    artifactLocation: { uri: "ray.json" },
    region: { startLine: expected },
  });
  expect(await run()).toContain(`(ray.json:${expected})`);
});
