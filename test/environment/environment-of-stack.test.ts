// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { stacksByEnvironment } from "../../src/environment/environment-of-stack";

const grouped = (environments: readonly string[], stacks: readonly string[]) =>
  Object.fromEntries(
    [
      ...stacksByEnvironment(
        stacks.map((name) => ({ name })),
        environments,
      ),
    ].map(([environment, own]) => [environment, own.map(({ name }) => name)]),
  );

test.each([
  {
    what: "layers",
    environments: ["dev", "prod"],
    stacks: ["dev-network", "dev-cluster", "prod-network"],
    expected: { dev: ["dev-network", "dev-cluster"], prod: ["prod-network"] },
  },
  {
    what: "a team's own stack, whose name has more hyphens than a layer's",
    environments: ["dev"],
    stacks: ["dev-network", "dev-data-lake"],
    expected: { dev: ["dev-network", "dev-data-lake"] },
  },
  {
    what: "an environment whose name begins with another's",
    environments: ["prod", "prod-eu"],
    stacks: ["prod-network", "prod-eu-network", "prod-europe"],
    expected: { prod: ["prod-network", "prod-europe"], "prod-eu": ["prod-eu-network"] },
  },
  {
    what: "a stack of no environment, which concerns all",
    environments: ["dev", "prod"],
    stacks: ["dev-network", "prod-network", "shared-dns", "development"],
    expected: {
      dev: ["dev-network", "shared-dns", "development"],
      prod: ["prod-network", "shared-dns", "development"],
    },
  },
  {
    what: "an environment without a stack of its own",
    environments: ["dev", "prod"],
    stacks: ["dev-network", "shared-dns"],
    expected: { dev: ["dev-network", "shared-dns"] },
  },
  { what: "no environment", environments: [], stacks: ["shared-dns"], expected: {} },
])("$what", ({ environments, stacks, expected }) => {
  expect(grouped(environments, stacks)).toEqual(expected);
});
