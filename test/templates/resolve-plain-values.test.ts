// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SqsQueue } from "@cdktf/provider-aws/lib/sqs-queue";
import {
  App,
  Aspects,
  DefaultTokenResolver,
  Fn,
  Lazy,
  StringConcat,
  TerraformIterator,
  TerraformOutput,
  TerraformResource,
  TerraformStack,
  TerraformVariable,
  Token,
  Tokenization,
} from "cdktf";
import type { PlatformStacks } from "../../templates/src/platform/build-platform";
import { resolvePlainValues } from "../../templates/src/platform/resolve-plain-values";
import { platform } from "./configs";
import { type Synthesis, synthesize } from "./synthesize";

const engine = Tokenization.resolve;

afterEach(() => {
  Tokenization.resolve = engine;
  jest.restoreAllMocks();
});

/** What work gives with the engine alone, and with plain values copied. */
function bothWays<T>(work: () => T): [T, T] {
  Tokenization.resolve = engine;
  const before = work();
  resolvePlainValues();
  expect(Tokenization.resolve).not.toBe(engine);
  return [before, work()];
}

/** Everything of the engine that a repository's own code may use. */
function extend({ cluster, network, workloads }: PlatformStacks): void {
  const queue = new SqsQueue(cluster, "jobs", { name: "jobs", tags: { owner: cluster.accountId } });
  queue.addOverride("tags.nested", { arn: queue.arn, dropped: undefined, list: [queue.arn, "x"] });
  queue.addOverride("delay_seconds", Token.asNumber(Fn.lengthOf(["a", "b"])));
  queue.addOverride("kms_master_key_id", Lazy.stringValue({ produce: () => queue.arn }));
  queue.addOverride("policy", undefined);
  const variable = new TerraformVariable(cluster, "size", { type: "number", default: 2 });
  const names = TerraformIterator.fromList(["a", "b"]);
  new SqsQueue(cluster, "each", { forEach: names, name: `q-${names.value}`, delaySeconds: variable.numberValue });
  const output = (stack: TerraformStack, id: string, value: unknown): TerraformOutput =>
    new TerraformOutput(stack, id, { value, dependsOn: stack === cluster ? [queue] : [] });
  output(cluster, "text", `a ${queue.arn} b ${variable.numberValue} \${c} \${aws:username} 1e+289 -1e5`);
  output(cluster, "list", [Token.asList(queue.arn), ["a", queue.arn, 3, -4, true]]);
  output(
    cluster,
    "functions",
    Fn.merge([{ a: queue.arn, "${b}": 1 }, Token.asStringMap(queue.tagsAll), { 'c"': "d\n" }]),
  );
  output(cluster, "map", { [queue.arn]: { [`x-${queue.name}`]: Token.asAnyMap(queue.arn) } });
  output(cluster, "lazy", Lazy.anyValue({ produce: () => ({ a: [undefined, queue.arn], b: undefined }) }));
  output(cluster, "numbers", Token.asNumberList(Fn.range(1, 3)));
  output(workloads, "across", network?.vpc.vpc.arn);
  output(workloads, "empty", { list: [], map: {}, text: "", none: Token.nullValue() });
  cluster.addOverride("terraform.required_version", `>= ${variable.stringValue}`);
  cluster.addOverride("output.text.description", undefined);
  Aspects.of(cluster).add({
    visit(node) {
      if (TerraformResource.isTerraformResource(node) && "tagsInput" in node) {
        node.addOverride("tags.seen", `${queue.url}/${node.node.id}`);
      }
    },
  });
}

test("a repository's own code: the same bytes", () => {
  const work = (): Synthesis => synthesize(platform({ environmentNames: ["dev", "prod"] }), extend);
  const [before, after] = bothWays(work);
  expect(after.files).toEqual(before.files);
  expect(before.files["stacks/dev-workloads/cdk.tf.json"]).toContain("cross-stack-output");
  expect(before.files["stacks/dev-cluster/cdk.tf.json"]).not.toContain("TfToken");
});

