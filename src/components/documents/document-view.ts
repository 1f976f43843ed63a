// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { copyrightHolder } from "../../config/copyright-holder";
import { packageData } from "../../config/package-data";
import type { PlatformConfig, PolicyLimits } from "../../config/platform-config";
import type { DocumentOptions } from "../../options/document-options";
import { type EnvironmentView, environmentView } from "./environment-view";
import { type GitHubAccessView, githubAccessView } from "./github-access-view";
import { codeList } from "./markdown-text";
import { type CiView, type CiSettings, ciView } from "./ci-view";
import { type OpenNamespaceRow, openNamespaceRows } from "./workload-view";

/** A control of the security document, from data/controls.json. */
export interface Control {
  readonly id: string;
  readonly section: string;
  readonly sentence: string;
  /** Files and directories of a generated repository. */
  readonly implemented: readonly string[];
  /** Ids of Rego rules that refuse a breach; empty where no policy can see it. */
  readonly policies: readonly string[];
  /** Which tests fail when the control is broken: `synth`, `policies` or `workflows`. */
  readonly tested: string;
}

/** A control as a row of the register. */
export interface ControlRow {
  readonly id: string;
  readonly sentence: string;
  readonly implementedLinks: string;
  readonly policyText: string;
  readonly testText: string;
}

/** What document templates can say about a repository. */
export interface DocumentView extends Omit<PlatformConfig, "environments"> {
  /** Whether the repository is left to its owner, without its generator. */
  readonly ejected: boolean;
  /** `owner/name`, or the name alone. */
  readonly repositoryName: string;
  readonly copyrightHolder: string;
  readonly securityContact: string | null;
  readonly controls: readonly ControlRow[];
  readonly environments: readonly EnvironmentView[];
  /** The first environment, for examples. */
  readonly example: EnvironmentView;
  /** Namespaces of any environment that are not restricted. */
  readonly openNamespaces: readonly OpenNamespaceRow[];
  readonly limitText: LimitText;
  readonly workflows: CiView;
  readonly github: GitHubAccessView;
  /** Something of any environment: a section of a document is left out where it would speak of nothing. */
  readonly any: AnyEnvironment;
}

/** Limits whose value is a list, as text. */
export interface LimitText {
  readonly regions: string;
  readonly cpuTypes: string;
  readonly gpuTypes: string;
  readonly tags: string;
  readonly logTypes: string;
  readonly labels: string;
}

/** True where at least one environment has it. */
export interface AnyEnvironment {
  readonly gpu: boolean;
  readonly spot: boolean;
  readonly createdNetwork: boolean;
  readonly existingNetwork: boolean;
  readonly githubOidc: boolean;
  readonly people: boolean;
  readonly mirrored: boolean;
  readonly nat: boolean;
  readonly s3Gateway: boolean;
  readonly monitoring: boolean;
  readonly volumeKey: boolean;
  readonly noTokenAuth: boolean;
  /** Ray's pods reach something in AWS. */
  readonly rayData: boolean;
  /** A permissions boundary of the options' own. */
  readonly givenBoundary: boolean;
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
    controls: packageData<{ readonly controls: readonly Control[] }>("controls").controls.map((control) =>
      controlRow(control, workflows?.enabled ?? false),
    ),
    environments,
    example: environments[0],
    openNamespaces: openNamespaceRows(config.environments),
    limitText: limitText(config.limits),
    workflows: ciView(workflows),
    github: githubAccessView(config, workflows?.planComment),
    any: anyEnvironment(environments),
  };
}

const TESTS: Readonly<Record<string, string>> = {
  synth: "stack tests",
  policies: "policy tests",
  workflows: "workflow rules",
};

const WORKFLOW_DIRECTORY = ".github/workflows/";

function controlRow({ id, sentence, implemented, policies, tested }: Control, hasWorkflows: boolean): ControlRow {
  const link = (path: string) =>
    path.startsWith(WORKFLOW_DIRECTORY) && !hasWorkflows ? "workflows (not generated)" : `[\`${path}\`](../${path})`;
  return {
    id,
    sentence,
    implementedLinks: implemented.map(link).join(", "),
    policyText: policies.length === 0 ? "—" : codeList(policies),
    testText: TESTS[tested] ?? tested,
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
  };
}

function anyEnvironment(environments: readonly EnvironmentView[]): AnyEnvironment {
  const some = (has: (environment: EnvironmentView) => boolean) => environments.some(has);
  return {
    gpu: some(({ hasGpu }) => hasGpu),
    spot: some(({ hasSpot }) => hasSpot),
    createdNetwork: some(({ createsNetwork }) => createsNetwork),
    existingNetwork: some(({ createsNetwork }) => !createsNetwork),
    githubOidc: some(({ deployment }) => deployment.githubOidc),
    people: some(({ hasPeople }) => hasPeople),
    mirrored: some(({ mirrored }) => mirrored),
    nat: some(({ hasNat }) => hasNat),
    s3Gateway: some(({ s3Gateway }) => s3Gateway),
    monitoring: some(({ workloads }) => "kube-prometheus-stack" in workloads),
    volumeKey: some(({ poolRows }) => poolRows.some(({ volumeKey }) => volumeKey)),
    noTokenAuth: some(({ ray }) => !ray.tokenAuth),
    rayData: some(({ ray }) => ray.identities.length > 0),
    givenBoundary: some(({ createsBoundary }) => !createsBoundary),
  };
}
