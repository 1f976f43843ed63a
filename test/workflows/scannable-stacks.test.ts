// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { EbsVolume } from "@cdktf/provider-aws/lib/ebs-volume";
import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { App, TerraformStack } from "cdktf";
import { withExceptions } from "../../templates/src/platform/exception-comments";
import { hclBlock, hclExpression, hclTemplate } from "../../templates/src/platform/hcl-text";
import type { ScannerException } from "../../templates/src/platform/load-scanner-exceptions";
import { writeScannableStacks } from "../../templates/src/platform/write-scannable-stacks";

describe("HCL from Terraform JSON", () => {
  test.each<readonly [string, string]>([
    ["plain", '"plain"'],
    ['quotes " and \\ and\nlines', '"quotes \\" and \\\\ and\\nlines"'],
    ["${aws_vpc.main.id}", '"${aws_vpc.main.id}"'],
    ['{"Resource":"${aws_s3_bucket.b.arn}/*"}', '"{\\"Resource\\":\\"${aws_s3_bucket.b.arn}/*\\"}"'],
    ['a ${join(",", ["}", "{"])} "b"', '"a ${join(",", ["}", "{"])} \\"b\\""'],
    ['${{ a = { b = 1 } }["a"]} "', '"${{ a = { b = 1 } }["a"]} \\""'],
    ["$${literal} ${x}", '"$${literal} ${x}"'],
    ['${"\\"}"}', '"${"\\"}"}"'],
    ['${"${"}"}"} "', '"${"${"}"}"} \\""'],
    ['${"$${"} "', '"${"$${"} \\""'],
    ['%{ if a == "b" }"%{ endif } %%{ "', '"%{ if a == "b" }\\"%{ endif } %%{ \\""'],
    ["${var.x ? local.trivy : null}", '"${var.x ? local.trivy : null}"'],
    ["${{ tfsec : 1, checkov : a }}", '"${{ tfsec : 1, checkov : a }}"'],
    ['${"https://a/#b/*c"}', '"${"https://a/#b/*c"}"'],
  ])("the template %j is %s", (text, expected) => {
    expect(hclTemplate(text)).toBe(expected);
  });

  test.each<readonly [string, unknown, string]>([
    ["Checkov", "see checkov:skip=CKV_AWS_24:no", '"see checkov\\u003askip=CKV_AWS_24:no"'],
    ["Checkov by an earlier name", "Bridgecrew:skip=CKV_AWS_24", '"Bridgecrew\\u003askip=CKV_AWS_24"'],
    ["tfsec", "a\n#tfsec:ignore:*", '"a\\n#tfsec\\u003aignore:*"'],
    ["Trivy", "https://trivy:exp:2099-01-01:ignore:*", '"https://trivy\\u003aexp:2099-01-01:ignore:*"'],
    ["Trivy, in a string of an expression", '${upper("trivy:ignore:*")}', '"${upper("trivy\\u003aignore:*")}"'],
    ["Trivy, in a comment of an expression", "${1 /* trivy:ignore:* */}", '"${1  }"'],
    ["tfsec, in a comment to the end of a line", "${1 # tfsec:ignore:*\n}", '"${1  \n}"'],
    ["tfsec, in a string of a string", '${a["${b["tfsec:ignore:x"]}"]}', '"${a["${b["tfsec\\u003aignore:x"]}"]}"'],
    ["Trivy, around an expression", "trivy:${a}trivy:x", '"trivy\\u003a${a}trivy\\u003ax"'],
    ["Checkov, in a key", { "cortex:skip=CKV_AWS_24": 1 }, '{ "cortex\\u003askip=CKV_AWS_24" = 1 }'],
  ])("a value silences nothing: %s", (_title, value, expected) => {
    expect(hclExpression(value)).toBe(expected);
  });

  test.each(["${oops", '${"oops}', "%{ if oops", "${oops /* }"])("%j is not closed, which is an error", (text) => {
    expect(() => hclTemplate(text)).toThrow("not closed");
  });

  test("lists, maps, numbers and booleans", () => {
    expect(hclExpression(["a", 1, true, { "k.x": "v" }])).toBe('["a", 1, true, { "k.x" = "v" }]');
  });

  test("a block is what the bindings call one, once or several times; a map stays an argument; null is left out", () => {
    const descriptions = {
      one: { isBlock: true, value: { inner: { isBlock: true, value: {} } } },
      many: { isBlock: true, value: [{}, {}] },
      tags: { isBlock: false, value: {} },
    };
    expect(
      hclBlock(
        "resource",
        { one: { inner: { a: 1 } }, many: [{ a: 1 }, { b: 2 }], tags: { Name: "x" }, none: null },
        descriptions,
      ),
    ).toBe(
      'resource {\n  one {\n    inner {\n      a = 1\n    }\n  }\n  many {\n    a = 1\n  }\n  many {\n    b = 2\n  }\n  tags = { "Name" = "x" }\n}\n',
    );
  });
});