describe("a value by itself", () => {
  let outdir: string;
  let scope: TerraformStack;

  beforeAll(() => {
    outdir = mkdtempSync(join(tmpdir(), "ray-platform-values-"));
    scope = new TerraformStack(new App({ outdir }), "stack");
  });

  afterAll(() => {
    rmSync(outdir, { recursive: true, force: true });
  });

  const token = { creationStack: [], resolve: () => ({ made: ["by", undefined, "a token"] }), toString: () => "" };
  const circular: Record<string, unknown> = {};
  circular.itself = { a: [circular] };
  const deep = (levels: number): unknown => (levels === 0 ? "x" : { a: deep(levels - 1) });

  /** What resolving gives, or the message of its error. */
  function resolved(value: unknown): unknown {
    try {
      return Tokenization.resolve(value, { scope, resolver: new DefaultTokenResolver(new StringConcat()) });
    } catch (error) {
      return `error: ${(error as Error).message}`;
    }
  }

  test.each<[string, unknown]>([
    ["nothing", undefined],
    ["null", null],
    [
      "texts",
      ["", "a", "${a}", "$${a}", "}{", "#{a}", "&{a}", "TfToken", "TfToken[", "${TfToken[TOKEN.99]}", "1e5", "-1e+289"],
    ],
    ["a token that is unknown", "${TfToken[TOKEN.999999]}"],
    ["numbers", [0, -0, 1.5, -1, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -1e289, 1e289, 1e300]],
    ["the number of a map", { a: Token.NUMBER_MAP_TOKEN_VALUE }],
    ["the text of a map", { a: [Token.STRING_MAP_TOKEN_VALUE] }],
    ["the other text of a map", Token.ANY_MAP_TOKEN_VALUE],
    ["holes and what is undefined", [...new Array(1), undefined, [undefined], { a: undefined, b: [] }, new Array(2)]],
    ["a token", token],
    ["tokens below", { a: [{ b: token }], c: `x${Token.asString(token)}`, [`k${Token.asString("v")}`]: 1 }],
    [
      "a list that stands for a token",
      { a: Token.asList(token), b: Token.asNumberList({ ...token, resolve: () => [1] }) },
    ],
    ["a text in a list that stands for one", ["x", ...Token.asList(token)]],
    ["a text that is an item of a list", Token.asList(token)[0]],
    ["a number that stands for one, in a text", `a${Token.asNumber({ ...token, resolve: () => 5 })}b`],
    ["a map that stands for one, beside others", { ...Token.asStringMap(token), other: "x" }],
    [
      "a date, a class, and no prototype",
      [new Date(0), new Map([["a", 1]]), Object.assign(Object.create(null), { a: 1 })],
    ],
    ["a function", { a: [{ b: () => 1 }] }],
    ["a big number and a symbol", [1n, Symbol.iterator.toString()]],
    ["an object with resolve that is data", { resolve: "x" }],
    ["what looks like a construct", { _children: {}, _metadata: [] }],
    ["what has children", { _children: {}, a: "x" }],
    ["an own __proto__", JSON.parse('{"__proto__": {"a": 1}, "b": 2}')],
    ["what refers to itself", circular],
    ["nested as deeply as the engine allows", deep(200)],
    ["nested more deeply", deep(201)],
  ])("%s", (_, value) => {
    const [before, after] = bothWays(() => resolved(value));
    expect(after).toStrictEqual(before);
  });

  test("a construct in data is named by its path, as the engine does", () => {
    const [before, after] = bothWays(() => resolved({ a: { b: scope } }));
    expect(after).toBe(before);
    expect(after).toContain("error:");
  });

  test("plain values are not the engine's, tokens are", () => {
    const seen: unknown[] = [];
    Tokenization.resolve = (value, options) => {
      seen.push(value);
      return engine(value, options);
    };
    resolvePlainValues();
    const text = Token.asString(token);
    resolved({ a: ["b", { c: "${d}", e: 1, f: true, g: "platform-e45" }], h: [text, "i"] });
    expect(seen).toEqual([text]);
  });
});

test("an engine that writes tokens in another way resolves all by itself", () => {
  jest.spyOn(Token, "asString").mockReturnValue("<<token 1>>");
  resolvePlainValues();
  expect(Tokenization.resolve).toBe(engine);
});

test("so does one whose numbers are others", () => {
  jest.spyOn(Token, "asNumber").mockReturnValue(1e300);
  resolvePlainValues();
  expect(Tokenization.resolve).toBe(engine);
});
