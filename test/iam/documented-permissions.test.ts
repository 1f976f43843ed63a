// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { list } from "../../src/iam/policy";
import { matchesPattern } from "../../src/iam/wildcards";
import { documentsOf, workflows } from "../documents/option-sets";
import { NAMESAKES } from "../templates/configs";
import { ACCOUNT, environment, optionSets } from "./environments";

/** Permissions that a caller's own policy gives, before any role of the platform. */
const OF_THE_CALLER = ["sts:AssumeRole", "sts:AssumeRoleWithWebIdentity"];
const ACTION = /`([a-z][a-z0-9-]*:(?:[A-Z][A-Za-z]*\*?|\*))`/g;

const documents = (option: string): string =>
  documentsOf({
    options: {
      name: "ml-platform",
      githubOwner: "acme",
      environments: NAMESAKES,
      awsAccountId: ACCOUNT,
      ...optionSets[option],
    },
    workflows: workflows(),
  })
    .map(({ content }) => content)
    .join("\n");

describe.each(Object.keys(optionSets))("with the options of %s", (option) => {
  beforeAll(() => void environment(option), 120_000);

  test("each permission that a document names is in a policy", () => {
    const granted = [...environment(option).roles.values()].flatMap(({ identity, boundary }) =>
      [...identity, ...(boundary === undefined ? [] : [boundary])]
        .flatMap(({ Statement }) => list(Statement))
        .filter(({ Effect }) => Effect === "Allow")
        .flatMap(({ Action }) => list(Action)),
    );
    const named = new Set([...documents(option).matchAll(ACTION)].map(([, action]) => action as string));
    expect(named.size).toBeGreaterThan(5);
    const missing = [...named].filter(
      (action) =>
        !OF_THE_CALLER.includes(action) &&
        !granted.some((pattern) => matchesPattern(pattern, action) || matchesPattern(action, pattern)),
    );
    expect(missing).toEqual([]);
  });

  test("each role is in the security document, and each role there is one of the stacks", () => {
    const { roles, config } = environment(option);
    const prefix = `${config.cluster.name}-`;
    const text = documents(option);
    const named = new Set(
      [...text.matchAll(/^\|.*$/gm)]
        .flatMap(([row]) => [...row.matchAll(/`([\w.-]+)`/g)].map(([, name]) => name as string))
        .filter((name) => name.startsWith(prefix) && !name.startsWith(`${config.cluster.name}-eu`))
        .map((name) => name.slice(prefix.length)),
    );
    // The cluster's and the nodes' roles are told in words; AWS's services and EC2 assume the others.
    const admitting = [...roles].filter(([, { trust }]) =>
      list(trust.Statement).some(({ Action }) => list(Action).some((action) => action !== "sts:AssumeRole")),
    );
    const entered = [...admitting.map(([name]) => name), "administrator", "ray-user", "viewer"].sort();
    expect([...roles.keys()].filter((name) => entered.includes(name)).sort()).toEqual(entered);
    expect([...named].filter((name) => roles.has(name)).sort()).toEqual(entered);
  });
});
