// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { copyrightHolder } from "../../config/copyright-holder";
import { instancePrices } from "../../config/instance-prices";
import { LIMIT_RECORDS } from "../../config/limit-records";
import type { EnvironmentConfig, PlatformConfig, PolicyLimits } from "../../config/platform-config";
import type { DocumentOptions } from "../../options/document-options";
import { type EnvironmentView, environmentView, type UnboundPermissionRow } from "./environment-view";
import { type GitHubAccessView, githubAccessView } from "./github-access-view";
import { codeList } from "./markdown-text";
import { type CiView, type CiSettings, ciView, pipelineFacts } from "./ci-view";
import { type ControlsView, controlsView } from "./control-view";
import { type OpenNamespaceRow, openNamespaceRows } from "./workload-view";

/** What document templates can say about a repository. */
export interface DocumentView extends Omit<PlatformConfig, "environments"> {
  /** Whether the repository is left to its owner, without its generator. */
  readonly ejected: boolean;
  /** `owner/name`, or the name alone. */
  readonly repositoryName: string;
  readonly copyrightHolder: string;
  readonly securityContact: string | null;
  readonly controls: ControlsView;
  readonly environments: readonly EnvironmentView[];
  /** The first environment, for examples. */
  readonly example: EnvironmentView;
  /** Namespaces of any environment that are not restricted. */
  readonly openNamespaces: readonly OpenNamespaceRow[];
  /** What IAM cannot bind to an environment, each row once. */
  readonly unbound: readonly (UnboundPermissionRow & { readonly environmentText: string })[];
  /** Region and day of the list prices of nodes. */
  readonly prices: { readonly region: string; readonly asOf: string };
  readonly limitText: LimitText;
  /** Limits that are numbers, by policy. */
  readonly limitRows: Readonly<Record<"terraform" | "ray", readonly LimitRow[]>>;
  /** What the API server does with a Ray resource that breaks a rule, by environment. */
  readonly admissionText: string;
  readonly workflows: CiView;
  readonly github: GitHubAccessView;
  /** The environments whose nodes with GPUs have no agent that sees their faults; words for all of them. */
  readonly gpuFaultsUnseenText: string;
  /** Something of any environment: a section of a document is left out where it would speak of nothing. */
  readonly any: AnyEnvironment;
}

/** A limit in the table of its policy. */
export interface LimitRow {
  readonly row: string;
  readonly rule: string;
  readonly limitedTo: string;
}

/** Limits whose value is a list, as text. */
export interface LimitText {
  readonly regions: string;
  readonly cpuTypes: string;
  readonly gpuTypes: string;
  readonly tags: string;
  readonly logTypes: string;
  readonly labels: string;
  /** Types beyond those that the usual wording of the control names; empty for none. */
  readonly otherCpuTypes: string;
  readonly otherGpuTypes: string;
}

/** True where at least one environment has it. */
export interface AnyEnvironment {
  readonly gpu: boolean;
  /** Node repair is not told of faults of GPUs. */
  readonly gpuFaultsUnseen: boolean;
  readonly spot: boolean;
  readonly createdNetwork: boolean;
  readonly existingNetwork: boolean;
  readonly githubOidc: boolean;
  readonly people: boolean;
  readonly mirrored: boolean;
  readonly nat: boolean;
  readonly natEverywhere: boolean;
  readonly s3Gateway: boolean;
  /** An endpoint that the stacks make. */
  readonly createdS3Gateway: boolean;
  readonly production: boolean;
  /** A key of a production environment that the stacks make. */
  readonly keyOfProduction: boolean;
  readonly createdKey: boolean;
  readonly createdFlowLogKey: boolean;
  readonly givenKey: boolean;
  readonly monitoring: boolean;
  readonly volumeKey: boolean;
  readonly noTokenAuth: boolean;
  /** Ray's pods reach something in AWS. */
  readonly rayData: boolean;
  /** What Ray's pods log is kept. */
  readonly rayLogs: boolean;
  /** A permissions boundary of the options' own. */
  readonly givenBoundary: boolean;
  readonly createdBoundary: boolean;
}

/** Gathers the view. Without `workflows` the repository has no CI workflows, and the documents say so. */
export function documentView(
  config: PlatformConfig,
  options: DocumentOptions,
  workflows?: CiSettings,
  ejected = false,
): DocumentView {
  const { owner, name } = config.repository;
  const environments = config.environments.map((environment) => environmentView(environment, config.repository));
  return {
    ...config,
    ejected,
    repositoryName: owner === "" ? name : `${owner}/${name}`,
    copyrightHolder: copyrightHolder(config.name, owner, options.copyrightHolder),
    securityContact: options.securityContact ?? null,
    controls: controlsView(config.environments, pipelineFacts(workflows), workflows?.enabled ?? false),
    environments,
    example: environments[0],
    openNamespaces: openNamespaceRows(config.environments),
    unbound: unboundRows(environments),
    prices: { region: instancePrices().region, asOf: instancePrices().asOf },
    limitText: limitText(config.limits),
    limitRows: { terraform: limitRows("terraform", config.limits), ray: limitRows("ray", config.limits) },
    admissionText: admissionText(config.environments),
    gpuFaultsUnseenText: gpuFaultsUnseenText(environments),
    workflows: ciView(workflows),
    github: githubAccessView(config, workflows?.planComment),
    any: anyEnvironment(environments),
  };
}

