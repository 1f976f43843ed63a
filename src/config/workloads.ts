// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { WORKLOADS } from "../workloads";
import type { WorkloadFeatures, WorkloadRecord, WorkloadRole, WorkloadStatement } from "../workloads/workload-record";
import { packageData } from "./package-data";
import type {
  ChartConfig,
  ImageConfig,
  NamespaceConfig,
  RayLogsConfig,
  WorkloadConfig,
  WorkloadRoleConfig,
  WorkloadStatementConfig,
} from "./platform-config";

/** What placeholders of a record stand for, by name. */
type Placeholders = Readonly<Record<string, string>>;

/** Placeholders that only the stack can fill: they are values of resources, or follow from them. */
const OF_THE_STACK = ["partition", "account", "interruptionQueueArn"];

/** What workloads are resolved from. */
export interface WorkloadsContext {
  readonly features: WorkloadFeatures;
  readonly region: string;
  readonly clusterName: string;
  readonly rayNamespace: string;
  readonly rayLogs: RayLogsConfig | null;
  /** Every image that the platform runs. */
  readonly images: readonly ImageConfig[];
}

/** What an environment runs. */
export interface ResolvedWorkloads {
  readonly workloads: Readonly<Record<string, WorkloadConfig>>;
  readonly namespaces: readonly NamespaceConfig[];
}

/** The workloads of a platform with these features. */
export function workloadsOf(features: WorkloadFeatures): WorkloadRecord[] {
  return WORKLOADS.filter(({ isOn }) => isOn(features));
}

/** Resolves what runs in the cluster. */
export function resolveWorkloads(context: WorkloadsContext): ResolvedWorkloads {
  const records = workloadsOf(context.features);
  const installed = new Set(records.map(({ id }) => id));
  const workloads = records.map((record) => [record.id, resolveWorkload(record, context, installed)] as const);
  const namespaces = new Map(
    records.map(({ namespace }): [string, NamespaceConfig] => {
      const name = fill(namespace.name, { rayNamespace: context.rayNamespace });
      return [name, { name, podSecurity: namespace.podSecurity ?? null, reason: namespace.reason ?? null }];
    }),
  );
  return { workloads: Object.fromEntries(workloads), namespaces: [...namespaces.values()] };
}

function resolveWorkload(
  record: WorkloadRecord,
  { features, region, clusterName, rayNamespace, rayLogs, images }: WorkloadsContext,
  installed: ReadonlySet<string>,
): WorkloadConfig {
  const settings = record.settings?.(features) ?? {};
  const ofEnvironment: Placeholders = {
    dnsSuffix: region.startsWith("cn-") ? "amazonaws.com.cn" : "amazonaws.com",
    ...(rayLogs === null ? {} : { logBucket: rayLogs.bucket, logKeyAlias: rayLogs.kmsKeyAlias }),
  };
  return {
    purpose: record.purpose,
    chart: record.chart === "own" ? null : pinnedChart(record.id),
    images: record.images === "of-ray" ? images.filter(isOfRay).map(({ key }) => key) : record.images,
    namespace: fill(record.namespace.name, { rayNamespace }),
    after: record.after.filter((id) => installed.has(id)),
    endpoints: record.endpoints,
    role:
      record.role === undefined
        ? null
        : resolveRole(record.id, record.role, { ...settings, ...ofEnvironment, region, cluster: clusterName }),
    daemonSet: record.daemonSet ?? null,
    settings,
  };
}

function resolveRole(id: string, role: WorkloadRole, placeholders: Placeholders): WorkloadRoleConfig {
  return {
    name: role.name,
    address: role.address ?? id,
    serviceAccount: role.serviceAccount,
    permits: fill(role.permits, placeholders),
    statements: role.statements.map(
      ({ sid, actions, resources, condition }): WorkloadStatementConfig => ({
        sid,
        actions,
        resources: resources.map((resource) => fill(resource, placeholders)),
        condition: condition === undefined ? null : fillCondition(condition, placeholders),
      }),
    ),
  };
}

function fillCondition(
  condition: NonNullable<WorkloadStatement["condition"]>,
  placeholders: Placeholders,
): NonNullable<WorkloadStatementConfig["condition"]> {
  const fillValue = (value: string | readonly string[]) =>
    typeof value === "string" ? fill(value, placeholders) : value.map((one) => fill(one, placeholders));
  return Object.fromEntries(
    Object.entries(condition).map(([operator, tests]) => [
      operator,
      Object.fromEntries(Object.entries(tests).map(([key, value]) => [fill(key, placeholders), fillValue(value)])),
    ]),
  );
}

/** The chart that data/charts.json pins for a workload. */
function pinnedChart(id: string): ChartConfig {
  const { charts } = packageData<{ readonly charts: { readonly [id: string]: ChartConfig } }>("charts");
  if (!Object.hasOwn(charts, id)) {
    throw new Error(`data/charts.json has no "${id}"; pin the chart of src/workloads/${id}/record.ts there`);
  }
  return charts[id];
}

/** Whether an image is one of those that the Ray options name. */
function isOfRay({ key }: ImageConfig): boolean {
  return /^ray(?:-\d+)?$/.test(key);
}

/**
 * Puts values in place of placeholders; those of the stack stay.
 * @throws Error for a placeholder that nothing fills.
 */
function fill(text: string, placeholders: Placeholders): string {
  return text.replace(/\{(\w+)\}/g, (placeholder, name: string) => {
    const value = placeholders[name] ?? (OF_THE_STACK.includes(name) ? placeholder : undefined);
    if (value === undefined) {
      throw new Error(`"${text}" of a workload has the placeholder ${placeholder}, and nothing by that name`);
    }
    return value;
  });
}
