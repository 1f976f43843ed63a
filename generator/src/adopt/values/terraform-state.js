// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { core } from "../../core.js";
import { objectOf, objectsOf, textOf } from "../../foreign-values.js";
import { UserError } from "../../user-error.js";
import { isOfGithub } from "../imports.js";

/** @typedef {import("../../surroundings.js").Proposal} Proposal */
/** @typedef {{ address: string, type: string, values: Record<string, any> }} StateResource */

/**
 * Resources of a state as `terraform show -json` prints it.
 * @param {string} file @returns {StateResource[]}
 */
export function readState(file) {
  const shown = objectOf(core.readJson(`--state ${file}`, core.readNamed(file)));
  if (typeof shown.format_version !== "string") {
    throw new UserError(`--state ${file}: it is not the output of "terraform show -json"`);
  }
  return resourcesOf(objectOf(objectOf(shown.values).root_module));
}

/** @param {Record<string, any>} module @returns {StateResource[]} */
function resourcesOf({ resources, child_modules: children }) {
  return [
    ...objectsOf(resources)
      .filter(
        ({ mode, address, type }) => mode === "managed" && typeof address === "string" && typeof type === "string",
      )
      .map(({ address, type, values }) => ({ address, type, values: objectOf(values) })),
    ...objectsOf(children).flatMap(resourcesOf),
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
    const [, , , region, account] = (textOf(cluster.values.arn) ?? "").split(":");
    add("awsRegion", region, cluster.address);
    add("awsAccountId", account, cluster.address);
    add("cluster", cluster.values.name, cluster.address);
    add("kubernetesVersion", cluster.values.version, cluster.address);
    const [network] = objectsOf(cluster.values.vpc_config);
    add("network", existingNetwork(network, resources), cluster.address);
  }
  return proposals;
}

/**
 * A VPC that stays, if all that is needed of it is known.
 * @param {Record<string, any> | undefined} config @param {readonly StateResource[]} resources
 */
function existingNetwork(config, resources) {
  const ids = Array.isArray(config?.subnet_ids) ? config.subnet_ids : [];
  const vpc = resources.find(({ type, values }) => type === "aws_vpc" && values.id === config?.vpc_id);
  const subnets = resources.filter(({ type, values }) => type === "aws_subnet" && ids.includes(values.id));
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
