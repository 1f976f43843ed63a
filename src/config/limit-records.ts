// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
//
// Generated from templates/src/platform/limit-records.ts by projenrc/config-types.ts: change it there.

/*
 * One record for each limit that is a number. The option `policyLimits.<name in camel case>`, its bounds and default, the
 * check at synth, the row of the security document and `data.limits` of the policies follow from it. The rule that it
 * names is the policy's own condition: policies, stacks and options agree, and do not read each other.
 */

/** A limit that is a number. */
export interface LimitRecord {
  /** Id of the rule that judges it in `policies/`, and that rule's row in the security document. */
  readonly rule: string;
  readonly row: string;
  /** What the row says, with `{limit}`. */
  readonly text: string;
  /** Smallest and largest value that the option takes, and its default. Whole numbers, unless it is a `fraction`. */
  readonly from: number;
  readonly to: number;
  readonly fraction?: boolean;
  readonly fallback: number;
  /** Another limit that this one must not exceed. */
  readonly atMost?: string;
  /** Whether it is the least or the most that is allowed. */
  readonly bounds: "least" | "most";
  /** What a violation says, with `{value}`. */
  readonly title: string;
  readonly finding: string;
  /** What it bounds. The JSON Schema's generator needs the type of the parameter written out in each record. */
  readonly measure: (environment: MeasuredEnvironment) => readonly Measure[];
}

/** Something that a limit bounds: the sum of its terms. A term that is known only at apply does not count. */
export interface Measure {
  readonly subject: string;
  readonly terms: readonly number[];
}

/** What limits read of an environment's configuration. */
export interface MeasuredEnvironment {
  readonly name: string;
  readonly pools: readonly {
    readonly name: string;
    readonly maxSize: number;
    readonly volume: { readonly sizeGib: number };
    readonly node: { readonly gpus: number };
  }[];
  readonly ray: {
    readonly head: { readonly cpu: number; readonly memoryGib: number };
    /** A sidecar of the head; 0 if there is none. */
    readonly autoscaler: { readonly cpu: number; readonly memoryGib: number };
    readonly workerGroups: readonly {
      readonly name: string;
      readonly cpu: number;
      readonly memoryGib: number;
      readonly gpus: number;
      readonly maxReplicas: number;
      readonly numOfHosts: number;
    }[];
  };
}

/** Limits of `policies/terraform`. */
export const TERRAFORM_LIMITS = {
  max_nodes_per_group: {
    rule: "terraform/max-nodes",
    row: "CPU node cap",
    text: "at most {limit} nodes in any group",
    from: 1,
    to: 450,
    fallback: 20,
    bounds: "most",
    title: "nodes per group",
    finding: "may grow to {value}",
    measure: (environment: MeasuredEnvironment) => eachPool(environment, (pool) => pool.maxSize),
  },
  max_gpu_nodes: {
    rule: "terraform/max-gpu-nodes",
    row: "GPU node cap",
    text: "at most {limit} GPU nodes, all groups of a plan together",
    from: 0,
    to: 1000,
    fallback: 10,
    bounds: "most",
    title: "GPU nodes",
    finding: "may grow to {value} together",
    measure: ({ pools }: MeasuredEnvironment) => [
      { subject: "the GPU pools", terms: pools.filter(({ node }) => node.gpus > 0).map(({ maxSize }) => maxSize) },
    ],
  },
  max_volume_gib: {
    rule: "terraform/max-volume",
    row: "Storage cap",
    text: "at most {limit} GiB a volume",
    from: 20,
    to: 16384,
    fallback: 500,
    bounds: "most",
    title: "volume",
    finding: "has volumes of {value} GiB",
    measure: (environment: MeasuredEnvironment) => eachPool(environment, (pool) => pool.volume.sizeGib),
  },
} as const satisfies Readonly<Record<string, LimitRecord>>;

/** Limits of `policies/ray`. */
export const RAY_LIMITS = {
  max_cpu_per_worker: {
    rule: "ray/max-cpu",
    row: "CPU per worker",
    text: "at most {limit}",
    from: 0.001,
    to: 448,
    fraction: true,
    fallback: 16,
    bounds: "most",
    title: "Ray pod",
    finding: "has cpu {value}",
    measure: (environment: MeasuredEnvironment) => eachRayPod(environment, "cpu"),
  },
  max_memory_gib_per_worker: {
    rule: "ray/max-memory",
    row: "Memory per worker",
    text: "at most {limit} GiB",
    from: 0.001,
    to: 24576,
    fraction: true,
    fallback: 64,
    bounds: "most",
    title: "Ray pod",
    finding: "has memoryGib {value}",
    measure: (environment: MeasuredEnvironment) => eachRayPod(environment, "memoryGib"),
  },
  max_gpu_per_worker: {
    rule: "ray/max-gpu",
    row: "GPU per worker",
    text: "at most {limit}",
    from: 0,
    to: 16,
    fallback: 4,
    bounds: "most",
    title: "Ray worker",
    finding: "has gpus {value}",
    measure: (environment: MeasuredEnvironment) => eachGroup(environment, (group) => group.gpus),
  },
  max_total_workers: {
    rule: "ray/max-workers",
    row: "Total workers",
    text: "at most {limit} in a cluster",
    from: 1,
    to: 10000,
    fallback: 50,
    bounds: "most",
    title: "Ray workers",
    finding: "may grow to {value} together",
    measure: (environment: MeasuredEnvironment) => allGroups(environment, () => 1),
  },
  max_total_gpus: {
    rule: "ray/max-gpus",
    row: "Total GPUs",
    text: "at most {limit} in a cluster",
    from: 0,
    to: 10000,
    fallback: 20,
    bounds: "most",
    title: "Ray GPUs",
    finding: "may use {value} together",
    measure: (environment: MeasuredEnvironment) => allGroups(environment, (group) => group.gpus),
  },
  min_cpu_request: {
    rule: "ray/min-cpu",
    row: "Min CPU request",
    text: "at least {limit}",
    from: 0.001,
    to: 448,
    fraction: true,
    fallback: 0.5,
    atMost: "max_cpu_per_worker",
    bounds: "least",
    title: "Ray pod",
    finding: "has cpu {value}",
    measure: (environment: MeasuredEnvironment) => eachRayContainer(environment, "cpu"),
  },
  min_memory_gib_request: {
    rule: "ray/min-memory",
    row: "Min memory request",
    text: "at least {limit} GiB",
    from: 0.001,
    to: 24576,
    fraction: true,
    fallback: 0.5,
    atMost: "max_memory_gib_per_worker",
    bounds: "least",
    title: "Ray pod",
    finding: "has memoryGib {value}",
    measure: (environment: MeasuredEnvironment) => eachRayContainer(environment, "memoryGib"),
  },
} as const satisfies Readonly<Record<string, LimitRecord>>;

