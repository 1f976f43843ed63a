// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { Accelerator } from "../../src/options/accelerator";
import * as api from "../../src/index";
import { nearestKey } from "../../src/nearest-key";
import { elementOf, optionAt, reachableOptions, steps, TYPES, typeOf, valueAt, withValueAt } from "./assembly";
import { EFFECTS } from "./effects";
import { issuesOf, type Options, resolve } from "./resolve";

const wrong = (options: unknown): Options => options as Options;

describe("unknown options", () => {
  // One misspelling at each level of nesting.
  test.each<readonly [object, string, string]>([
    [{ awsReggion: "eu-west-1" }, "awsReggion", "did you mean awsRegion?"],
    [{ aws_region: "eu-west-1" }, "aws_region", "did you mean awsRegion?"],
    [{ network: { vpcCird: "10.0.0.0/16" } }, "network.vpcCird", "did you mean vpcCidr?"],
    [{ cluster: { logRetention: 1 } }, "cluster.logRetention", "did you mean logRetentionDays?"],
    [{ cpuPool: { instanceType: ["m5.large"] } }, "cpuPool.instanceType", "did you mean instanceTypes?"],
    [{ gpuPool: { onDemandFalback: true } }, "gpuPool.onDemandFalback", "did you mean onDemandFallback?"],
    [
      {
        pools: [
          { name: "a", instanceTypes: ["m5.large"] },
          { name: "b", instanceTypes: ["m5.large"], maxsize: 2 },
        ],
      },
      "pools[1].maxsize",
      "did you mean maxSize?",
    ],
    [{ ray: { headcpu: 2 } }, "ray.headcpu", "did you mean headCpu?"],
    [{ ray: { workerGroups: [{ name: "a", gpu: 1 }] } }, "ray.workerGroups[0].gpu", "did you mean gpus?"],
    [{ ray: { egress: [{ cidr: "10.0.0.0/8", port: [1] }] } }, "ray.egress[0].port", "did you mean ports?"],
    [{ images: { registery: "r.example.com" } }, "images.registery", "did you mean registry?"],
    [{ state: { buckets: "x" } }, "state.buckets", "did you mean bucket?"],
    [{ policyLimits: { maxGpuNode: 1 } }, "policyLimits.maxGpuNode", "did you mean maxGpuNodes?"],
    [{ documents: { codeowners: [] } }, "documents.codeowners", "did you mean codeOwners?"],
    [{ workflows: { tfsec: { enable: false } } }, "workflows.tfsec.enable", "did you mean enabled?"],
    [
      {
        workflows: { trivy: { exceptions: [{ id: "a", reason: "a good reason", expires: "2099-01-01", file: "x" }] } },
      },
      "workflows.trivy.exceptions[0].file",
      "remove it; known: expires, id, path, reason",
    ],
    [{ environments: [{ name: "dev", productoin: true }] }, "environments[0].productoin", "did you mean production?"],
    [
      { environments: [{ name: "dev", network: { vpcCird: "x" } }] },
      "environments[0].network.vpcCird",
      "did you mean vpcCidr?",
    ],
    [{ constructor: 1 }, "constructor", "remove it; known: "],
    [{ zzzzzzzz: 1 }, "zzzzzzzz", "remove it; known: "],
  ])("%j is refused, with the nearest known one", (options, path, fix) => {
    expect(issuesOf(wrong(options))).toMatchObject([
      { path, rule: expect.stringContaining("no such option"), fix: expect.stringContaining(fix) },
    ]);
  });

  test("every struct refuses one", () => {
    const structs = new Set([...reachableOptions("RayPlatformProjectOptions").keys()].map((id) => id.split(".")[0]));
    const entered = EFFECTS.flatMap(({ option, value, beside }) => {
      const inner = steps(option);
      const options = withValueAt(beside ?? {}, option, value);
      return inner.map((_, depth) => ({ path: inner.slice(0, depth).join("."), options }));
    }).filter(({ path, options }) => path !== "" && typeof valueAt(options, path) === "object" && isStruct(path));
    const refused = entered.map(({ path, options }) => {
      const found = issuesOf(withValueAt(options, `${path}.qqqqq`, 1)).find(({ rule }) =>
        rule.includes("no such option"),
      );
      return found?.rule.split(" ")[0];
    });
    const parents = [
      "RayPlatformProjectOptions",
      ...TYPES.flatMap(({ interfaces }) => interfaces ?? []).map((fqn) => fqn.slice(fqn.indexOf(".") + 1)),
    ];
    expect([...structs].filter((struct) => !refused.includes(struct) && !parents.includes(struct))).toEqual([]);
  });
});