describe("exceptions beside resources", () => {
  const exception = (scanner: ScannerException["scanner"], id: string): ScannerException => ({
    scanner,
    id,
    resource: "state/bucket",
    reason: "a reason",
    expires: "2099-01-31",
  });
  const block = 'resource "x" "y" {\n  a = 1\n}\n';

  test("in each scanner's own words, with the reason", () => {
    expect(
      withExceptions(block, "state/bucket", [
        exception("tfsec", "a"),
        exception("trivy", "b"),
        exception("checkov", "c"),
      ]),
    ).toBe(
      '# a reason\n#tfsec:ignore:a:exp:2099-01-31\n# a reason\n#trivy:ignore:b:exp:2099-01-31\nresource "x" "y" {\n  #checkov:skip=c:a reason\n  a = 1\n}\n',
    );
  });

  test("count for what is below the construct, and for nothing that only begins the same", () => {
    const list = [exception("checkov", "c")];
    expect(withExceptions(block, "state/bucket/policy", list)).not.toBe(block);
    expect(withExceptions(block, "state/bucket2", list)).toBe(block);
    expect(withExceptions(block, "state", list)).toBe(block);
  });
});

test("a user's own resources are written too, blocks as blocks", () => {
  const outdir = mkdtempSync(join(tmpdir(), "scannable-"));
  const app = new App({ outdir, skipValidation: true });
  const stack = new TerraformStack(app, "dev-cluster");
  new SecurityGroup(stack, "open", {
    ingress: [{ protocol: "tcp", fromPort: 22, toPort: 22, cidrBlocks: ["0.0.0.0/0"] }],
    tags: { Name: "open" },
  });
  new EbsVolume(stack, "volume", {
    availabilityZone: "eu-west-1a",
    encrypted: false,
    lifecycle: { preventDestroy: true },
  });
  app.synth();
  writeScannableStacks(app, []);
  const text = readFileSync(join(outdir, "scannable/dev-cluster/main.tf"), "utf8");
  expect(text).toContain(
    'resource "aws_security_group" "open" {\n  ingress {\n    cidr_blocks = ["0.0.0.0/0"]\n    from_port = 22\n',
  );
  expect(text).toContain('tags = { "Name" = "open" }');
  expect(text).toContain("encrypted = false");
  expect(text).not.toMatch(/null|lifecycle/);
});

test("a stack below another is written to its own place, and nothing of it to the other's", () => {
  const outdir = mkdtempSync(join(tmpdir(), "scannable-"));
  const app = new App({ outdir, skipValidation: true });
  const outer = new TerraformStack(app, "dev-cluster");
  const inner = new TerraformStack(outer, "dev-more");
  new EbsVolume(outer, "one", { availabilityZone: "eu-west-1a" });
  new EbsVolume(inner, "two", { availabilityZone: "eu-west-1a" });
  app.synth();
  writeScannableStacks(app, []);
  const namesIn = (stack: string) =>
    [...readFileSync(join(outdir, `scannable/${stack}/main.tf`), "utf8").matchAll(/^resource "\w+" "(\w+)"/gm)].map(
      ([, name]) => (name as string).split("_")[0],
    );
  expect([namesIn("dev-cluster"), namesIn("dev-more")]).toEqual([["one"], ["two"]]);
});
