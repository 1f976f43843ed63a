// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { type ApplicablePolicies, evaluateAccess } from "../../src/iam/evaluate";
import { list, type PolicyDocument, type Statement } from "../../src/iam/policy";
import type { SynthesizedRole } from "./synthesized-access";
import { matchesPattern } from "../../src/iam/wildcards";
import { atItsCeiling, environment, optionSets } from "./environments";
import { allowed, denied, type Right } from "./rights";
import { realContext } from "./service-reference";

interface Asked {
  readonly name: string;
  readonly arn: string;
  readonly policies: ApplicablePolicies;
}

/** The roles that a row speaks of. */
function asked({ who }: Right, option: string): Asked[] {
  const { roles, config } = environment(option);
  const role = (name: string): SynthesizedRole => {
    const found = roles.get(name);
    if (found === undefined) {
      throw new Error(`${option} has no role ${name}, but ${[...roles.keys()].join(", ")}`);
    }
    return found;
  };
  if (who === "deployer") {
    const names = ["administrator", ...(config.deployment.githubOidc ? ["apply"] : [])];
    return names.map((name) => ({ name, arn: role(name).arn, policies: role(name) }));
  }
  if (who === "any stack role") {
    return ["node", "cluster"].map((name) => ({ name, arn: role(name).arn, policies: atItsCeiling(role(name)) }));
  }
  return [{ name: who, arn: role(who).arn, policies: role(who) }];
}

/** What each role that the row speaks of would be told. */
async function decisions(right: Right, option: string, change = (policies: ApplicablePolicies) => policies) {
  const { action, resource } = right;
  const context = await realContext(action, resource, right.context ?? {});
  return asked(right, option).map(({ name, arn, policies }) => {
    const { decision } = evaluateAccess({ principal: arn, action, resource, context }, change(policies));
    return `${name}: ${decision === "allowed" ? "allowed" : "denied"}`;
  });
}

/**
 * The same policies with the bindings of one action gone: the statements that speak of it allow it on everything, and where
 * none does, it is allowed. Nothing else changes, so a row that stays denied never depended on what it is about.
 */
function unbound(action: string): (policies: ApplicablePolicies) => ApplicablePolicies {
  const speaksOf = ({ Action, NotAction }: Statement): boolean =>
    Action === undefined
      ? !list(NotAction).some((pattern) => matchesPattern(pattern, action))
      : list(Action).some((pattern) => matchesPattern(pattern, action));
  const loosen = ({ Statement: statements, ...rest }: PolicyDocument): PolicyDocument => ({
    ...rest,
    Statement: list<Statement>(statements).map(({ Condition, ...statement }) =>
      speaksOf(statement)
        ? { ...statement, Effect: "Allow" as const, Resource: "*" }
        : { ...statement, ...(Condition === undefined ? {} : { Condition }) },
    ),
  });
  const granted = (documents: readonly PolicyDocument[]): PolicyDocument[] => {
    const isSpokenOf = documents.some(({ Statement }) => list<Statement>(Statement).some(speaksOf));
    const grant: PolicyDocument[] = isSpokenOf
      ? []
      : [{ Statement: { Effect: "Allow", Action: action, Resource: "*" } }];
    return [...documents.map(loosen), ...grant];
  };
  const merged = (documents: readonly PolicyDocument[]): PolicyDocument => ({
    Statement: documents.flatMap(({ Statement }) => list<Statement>(Statement)),
  });
  return (policies) => ({
    identity: granted(policies.identity ?? []),
    ...(policies.boundary === undefined ? {} : { boundary: merged(granted([policies.boundary])) }),
  });
}

const holds = ({ only, except }: Right, option: string): boolean =>
  (only === undefined || only.includes(option)) && !except?.includes(option);
const title = ({ who, what, action }: Right): string => `${who} ${what} (${action})`;

describe.each(Object.keys(optionSets))("with the options of %s", (option) => {
  // On a busy machine the synthesis alone can take longer than a test may.
  beforeAll(() => void environment(option), 120_000);
  const cases = (rights: readonly Right[]) =>
    rights.filter((right) => holds(right, option)).map((right) => [title(right), right] as const);

  test.each(cases(denied))("refused: %s", async (_, right) => {
    const told = await decisions(right, option);
    expect(told.filter((one) => one.endsWith("allowed"))).toEqual([]);
  });

  test.each(cases(allowed))("allowed: %s", async (_, right) => {
    const told = await decisions(right, option);
    expect(told.filter((one) => one.endsWith("denied"))).toEqual([]);
  });

  test.each(cases(denied))("without its binding it would be allowed: %s", async (_, right) => {
    const told = await decisions(right, option, unbound(right.action));
    expect(told.filter((one) => one.endsWith("denied"))).toEqual([]);
  });
});

test("the tables are large", () => {
  expect(denied.length).toBeGreaterThan(60);
  expect(allowed.length).toBeGreaterThan(40);
  expect(Object.keys(optionSets)).toHaveLength(8);
});