function isStruct(path: string): boolean {
  const { type } = optionAt(path);
  return type.fqn !== undefined && TYPES.some(({ fqn, kind }) => fqn === type.fqn && kind === "interface");
}

describe("enums", () => {
  const enums = [...reachableOptions("RayPlatformProjectOptions")].filter(([, { type }]) =>
    TYPES.some(({ fqn, kind }) => fqn === type.fqn && kind === "enum"),
  );
  const enumOptions = EFFECTS.filter(({ option }) => enums.some(([id]) => id === optionAt(option).id));

  test("are tried in every option that takes one", () => {
    expect(
      enums.map(([id]) => id).filter((id) => !enumOptions.some(({ option }) => optionAt(option).id === id)),
    ).toEqual([]);
  });

  test.each(enumOptions.map(({ option, beside }) => [option, beside ?? {}] as const))(
    "%s refuses a member that does not exist, which is undefined",
    (option, beside) => {
      const [issue] = issuesOf(withValueAt(beside, option, undefined));
      expect(issue).toMatchObject({
        path: option,
        value: undefined,
        rule: expect.stringContaining("member that"),
        fix: expect.stringContaining("use one of"),
      });
    },
  );

  test.each(enumOptions.map(({ option, value, beside }) => [option, value, beside ?? {}] as const))(
    "%s refuses a misspelled value",
    (option, value, beside) => {
      const [issue] = issuesOf(withValueAt(beside, option, `${value}x`));
      expect(issue).toMatchObject({
        path: option,
        rule: expect.stringContaining("must be a member of"),
        fix: expect.stringContaining("on the command line"),
      });
    },
  );

  test("suggest the nearest member", () => {
    expect(issuesOf(wrong({ accelerator: "G5" }))[0].fix).toContain("did you mean Accelerator.");
    expect(issuesOf(wrong({ network: { nat: "per_zone" } }))[0].fix).toContain("did you mean NatMode.PER_ZONE?");
  });

  test("take the value as text too, as `.projenrc.json` has it", () => {
    const allowed = { policyLimits: { gpuInstanceTypes: ["g5.2xlarge", "g5.4xlarge"] } };
    expect(resolve(wrong({ accelerator: "g5", ...allowed }))).toEqual(
      resolve({ accelerator: Accelerator.G5, ...allowed }),
    );
  });

  // `projen new --accelerator=x` writes Accelerator.X: it knows names, and no values.
  test.each(TYPES.filter(({ kind }) => kind === "enum").map(({ name }) => name))(
    "%s names each member after its value",
    (name) => {
      const members = (api as unknown as Record<string, Record<string, string>>)[name];
      expect(Object.keys(members).sort()).toEqual((typeOf(name).members ?? []).map((member) => member.name).sort());
      for (const [member, value] of Object.entries(members)) {
        expect(member).toBe(value.toUpperCase().replace(/-/g, "_"));
      }
    },
  );
});

