// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { RepositoryVisibility } from "../../../src/options/workflow-options";
import type { Refusal } from "./refusal";

export const github: readonly Refusal[] = [
  [
    "an environment with the name of another's stack",
    { environmentNames: ["prod", "prod-workloads"] },
    "environmentNames[1]",
    "environment prod has a stack",
    "choose a name",
  ],
  [
    "the same the other way round, and another stack",
    { environments: [{ name: "eu-network" }, { name: "eu" }] },
    "environments[0].name",
    "environment eu has a stack",
    "choose a name",
  ],
  [
    "two environments in one GitHub environment, but for case",
    {
      environments: [
        { name: "dev", githubEnvironment: "Platform" },
        { name: "prod", githubEnvironment: "platform" },
      ],
    },
    "environments[1].githubEnvironment",
    "environment dev has the same GitHub environment",
    "another name",
  ],
  [
    "a GitHub environment that is another's default",
    { environments: [{ name: "dev" }, { name: "prod", githubEnvironment: "dev" }] },
    "environments[1].githubEnvironment",
    "environment dev has the same GitHub environment",
    "another name",
  ],
  [
    "the App's key in the environment of a deployment",
    { workflows: { appEnvironment: "prod" } },
    "workflows.appEnvironment",
    "no deployment uses the environment that holds",
    "github-app",
  ],
  [
    "the same, but for case and by githubEnvironment",
    { environments: [{ name: "dev", githubEnvironment: "Live" }], workflows: { appEnvironment: "live" } },
    "workflows.appEnvironment",
    "no deployment uses the environment that holds",
    "github-app",
  ],
  [
    "a deployment in the environment of the App's key",
    { environments: [{ name: "dev", githubEnvironment: "github-app" }] },
    "workflows.appEnvironment",
    "no deployment uses the environment that holds",
    "choose another name",
  ],
  [
    "the App's key where GitHub's own agent reads it",
    { workflows: { appEnvironment: "Copilot" } },
    "workflows.appEnvironment",
    "its runs would see these secrets",
    "choose another name, such as github-app",
  ],
  [
    "a deployment in the environment of GitHub Pages",
    { environments: [{ name: "dev", githubEnvironment: "github-pages" }] },
    "environments[0].githubEnvironment",
    "its runs would see these secrets",
    "choose another name",
  ],
  [
    "a cluster named as another's policy goes on",
    {
      environments: [{ name: "dev", ray: { data: { buckets: [{ name: "acme-models" }] } } }, { name: "dev-ray" }],
    },
    "environments[1].clusterName",
    "environment dev creates the IAM policy platform-dev-ray-boundary too",
    "choose another name",
  ],
  [
    "the same the other way round",
    {
      environments: [
        { name: "x", clusterName: "a-ray" },
        { name: "dev", clusterName: "a", ray: { data: { buckets: [{ name: "acme-models" }] } } },
      ],
    },
    "environments[1].clusterName",
    "the IAM policy a-ray-boundary",
    "choose another name",
  ],
  [
    "a cluster named as another's pool",
    {
      environments: [
        { name: "dev" },
        { name: "dev-gpu", pools: [{ name: "on-demand", instanceTypes: ["m7i.xlarge"], maxSize: 2 }] },
      ],
    },
    "environments[1].clusterName",
    "the launch template",
    "choose another name",
  ],
  [
    "one cluster name in an account that is given and in one that is not",
    {
      environments: [
        { name: "a", clusterName: "x", awsAccountId: "111122223333" },
        { name: "b", clusterName: "x" },
      ],
    },
    "environments[1].clusterName",
    "environment a has the same cluster name",
    "given by awsAccountId",
  ],
  [
    "backups of two environments in the bucket that is named for all",
    { environmentNames: ["dev", "prod"], backupBucket: "acme-backups" },
    "backupBucket",
    "environment dev has its backups there",
    "a bucket for each",
  ],
  [
    "backups of two environments in one bucket, in two accounts",
    {
      environments: [
        { name: "a", awsAccountId: "111122223333", backupBucket: "acme-backups" },
        { name: "b", awsAccountId: "444455556666", backupBucket: "acme-backups" },
      ],
    },
    "environments[1].backupBucket",
    "environment a has its backups there",
    "a bucket for each",
  ],
  [
    "backups of two environments in one bucket, of which one is named for all",
    {
      backupBucket: "acme-backups",
      environments: [
        { name: "a", backupBucket: "acme-others" },
        { name: "b" },
        { name: "c", backupBucket: "acme-backups" },
      ],
    },
    "environments[2].backupBucket",
    "environment b has its backups there",
    "a bucket for each",
  ],
  [
    "backups in the bucket of another's state",
    { environments: [{ name: "a", backupBucket: "platform-b-tfstate" }, { name: "b" }] },
    "environments[0].backupBucket",
    "this one has the state of b",
    "another bucket",
  ],
  [
    "backups in the bucket of the state, by its default name",
    { environmentNames: ["prod"], backupBucket: "platform-prod-tfstate" },
    "backupBucket",
    "this one has the state of prod",
    "another bucket",
  ],
  [
    "data of Ray in the bucket of a state",
    { environmentNames: ["prod"], ray: { data: { buckets: [{ name: "platform-prod-tfstate" }] } } },
    "ray.data.buckets",
    "a bucket without Terraform state",
    "another bucket",
  ],
  [
    "a bucket of pods that has a state",
    { environments: [{ name: "a", access: { podBuckets: ["platform-b-tfstate"] } }, { name: "b" }] },
    "environments[0].access.podBuckets",
    "this one has that of b",
    "another bucket",
  ],
  [
    "a state in the bucket of another's logs",
    {
      githubOwner: "acme",
      environments: [
        { name: "a", state: { bucket: "acme-platform-b-ray-logs" } },
        { name: "b", ray: { logRetentionDays: 30 } },
      ],
    },
    "environments[0].state.bucket",
    "environment b creates a bucket of that name",
    "another bucket",
  ],
  [
    "a suppression outside of the project",
    {
      workflows: {
        inlineSuppressions: [{ path: "../x", reason: "a reason that is long enough", expires: "2027-06-30" }],
      },
    },
    "workflows.inlineSuppressions[0].path",
    "a path within the project",
    "write a path",
  ],
  [
    "a reason that is not read as it is written",
    {
      workflows: { inlineSuppressions: [{ path: "modules", reason: "approved \u202eyas ton", expires: "2027-06-30" }] },
    },
    "workflows.inlineSuppressions[0].reason",
    "invisible",
    "say in a sentence",
  ],
  [
    "a suppression without a reason",
    { workflows: { inlineSuppressions: [{ path: "modules", reason: "no", expires: "2027-06-30" }] } },
    "workflows.inlineSuppressions[0].reason",
    "10 to 300 characters",
    "why this is acceptable",
  ],
  [
    "a suppression for some day",
    {
      workflows: { inlineSuppressions: [{ path: "modules", reason: "a reason that is long enough", expires: "soon" }] },
    },
    "workflows.inlineSuppressions[0].expires",
    "YYYY-MM-DD",
    "2027-06-30",
  ],
  [
    "code scanning that was not bought",
    { workflows: { codeScanning: true } },
    "workflows.codeScanning",
    "needs GitHub Code Security",
    "workflows.codeSecurity: true",
  ],
  [
    "a dependency review that was not bought",
    { workflows: { visibility: RepositoryVisibility.INTERNAL, dependencyCheck: { dependencyReview: true } } },
    "workflows.dependencyCheck.dependencyReview",
    "needs GitHub Code Security",
    "workflows.codeSecurity: true",
  ],
  [
    "licenses that nobody compares",
    { workflows: { dependencyCheck: { allowLicenses: ["MIT"] } } },
    "workflows.dependencyCheck.allowLicenses",
    "the dependency review compares licenses",
    "workflows.codeSecurity: true",
  ],
  [
    "a public repository without what it has",
    { workflows: { visibility: RepositoryVisibility.PUBLIC, codeSecurity: false } },
    "workflows.codeSecurity",
    "public repositories have it",
    "remove the option",
  ],
  [
    "a private repository's score in public",
    { workflows: { scorecard: { publish: true } } },
    "workflows.scorecard.publish",
    "this one is private",
    "RepositoryVisibility.PUBLIC",
  ],
];