/** All records, by policy and name. */
export const LIMIT_RECORDS: Readonly<Record<"terraform" | "ray", Readonly<Record<string, LimitRecord>>>> = {
  terraform: TERRAFORM_LIMITS,
  ray: RAY_LIMITS,
};

/** A number of an environment that breaks a limit. */
export interface BrokenLimit {
  readonly name: string;
  readonly record: LimitRecord;
  readonly limit: number;
  /** What breaks it, such as `pool "cpu" of "dev" has volumes of 600 GiB`. */
  readonly finding: string;
}

/**
 * What of an environment breaks its limits.
 *
 * @param limits `data.limits` of the policies
 * @param known whether a number is known already
 */
export function brokenLimits(
  environment: MeasuredEnvironment,
  limits: { readonly terraform: object; readonly ray: object },
  known: (value: number) => boolean,
): BrokenLimit[] {
  return (["terraform", "ray"] as const).flatMap((policy) =>
    Object.entries(LIMIT_RECORDS[policy]).flatMap(([name, record]) => {
      const limit = (limits[policy] as Readonly<Record<string, number>>)[name];
      return measured(record, environment, known)
        .filter(({ value }) => (record.bounds === "most" ? value > limit : value < limit))
        .map(({ subject, value }) => ({
          name,
          record,
          limit,
          finding: `${subject} of "${environment.name}" ${record.finding.replace("{value}", String(value))}`,
        }));
    }),
  );
}

/** What a limit measures in an environment, and how much that is. What has no term that is known is left out. */
export function measured(
  record: LimitRecord,
  environment: MeasuredEnvironment,
  known: (value: number) => boolean,
): { readonly subject: string; readonly value: number }[] {
  return record
    .measure(environment)
    .map(({ subject, terms }) => ({ subject, terms: terms.filter(known) }))
    .filter(({ terms }) => terms.length > 0)
    .map(({ subject, terms }) => ({ subject, value: inThousandths(terms.reduce((sum, term) => sum + term, 0)) }));
}

/** As fine as Kubernetes counts, so that 0.1 and 0.2 are 0.3. */
function inThousandths(value: number): number {
  return Math.round(value * 1000) / 1000;
}

type Pool = MeasuredEnvironment["pools"][number];
type WorkerGroup = MeasuredEnvironment["ray"]["workerGroups"][number];

function eachPool({ pools }: MeasuredEnvironment, value: (pool: Pool) => number): Measure[] {
  return pools.map((pool) => ({ subject: `pool "${pool.name}"`, terms: [value(pool)] }));
}

function eachGroup({ ray }: MeasuredEnvironment, value: (group: WorkerGroup) => number): Measure[] {
  return ray.workerGroups.map((group) => ({ subject: `group "${group.name}"`, terms: [value(group)] }));
}

/** What a pod of Ray takes, with all its containers. */
function eachRayPod({ ray }: MeasuredEnvironment, resource: "cpu" | "memoryGib"): Measure[] {
  return [
    { subject: "the Ray head", terms: [ray.head[resource], ray.autoscaler[resource]] },
    ...ray.workerGroups.map((group) => ({ subject: `group "${group.name}"`, terms: [group[resource]] })),
  ];
}

/** What the Ray container of a pod takes. */
function eachRayContainer({ ray }: MeasuredEnvironment, resource: "cpu" | "memoryGib"): Measure[] {
  return [
    { subject: "the Ray head", terms: [ray.head[resource]] },
    ...ray.workerGroups.map((group) => ({ subject: `group "${group.name}"`, terms: [group[resource]] })),
  ];
}

function allGroups({ ray }: MeasuredEnvironment, each: (group: WorkerGroup) => number): Measure[] {
  const terms = ray.workerGroups.map((group) => group.maxReplicas * group.numOfHosts * each(group));
  return [{ subject: "the groups", terms }];
}
