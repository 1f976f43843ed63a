// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { performance } from "node:perf_hooks";
import fc from "fast-check";
import { Accelerator } from "../../src/options/accelerator";
import type { EnvironmentOptions } from "../../src/options/environment-options";
import { issuesOf, type Options, resolve } from "../options/resolve";

const environmentsOf = (options: Options) => resolve(options).config.environments;
const PROVIDER = "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com";

describe("an environment", () => {
  test("overrides the project field by field", () => {
    const [dev, prod] = environmentsOf({
      network: { vpcCidr: "10.20.0.0/16", flowLogRetentionDays: 731 },
      cpuPool: { minSize: 3, maxSize: 6 },
      environments: [{ name: "dev", network: { flowLogRetentionDays: 30 }, cpuPool: { minSize: 1 } }, { name: "prod" }],
    });
    expect([dev.network.vpcCidr, dev.network.flowLogRetentionDays]).toEqual(["10.20.0.0/16", 30]);
    expect([prod.network.vpcCidr, prod.network.flowLogRetentionDays]).toEqual(["10.20.0.0/16", 731]);
    expect([dev.pools[0].minSize, dev.pools[0].maxSize]).toEqual([1, 6]);
  });

  test("replaces lists whole", () => {
    const [dev] = environmentsOf({
      cpuPool: { instanceTypes: ["m5.2xlarge", "m5.4xlarge"] },
      environments: [{ name: "dev", cpuPool: { instanceTypes: ["m5.large"] }, ray: { headCpu: 1, headMemoryGib: 4 } }],
    });
    expect(dev.pools[0].instanceTypes).toEqual(["m5.large"]);
  });

  test("adds tags to the project's", () => {
    const [dev] = environmentsOf({
      tags: { Team: "ml", Cost: "1" },
      environments: [{ name: "dev", tags: { Cost: "2" } }],
    });
    expect(dev.tags).toMatchObject({ Team: "ml", Cost: "2", Environment: "dev" });
  });

  test("leaves to the project what it sets to undefined", () => {
    const [dev] = environmentsOf({
      awsRegion: "eu-west-1",
      network: { vpcCidr: "10.20.0.0/16" },
      environments: [{ name: "dev", awsRegion: undefined, network: { vpcCidr: undefined } }],
    });
    expect([dev.region, dev.network.vpcCidr]).toEqual(["eu-west-1", "10.20.0.0/16"]);
  });

  test.each<readonly [string, Options, string[]]>([
    [
      "the project, where the project says it",
      { network: { vpcCidr: "x" }, environments: [{ name: "a" }, { name: "b" }] },
      ["network.vpcCidr"],
    ],
    [
      "the environment, where it says it",
      { environments: [{ name: "a" }, { name: "b", network: { vpcCidr: "x" } }] },
      ["environments[1].network.vpcCidr"],
    ],
    [
      "the environment, where it overrides the project",
      { network: { vpcCidr: "10.0.0.0/16" }, environments: [{ name: "a", network: { vpcCidr: "x" } }] },
      ["environments[0].network.vpcCidr"],
    ],
    [
      "the project, where the environment says something else of the same struct",
      { network: { vpcCidr: "x" }, environments: [{ name: "a", network: { flowLogRetentionDays: 30 } }] },
      ["network.vpcCidr"],
    ],
    [
      "both, where both are wrong",
      { network: { vpcCidr: "x" }, environments: [{ name: "a" }, { name: "b", network: { vpcCidr: "y" } }] },
      ["network.vpcCidr", "environments[1].network.vpcCidr"],
    ],
    [
      "the environment's pool",
      {
        environments: [{ name: "a", pools: [{ name: "big", instanceTypes: ["m5.2xlarge"], minSize: 9, maxSize: 3 }] }],
      },
      ["environments[0].pools[0].maxSize"],
    ],
    [
      "the environment's worker group",
      { environments: [{ name: "a", ray: { workerGroups: [{ name: "w", cpu: 8 }] } }] },
      ["environments[0].ray.workerGroups[0].cpu"],
    ],
    [
      "the environment's accelerator",
      { environments: [{ name: "a", awsRegion: "eu-west-1", accelerator: Accelerator.P5 }] },
      ["environments[0].accelerator"],
    ],
    [
      "the environment's head",
      { ray: { headCpu: 2 }, environments: [{ name: "a", ray: { headCpu: 9 } }] },
      ["environments[0].ray.headCpu"],
    ],
    [
      "the environment's tag",
      { tags: { Team: "ml" }, environments: [{ name: "a", tags: { "aws:x": "y" } }] },
      ["environments[0].tags.aws:x"],
    ],
    [
      "the default fallback by the option that sizes it",
      { gpuPool: { fallbackMaxSize: 21 } },
      ["gpuPool.fallbackMaxSize", "gpuPool.maxSize"],
    ],
  ])("has issues that name %s", (_title, options, paths) => {
    expect([...new Set(issuesOf(options).map(({ path }) => path))]).toEqual(paths);
  });
});

