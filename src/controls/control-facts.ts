// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import type { EnvironmentConfig } from "../config/platform-config";
import { GATES } from "../gates";

/** What controls need to know of the repository's workflows. */
export interface PipelineFacts {
  /** Ids of the gates that run on pull requests. */
  readonly gates: ReadonlySet<string>;
  /** Whether a workflow authenticates as the GitHub App. */
  readonly usesApp: boolean;
}

/** What the facts are judged on: a control, in an environment. */
interface Subject {
  readonly controlId: string;
  readonly environment: EnvironmentConfig;
  readonly pipeline: PipelineFacts;
}

/** Facts of an environment that change what a control comes to. */
const FACTS = {
  noApp: ({ pipeline }: Subject) => !pipeline.usesApp,
  noGitHub: ({ environment }: Subject) => !environment.deployment.githubOidc,
  noPeople: ({ environment }: Subject) => environment.access.people.length === 0,
  givenBoundary: ({ environment }: Subject) => environment.cluster.permissionsBoundaryArn !== null,
  noRayData: ({ environment }: Subject) => environment.ray.identities.length === 0,
  givenKey: ({ environment }: Subject) => environment.cluster.kmsKeyArn !== null,
  ownKey: ({ environment }: Subject) => environment.cluster.kmsKeyArn === null,
  noGpu: ({ environment }: Subject) => environment.pools.every(({ node }) => node.gpus === 0),
  givenVpc: ({ environment }: Subject) => environment.network.mode === "existing",
  s3Interface: ({ environment }: Subject) => environment.network.s3Access === "interface",
  nat: ({ environment }: Subject) => environment.network.nat !== "none",
  publicEndpoint: ({ environment }: Subject) => environment.cluster.publicAccessCidrs.length > 0,
  noMonitoring: ({ environment }: Subject) => !("kube-prometheus-stack" in environment.workloads),
  admissionAudits: ({ environment }: Subject) => environment.ray.admission === "audit",
  noToken: ({ environment }: Subject) => !environment.ray.tokenAuth,
  /** No gate of this control runs. */
  gateOff: ({ controlId, pipeline }: Subject) => gatesOf(controlId).every((id) => !pipeline.gates.has(id)),
  /** Some gate of this control does not run. */
  gatePartlyOff: ({ controlId, pipeline }: Subject) => gatesOf(controlId).some((id) => !pipeline.gates.has(id)),
} satisfies Record<string, (subject: Subject) => boolean>;

/** Name of a fact, as the variants of data/controls.json say it. */
export type Fact = keyof typeof FACTS;

/** Names of all facts. */
export const FACT_NAMES = Object.keys(FACTS) as readonly Fact[];

/** Tells whether a fact holds for a control in an environment. */
export function factHolds(fact: Fact, subject: Subject): boolean {
  return FACTS[fact](subject);
}

function gatesOf(controlId: string): string[] {
  return GATES.filter(({ controls }) => controls.includes(controlId)).map(({ id }) => id);
}