function limitText({ terraform, ray }: PolicyLimits): LimitText {
  return {
    regions: codeList(terraform.allowed_regions),
    cpuTypes: codeList(terraform.cpu_instance_types),
    gpuTypes: codeList(terraform.gpu_instance_types),
    tags: codeList(terraform.required_tags),
    logTypes: codeList(terraform.required_log_types),
    labels: codeList(ray.required_labels),
    otherCpuTypes: otherTypes(terraform.cpu_instance_types, /^(?:m5|t3)\./),
    otherGpuTypes: otherTypes(terraform.gpu_instance_types, /^(?:g4dn|p3)\./),
  };
}

function limitRows(policy: "terraform" | "ray", limits: PolicyLimits): LimitRow[] {
  const values = limits[policy] as unknown as Readonly<Record<string, number>>;
  return Object.entries(LIMIT_RECORDS[policy]).map(([name, { row, rule, text }]) => {
    return { row, rule, limitedTo: text.replace("{limit}", String(values[name])) };
  });
}

function otherTypes(types: readonly string[], usual: RegExp): string {
  const others = types.filter((type) => !usual.test(type));
  return others.length === 0 ? "" : codeList(others);
}

/** Tells node repair of what the kubelet does not see. */
const MONITORING_AGENT = "eks-node-monitoring-agent";

function seesNoGpuFaults({ hasGpu, cluster }: EnvironmentView): boolean {
  return hasGpu && cluster.addons.every(({ name }) => name !== MONITORING_AGENT);
}

function gpuFaultsUnseenText(environments: readonly EnvironmentView[]): string {
  const unseen = environments.filter(seesNoGpuFaults).map(({ environment }) => environment);
  return unseen.length === environments.filter(({ hasGpu }) => hasGpu).length ? "this platform" : codeList(unseen);
}

function admissionText(environments: readonly EnvironmentConfig[]): string {
  const what = {
    deny: "refuses a Ray resource that breaks a rule",
    audit:
      "accepts a Ray resource that breaks a rule, warns whoever applied it, and writes the violation into the cluster's audit log",
  };
  const parts = (["deny", "audit"] as const).flatMap((action) => {
    const names = environments.filter(({ ray }) => ray.admission === action).map(({ name }) => name);
    const where = names.length === environments.length ? "" : ` of ${codeList(names)}`;
    return names.length === 0 ? [] : [`The API server${where} ${what[action]}.`];
  });
  return parts.join(" ");
}

function unboundRows(environments: readonly EnvironmentView[]): DocumentView["unbound"] {
  const rows = new Map<string, { readonly row: UnboundPermissionRow; readonly names: string[] }>();
  for (const { environment, unbound } of environments) {
    for (const row of unbound) {
      const key = JSON.stringify(row);
      rows.set(key, { row, names: [...(rows.get(key)?.names ?? []), environment] });
    }
  }
  return [...rows.values()].map(({ row, names }) => ({
    ...row,
    environmentText: names.length === environments.length ? "every" : codeList(names),
  }));
}

function anyEnvironment(environments: readonly EnvironmentView[]): AnyEnvironment {
  const some = (has: (environment: EnvironmentView) => boolean) => environments.some(has);
  return {
    gpu: some(({ hasGpu }) => hasGpu),
    gpuFaultsUnseen: some(seesNoGpuFaults),
    spot: some(({ hasSpot }) => hasSpot),
    createdNetwork: some(({ createsNetwork }) => createsNetwork),
    existingNetwork: some(({ createsNetwork }) => !createsNetwork),
    githubOidc: some(({ deployment }) => deployment.githubOidc),
    people: some(({ hasPeople }) => hasPeople),
    mirrored: some(({ mirrored }) => mirrored),
    nat: some(({ hasNat }) => hasNat),
    natEverywhere: environments.every(({ hasNat }) => hasNat),
    s3Gateway: some(({ s3Gateway }) => s3Gateway),
    createdS3Gateway: some(({ createsNetwork, s3Gateway }) => createsNetwork && s3Gateway),
    production: some(({ production }) => production),
    keyOfProduction: some(({ production, createsKey }) => production && createsKey),
    createdFlowLogKey: some(({ createsNetwork, createsKey }) => createsNetwork && createsKey),
    createdKey: some(({ createsKey }) => createsKey),
    givenKey: some(({ createsKey }) => !createsKey),
    monitoring: some(({ workloads }) => "kube-prometheus-stack" in workloads),
    volumeKey: some(({ poolRows }) => poolRows.some(({ volumeKey }) => volumeKey)),
    noTokenAuth: some(({ ray }) => !ray.tokenAuth),
    rayData: some(({ ray }) => ray.identities.length > 0),
    rayLogs: some(({ rayLogs }) => rayLogs !== null),
    givenBoundary: some(({ createsBoundary }) => !createsBoundary),
    createdBoundary: some(({ createsBoundary }) => createsBoundary),
  };
}
