// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { PACKAGE_ROOT } from "../../src/package-root";

const BINDINGS = join(dirname(require.resolve("@cdktf/provider-aws/package.json")), "lib");

/** Attributes in which a resource says on what machines something runs. */
const ON_MACHINES =
  /readonly (?:instanceTypes?|ec2InstanceType|instanceRequirements|hardwareType|computeType|workerType)\??:/;

/** Types that have such an attribute, and start no machine for the code of whoever writes the plan. */
const NO_NODES: Readonly<Record<string, string>> = {
  aws_codebuild_project: "builds on machines of CodeBuild, which end with the build",
  aws_codecatalyst_dev_environment: "a workplace of CodeCatalyst, outside of the account",
  aws_ec2_capacity_reservation: "reserves, and starts nothing",
  aws_ec2_host: "a host for instances, which are judged themselves",
  aws_elasticsearch_domain: "a search service",
  aws_glue_job: "runs on machines of Glue, which end with the job",
  aws_glue_ml_transform: "runs on machines of Glue, which end with the job",
  aws_imagebuilder_infrastructure_configuration: "what images and pipelines are built on: those are in the list",
  aws_m2_environment: "a mainframe's runtime",
  aws_msk_cluster: "a message broker",
  aws_opensearch_domain: "a search service",
  aws_pipes_pipe: "hands work to queues of Batch and ECS, whose machines are judged themselves",
  aws_sagemaker_data_quality_job_definition: "a definition, which starts nothing",
  aws_sagemaker_domain: "defaults of apps and spaces: those are in the list",
  aws_sagemaker_endpoint_configuration: "what endpoints run on: those are in the list",
  aws_sagemaker_user_profile: "defaults of apps and spaces: those are in the list",
  aws_workspacesweb_portal: "a browser as a service",
};

const read = (file: string) => readFileSync(join(PACKAGE_ROOT, "policies/terraform", file), "utf8");
const named = new Set(
  [...(read("plan.rego") + read("unjudged_nodes.rego")).matchAll(/"(aws_\w+)"/g)].map(([, type]) => type),
);

const machines = readdirSync(BINDINGS, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && !entry.name.startsWith("data-"))
  .filter(({ name }) => ON_MACHINES.test(readFileSync(join(BINDINGS, name, "index.d.ts"), "utf8")))
  .map(({ name }) => `aws_${name.replaceAll("-", "_")}`);

test("every type of the provider that chooses machines is judged, refused by its name, or starts none", () => {
  expect(machines.length).toBeGreaterThan(30);
  expect(machines.filter((type) => !named.has(type) && NO_NODES[type] === undefined)).toEqual([]);
  expect(Object.keys(NO_NODES).filter((type) => named.has(type) || !machines.includes(type))).toEqual([]);
});