describe("values of the wrong type", () => {
  const wrongValues = {
    string: [1, true, null, [], {}],
    number: ["1", true, null, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, []],
    boolean: ["true", 1, null, {}],
  } as const;
  const primitives = EFFECTS.flatMap(({ option, beside }) => {
    const { primitive } = optionAt(option).type;
    return primitive === "string" || primitive === "number" || primitive === "boolean"
      ? [[option, primitive, beside ?? {}] as const]
      : [];
  });

  test.each(primitives)("%s takes a %s only", (option, primitive, beside) => {
    for (const value of wrongValues[primitive]) {
      expect(issuesOf(withValueAt(beside, option, value))[0]).toMatchObject({
        path: option,
        value,
        rule: `must be a ${primitive}`,
      });
    }
  });

  test.each<readonly [object, string, string]>([
    [{ environmentNames: "dev" }, "environmentNames", "must be a list"],
    [{ environmentNames: [undefined] }, "environmentNames[0]", "never undefined"],
    // biome-ignore lint/suspicious/noSparseArray: a hole is what a stray comma leaves
    [{ environmentNames: ["dev", , "prod"] }, "environmentNames[1]", "never undefined"],
    [{ environmentNames: ["dev", 1] }, "environmentNames[1]", "must be a string"],
    [{ allowedRegions: ["us-east-1", "us-east-1"] }, "allowedRegions[1]", "in the list already"],
    [{ tags: ["a"] }, "tags", "must be an object of names and values"],
    [{ tags: { Team: undefined } }, "tags.Team", "never undefined"],
    [{ tags: { Team: 1 } }, "tags.Team", "must be a string"],
    [{ network: "10.0.0.0/16" }, "network", "must be an object (NetworkOptions)"],
    [{ network: null }, "network", "must be an object (NetworkOptions)"],
    [{ pools: { name: "a" } }, "pools", "must be a list"],
    [{ pools: ["a"] }, "pools[0]", "must be an object (AdditionalPoolOptions)"],
    [{ pools: [{ instanceTypes: ["m5.large"] }] }, "pools[0].name", "is required"],
    [{ environments: [{}] }, "environments[0].name", "is required"],
    [{ cpuPool: { nodeConfig: { a: () => 1 } } }, "cpuPool.nodeConfig.a", "must be JSON"],
    [{ cpuPool: { nodeConfig: { a: [new Date(0)] } } }, "cpuPool.nodeConfig.a[0]", "must be JSON"],
    [{ cpuPool: { nodeConfig: { a: Number.NaN } } }, "cpuPool.nodeConfig.a", "must be JSON"],
    [{ cpuPool: { nodeConfig: { a: undefined } } }, "cpuPool.nodeConfig.a", "never undefined"],
    [{ cpuPool: { nodeConfig: { a: { b: undefined } } } }, "cpuPool.nodeConfig.a.b", "must be JSON"],
  ])("%j is refused", (options, path, rule) => {
    expect(issuesOf(wrong(options))).toMatchObject([{ path, rule: expect.stringContaining(rule) }]);
  });

  test("a circle in nodeConfig is refused", () => {
    const nodeConfig: Record<string, unknown> = {};
    nodeConfig.self = nodeConfig;
    expect(issuesOf({ cpuPool: { nodeConfig } })).toMatchObject([
      { path: "cpuPool.nodeConfig.self.self", rule: expect.stringContaining("must be JSON") },
    ]);
  });

  test("without a name there is no platform", () => {
    expect(issuesOf(wrong({ name: undefined }))).toMatchObject([{ path: "name", rule: "is required" }]);
  });

  test("an option that is undefined is left out", () => {
    expect(resolve({ awsRegion: undefined, network: { vpcCidr: undefined } })).toEqual(resolve({ network: {} }));
  });

  test("do not hide what else is wrong", () => {
    const paths = issuesOf(
      wrong({ monitoring: "yes", kubernetesVersion: "0.1", ray: { headcpu: 1, headCpu: 99 } }),
    ).map(({ path }) => path);
    expect(paths).toEqual(["monitoring", "ray.headcpu", "ray.headCpu", "kubernetesVersion"]);
  });
});

describe("the API", () => {
  test("requires nothing but the name", () => {
    const required = (typeOf("RayPlatformProjectOptions").properties ?? [])
      .filter(({ optional }) => !optional)
      .map(({ name }) => name);
    expect(required).toEqual(["name"]);
    expect((typeOf("EnvironmentSettings").properties ?? []).filter(({ optional }) => !optional)).toEqual([]);
  });

  test("has one project type", () => {
    const projects = TYPES.filter(({ kind, base }) => kind === "class" && base !== undefined);
    expect(projects.map(({ name }) => name)).toEqual(["RayPlatformProject"]);
  });

  test("documents every option: meaning, and default where there is one", () => {
    const bare = [...reachableOptions("RayPlatformProjectOptions")].filter(
      ([, { docs, optional }]) => docs?.summary === undefined || (optional && docs.default === undefined),
    );
    expect(bare.map(([id]) => id)).toEqual([]);
  });

  test("takes enums only where the command line can pass them on: directly, never in lists", () => {
    const lists = [...reachableOptions("RayPlatformProjectOptions")].filter(
      ([, { type }]) =>
        type.collection !== undefined && TYPES.some(({ fqn, kind }) => fqn === elementOf(type).fqn && kind === "enum"),
    );
    expect(lists.map(([id]) => id)).toEqual([]);
  });
});

describe("the nearest key", () => {
  test.each([
    ["vpcCird", "vpcCidr"],
    ["vpc-cidr", "vpcCidr"],
    ["VPCCIDR", "vpcCidr"],
    ["subnets", "subnetIds"],
    ["nonsense", undefined],
    ["", undefined],
  ])("%j is most likely %j", (key, expected) => {
    expect(nearestKey(key, ["vpcCidr", "subnetIds", "availabilityZones"])).toBe(expected);
  });
});
