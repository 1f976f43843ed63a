// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from "node:fs";
import { join } from "node:path";
import Ajv from "ajv";
import { PACKAGE_ROOT } from "../../src/package-root";
import { resolve } from "../options/resolve";
import { SWEEP } from "./sweep";

const read = (path: string) => readFileSync(join(PACKAGE_ROOT, path), "utf8");
const validate = new Ajv({ allErrors: true }).compile(JSON.parse(read("data/platform.schema.json")));

describe("the resolved configuration", () => {
  test.each(SWEEP)("with %s is as its schema says, and plain JSON", (_title, options) => {
    const { config } = resolve(options);
    expect(JSON.parse(JSON.stringify(config))).toEqual(config);
    validate(config);
    expect(validate.errors ?? []).toEqual([]);
  });

  test("has a schema that refuses what it does not know", () => {
    const { config } = resolve({});
    expect(validate({ ...config, extra: 1 })).toBe(false);
    expect(validate({ ...config, environments: [{ ...config.environments[0], region: 1 }] })).toBe(false);
  });

  test("is the same for the same options", () => {
    expect(JSON.stringify(resolve({}).config)).toBe(JSON.stringify(resolve({}).config));
  });

  test("is the same without options and with the defaults spelt out", () => {
    expect(resolve({ environmentNames: ["prod"] }).config).toEqual(resolve({}).config);
    expect(resolve({ environments: [{ name: "prod" }] }).config).toEqual(resolve({}).config);
    expect(
      resolve({ awsRegion: "us-east-1", network: {}, ray: {}, cpuPool: {}, gpuPool: {}, policyLimits: {} }).config,
    ).toEqual(resolve({}).config);
  });
});
