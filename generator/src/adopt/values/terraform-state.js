// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from "node:fs";
import { UserError } from "../../user-error.js";
import { isOfGithub } from "../imports.js";

/** @typedef {import("../../surroundings.js").Proposal} Proposal */
/** @typedef {{ address: string, type: string, values: Record<string, any> }} StateResource */

/**
 * Resources of a state as `terraform show -json` prints it.
 * @param {string} file @returns {StateResource[]}
 */
export function readState(file) {
  let shown;
  try {
    shown = JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw new UserError(`--state ${file}: ${/** @type {Error} */ (error).message}`);
  }
  if (typeof shown?.format_version !== "string") {
    throw new UserError(`--state ${file}: it is not what "terraform show -json" prints`);
  }
  return resourcesOf(shown.values?.root_module);
}

/** @param {any} module @returns {StateResource[]} */
function resourcesOf(module) {
  return [
    ...(module?.resources ?? []).filter((/** @type {any} */ { mode }) => mode === "managed"),
    ...(module?.child_modules ?? []).flatMap(resourcesOf),
  ];
}

/**
 * Values of a running platform. An existing VPC stays: the platform is put into it rather than beside it.
 * @param {readonly StateResource[]} resources @param {string} source @returns {Proposal[]}
 */
export function fromState(resources, source) {
  /** @type {Proposal[]} */
  const proposals = [];
  const add = (/** @type {string} */ path, /** @type {unknown} */ value, /** @type {string} */ address) => {
    if (value !== undefined && value !== null && value !== "") {
      proposals.push({ path, value, source: `${source}, ${address}` });
    }
  };
  const github = resources.find(isOfGithub);
  if (github !== undefined) {
    add("githubOidcProviderArn", github.values.arn, github.address);
  }
  const [cluster] = resources.filter(({ type }) => type === "aws_eks_cluster");
  if (cluster !== undefined) {
    const [, , , region, account] = String(cluster.values.arn ?? "").split(":");
    add("awsRegion", region, cluster.address);
    add("awsAccountId", account, cluster.address);
    add("cluster", cluster.values.name, cluster.address);
    add("kubernetesVersion", cluster.values.version, cluster.address);
    const [network] = cluster.values.vpc_config ?? [];
    add("network", existingNetwork(network, resources), cluster.address);
  }
  return proposals;
}

/** A VPC that stays, if all that is needed of it is known. @param {any} config @param {readonly StateResource[]} resources */
function existingNetwork(config, resources) {
  const vpc = resources.find(({ type, values }) => type === "aws_vpc" && values.id === config?.vpc_id);
  const subnets = resources.filter(
    ({ type, values }) => type === "aws_subnet" && config?.subnet_ids?.includes(values.id),
  );
  if (vpc === undefined || subnets.length < 2) {
    return undefined;
  }
  const zones = subnets.map(({ values }) => values.availability_zone);
  return {
    vpcId: vpc.values.id,
    subnetIds: subnets.map(({ values }) => values.id),
    vpcCidr: vpc.values.cidr_block,
    availabilityZones: [...new Set(zones)],
  };
}
