// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Logger } from "projen/lib/logger";
import { instancePrices } from "../../src/config/instance-prices";
import { countedTypes } from "../../src/config/node-price";
import { resolveOptions } from "../../src/config/resolve-options";
import { CostAction } from "../../src/options/cost-action";
import { OptionsError } from "../../src/options/option-issues";
import type { RayPlatformProjectOptions } from "../../src/options/ray-platform-project-options";
import { RayPlatformProject } from "../../src/ray-platform-project";
import { PREVIEW_VARIABLE } from "../../src/sync/run/run-variables";

const resolve = (options: Partial<RayPlatformProjectOptions>) =>
  resolveOptions({ name: "platform", ...options }, { argv: [], env: {} });
const warned = (options: Partial<RayPlatformProjectOptions>) =>
  resolve(options).warnings.map(({ path, value, rule }) => ({ path, value, rule }));
const P5 = { gpuPool: { instanceTypes: ["p5.48xlarge"] }, policyLimits: { gpuInstanceTypes: ["p5.48xlarge"] } };
const P5E = {
  awsRegion: "us-east-2",
  gpuPool: { instanceTypes: ["p5e.48xlarge"] },
  policyLimits: { gpuInstanceTypes: ["p5e.48xlarge"] },
};
/** 730 hours at 0.768 and 55.04 USD: ten of the larger CPU type, and two and one of the GPU type. */
const PARTS = "cpu 10 of m5.4xlarge 5,606, gpu 2 of p5.48xlarge 80,358, gpu-on-demand 1 of p5.48xlarge 40,179";

describe("what an environment may cost", () => {
  test("the default platform is within the default limit", () => {
    expect(resolve({}).warnings).toEqual([]);
    expect(resolve({ cost: { maxMonthlyUsd: 9000 } }).warnings).toHaveLength(1);
  });

  test("above the limit, a warning names the option, the figure, what is in it, and what is not", () => {
    expect(warned(P5)).toEqual([
      {
        path: "cost.maxMonthlyUsd",
        value: 25000,
        rule:
          "prod may cost 126,144 USD a month in nodes if every pool stays at its maximum size, on-demand list price in us-east-1 of " +
          `${instancePrices().asOf}: ${PARTS}. Not included: volumes, the cluster, endpoints, NAT gateways, keys, logs and traffic; ` +
          "discounts and other regions",
      },
    ]);
  });

  test("each environment has a limit of its own, or the one of all", () => {
    const cost = { maxMonthlyUsd: 300_000 };
    const environments = [{ name: "dev", cost: { maxMonthlyUsd: 20_000 } }, { name: "prod" }];
    expect(warned({ ...P5, cost, environments }).map(({ path, value }) => ({ path, value }))).toEqual([
      { path: "environments[0].cost.maxMonthlyUsd", value: 20_000 },
    ]);
    expect(warned({ ...P5, environmentNames: ["dev", "prod"] }).map(({ rule }) => rule.split(" ")[0])).toEqual([
      "dev",
      "prod",
    ]);
  });

  test("where the option says so, it is refused like any other wrong value", () => {
    const denied = () => resolve({ ...P5, cost: { aboveMax: CostAction.DENY } });
    expect(denied).toThrow(OptionsError);
    expect(denied).toThrow(/cost\.maxMonthlyUsd = 25000\n {4}rule: prod may cost 126,144 USD/);
    expect(resolve({ ...P5, cost: { aboveMax: CostAction.DENY, maxMonthlyUsd: 126_145 } }).warnings).toEqual([]);
  });

  test.each([
    ["npx projen", undefined, 1],
    ["a command that renders to compare", "rendering", 0],
  ])("%s says it as often as it should", (_, preview, times) => {
    const warn = jest.spyOn(Logger.prototype, "warn").mockImplementation(() => undefined);
    const before = process.env[PREVIEW_VARIABLE];
    const outdir = mkdtempSync(join(tmpdir(), "cost-"));
    try {
      if (preview !== undefined) {
        process.env[PREVIEW_VARIABLE] = preview;
      }
      new RayPlatformProject({ name: "platform", ...P5, outdir });
      expect(
        warn.mock.calls.filter(([text]) => /cost\.maxMonthlyUsd = 25000\n {4}rule: prod may/.test(text)),
      ).toHaveLength(times);
    } finally {
      warn.mockRestore();
      if (before === undefined) {
        delete process.env[PREVIEW_VARIABLE];
      }
      rmSync(outdir, { recursive: true });
    }
  });

  test("a type without a published price is told, not guessed, where somebody gave a limit", () => {
    expect(warned(P5E)).toEqual([]);
    const [{ rule }] = warned({ ...P5E, cost: { maxMonthlyUsd: 25_000 } });
    expect(rule).toContain(
      "5,606 USD a month in nodes and more if every pool stays at its maximum size, on-demand list price in us-east-1 of " +
        `${instancePrices().asOf}: cpu 10 of m5.4xlarge 5,606; without a published price, and not counted: gpu 2 of p5e.48xlarge`,
    );
    expect(() => resolve({ ...P5E, cost: { maxMonthlyUsd: 25_000, aboveMax: CostAction.DENY } })).toThrow(
      "choose types with a published price",
    );
  });
});

test.each([
  ["the price, not the cores", ["p4d.24xlarge", "g5.48xlarge"], "g5.48xlarge", "p4d.24xlarge"],
  ["the order of the list says nothing", ["m5.4xlarge", "m5.2xlarge"], "m5.2xlarge", "m5.4xlarge"],
  ["a type without a price is no cheaper one", ["p5e.48xlarge", "p5.48xlarge"], "p5.48xlarge", "p5e.48xlarge"],
])("what is counted idle and full: %s", (_, names, idle, full) => {
  expect([countedTypes(names).idle.name, countedTypes(names).full.name]).toEqual([idle, full]);
});
