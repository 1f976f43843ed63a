// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { evaluateAccess } from "../../src/iam/evaluate";
import type { SynthesizedRole } from "./synthesized-access";
import { ACCOUNT, environment, GIVEN_BOUNDARY, optionSets, REGION } from "./environments";
import { realContext } from "./service-reference";
import { stateCalls, TERRAFORM_CALLS, type TerraformCall } from "./terraform-calls";

const ISSUER = `arn:aws:iam::${ACCOUNT}:oidc-provider/oidc.eks.${REGION}.amazonaws.com/id/OWN`;

/** Every call that deploying, changing and destroying the network and cluster stacks makes, each once. */
function callsOf(option: string): TerraformCall[] {
  const { config, stacks } = environment(option);
  const { cluster, access, state, name } = config;
  const scope = {
    cluster: cluster.name,
    issuer: ISSUER,
    boundary:
      option === "given boundary"
        ? GIVEN_BOUNDARY
        : `arn:aws:iam::${ACCOUNT}:policy${access.bootstrapPath}${access.boundaryName}`,
  };
  const calls = new Map<string, TerraformCall>();
  const add = (call: TerraformCall): void => {
    const text = JSON.stringify(call).replace(/\$\{data\.aws_caller_identity[^}]*\}/g, ACCOUNT);
    calls.set(text, JSON.parse(text));
  };
  for (const layer of ["network", "cluster"].filter((one) => stacks[one] !== undefined)) {
    stateCalls(state.bucket, name, layer).forEach(add);
    for (const [type, instances] of Object.entries<object>(stacks[layer].resource)) {
      if (type === "terraform_data") {
        continue;
      }
      const callsFor = TERRAFORM_CALLS[type];
      if (callsFor === undefined) {
        throw new Error(`which calls Terraform makes for ${type} is not known: add it to terraform-calls.ts`);
      }
      Object.values(instances).forEach((body) => callsFor(body, scope).forEach(add));
    }
  }
  return [...calls.values()];
}

describe.each(Object.keys(optionSets))("with the options of %s", (option) => {
  beforeAll(() => void environment(option), 120_000);

  test.each(["administrator", ...(option === "no GitHub" ? [] : ["apply"])])(
    "the %s role may do all that deploying, changing and destroying takes",
    async (name) => {
      const role = environment(option).roles.get(name) as SynthesizedRole;
      const calls = callsOf(option);
      expect(calls.length).toBeGreaterThan(100);
      const refused: string[] = [];
      for (const call of calls) {
        // Tables of an action's resources do not all name what an object's or a pattern's ARN is of.
        const context = await realContext(call.action, call.resource, call.context ?? {});
        const { decision } = evaluateAccess({ principal: role.arn, ...call, context }, role);
        if (decision !== "allowed") {
          refused.push(`${call.action} on ${call.resource} ${JSON.stringify(context)}`);
        }
      }
      expect(refused).toEqual([]);
    },
    60_000,
  );
});
