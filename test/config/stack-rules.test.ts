// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { clusterViolations } from "../../templates/src/platform/cluster/validation";
import { limitViolations } from "../../templates/src/platform/limits";
import { networkViolations } from "../../templates/src/platform/network/validation";
import { rayViolations } from "../../templates/src/platform/ray/validation";
import { type Options, resolve } from "../options/resolve";
import { SWEEP } from "./sweep";

/** What the stacks would refuse at synth. */
function violations(options: Options): string[] {
  const { environments, limits } = resolve(options).config;
  return environments.flatMap((environment) => [
    ...clusterViolations(environment),
    ...networkViolations(environment.name, environment.network),
    ...rayViolations(environment),
    ...limitViolations(environment, limits),
  ]);
}

describe("what the options accept", () => {
  test.each(SWEEP)("is accepted by the stacks with %s", (_title, options) => {
    expect(violations(options)).toEqual([]);
  });

  test("is compared with rules that do refuse", () => {
    const { environments, limits } = resolve({}).config;
    expect(
      limitViolations(environments[0], { ...limits, terraform: { ...limits.terraform, max_gpu_nodes: 1 } }),
    ).toHaveLength(1);
  });
});