describe("environments of one account", () => {
  const account = (name: string, more: Partial<EnvironmentOptions> = {}) => ({
    name,
    awsAccountId: "111122223333",
    ...more,
  });
  const providers = (environments: EnvironmentOptions[]) =>
    environmentsOf({ githubOwner: "acme", environments }).map(({ deployment }) => deployment.oidcProviderArn);

  test("share the OIDC provider that the first of them makes", () => {
    expect(providers([account("a"), account("b"), { name: "c", awsAccountId: "999922223333" }, account("d")])).toEqual([
      null,
      PROVIDER,
      null,
      PROVIDER,
    ]);
  });

  test("share the OIDC provider that one of them gives", () => {
    expect(providers([account("a"), account("b", { githubOidcProviderArn: PROVIDER })])).toEqual([PROVIDER, PROVIDER]);
  });

  test("share nothing where no account is named", () => {
    expect(providers([{ name: "a" }, { name: "b" }])).toEqual([null, null]);
  });

  test("have repositories, buckets, keys, roles and clusters of their own", () => {
    const names = environmentsOf({
      environments: [account("a"), account("b")],
      images: { repositoryPrefix: "mirror" },
    }).map(({ images, state, cluster, deployment }) => [
      images.repositoryPrefix,
      state.bucket,
      state.kmsKeyAlias,
      cluster.name,
      deployment.planRoleName,
      deployment.applyRoleName,
      deployment.driftRoleName,
    ]);
    expect(new Set(names.flat()).size).toBe(names.flat().length);
  });
});

describe("names in AWS", () => {
  const label = (max: number) => fc.stringMatching(new RegExp(`^[a-z][a-z0-9]{0,${max - 1}}$`));

  test("are never too long", () => {
    fc.assert(
      fc.property(label(23), label(16), fc.option(label(39)), fc.boolean(), (name, environment, owner, account) => {
        const [resolved] = environmentsOf({
          name,
          environmentNames: [environment],
          githubOwner: owner ?? undefined,
          awsAccountId: account ? "111122223333" : undefined,
        });
        const { cluster, deployment, state, pools, ray } = resolved;
        expect(state.bucket).toMatch(/^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/);
        expect(cluster.name.length).toBeLessThanOrEqual(100);
        // The longest role name that the stacks make of it, in IAM's 64 characters.
        expect(`${cluster.name}-aws-ebs-csi-driver-irsa`.length).toBeLessThanOrEqual(64);
        expect(
          Math.max(
            ...[deployment.planRoleName, deployment.applyRoleName, deployment.driftRoleName].map(
              ({ length }) => length,
            ),
          ),
        ).toBeLessThanOrEqual(64);
        // Terraform leaves 37 characters to the prefix of a node group's name.
        expect(Math.max(...pools.map((pool) => `${pool.name}-`.length))).toBeLessThanOrEqual(37);
        // KubeRay: a RayJob's or RayService's name has 47 characters, and all are DNS labels.
        expect(`${ray.clusterName}-job`).toMatch(/^[a-z][a-z0-9-]{0,46}$/);
      }),
      { seed: 1 },
    );
  });

  test("keep buckets apart where they are cut", () => {
    const bucket = (environment: string) =>
      environmentsOf({ name: "p".repeat(23), githubOwner: "o".repeat(39), environmentNames: [environment] })[0].state
        .bucket;
    expect(bucket("staging-a")).not.toBe(bucket("staging-b"));
    expect(bucket("staging-a")).toHaveLength(63);
  });
});

describe("many environments", () => {
  const many = (count: number): Options => ({
    environmentNames: Array.from({ length: count }, (_, index) => `env-${index}`),
  });
  const run = (count: number): number => {
    const start = performance.now();
    resolve(many(count));
    return (performance.now() - start) / count;
  };
  /** Milliseconds for one environment of each number: the best of many runs in turn, since the machine has other work. */
  const best = (...counts: number[]): number[] => {
    const rounds = Array.from({ length: 12 }, () => counts.map(run));
    return counts.map((_, index) => Math.min(...rounds.map((round) => round[index])));
  };

  test("take linear time", () => {
    const [few, all] = best(20, 200);
    console.info(`${all.toFixed(3)} ms for each of 200 environments, ${few.toFixed(3)} ms for each of 20`);
    expect(all).toBeLessThan(10);
    // Quadratic time would make it ten times as much.
    expect(all).toBeLessThan(few * 6 + 0.1);
  });
});
