// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { isObject, textOf } from "../../foreign-values.js";
import { repositoryFiles } from "./repository-files.js";

/** @typedef {import("../../surroundings.js").Proposal} Proposal */

/**
 * Values that Terraform configurations name.
 * @param {string} root @returns {Promise<{ proposals: Proposal[], notes: string[] }>}
 */
export async function fromTerraform(root) {
  const files = repositoryFiles(root, /\.tf$/);
  /** @type {{ proposals: Proposal[], notes: string[] }} */
  const found = { proposals: [], notes: [] };
  if (files.length === 0) {
    return found;
  }
  const { parse } = await import("@cdktn/hcl2json");
  const parsed = [];
  for (const { path, text } of files) {
    try {
      parsed.push({ path, content: await parse(path, text) });
    } catch (error) {
      found.notes.push(`${path} is not read: ${/** @type {Error} */ (error).message.split("\n")[0]}`);
    }
  }
  const scope = new Scope(parsed.map(({ content }) => content));
  for (const { path, content } of parsed) {
    const add = (/** @type {string} */ option, /** @type {unknown} */ value, /** @type {string} */ where) => {
      if (value !== undefined) {
        found.proposals.push({ path: option, value, source: `${path}, ${where}` });
      }
    };
    for (const block of list(content.provider?.aws)) {
      add("awsRegion", scope.text(block.region), "provider aws");
      for (const tags of list(block.default_tags)) {
        add("tags", scope.texts(tags.tags), "default_tags");
      }
      const accounts = scope.value(block.allowed_account_ids);
      add(
        "awsAccountId",
        Array.isArray(accounts) && accounts.length === 1 ? scope.text(accounts[0]) : undefined,
        "provider aws",
      );
    }
    for (const [name, blocks] of Object.entries(content.module ?? {})) {
      for (const block of list(blocks)) {
        const source = textOf(block.source) ?? "";
        if (/terraform-aws-modules\/eks\/aws(?:\/\/|$)/.test(source)) {
          add("cluster", scope.text(block.cluster_name ?? block.name), `module ${name}`);
          add("kubernetesVersion", scope.text(block.cluster_version ?? block.kubernetes_version), `module ${name}`);
          addNodeGroups(block.eks_managed_node_groups, `module ${name}`, scope, add);
        } else if (/terraform-aws-modules\/vpc\/aws(?:\/\/|$)/.test(source)) {
          add("network.vpcCidr", scope.text(block.cidr), `module ${name}`);
        }
      }
    }
    for (const [name, blocks] of Object.entries(content.resource?.aws_eks_cluster ?? {})) {
      for (const block of list(blocks)) {
        add("cluster", scope.text(block.name), `aws_eks_cluster.${name}`);
        add("kubernetesVersion", scope.text(block.version), `aws_eks_cluster.${name}`);
      }
    }
    for (const [name, blocks] of Object.entries(content.resource?.aws_vpc ?? {})) {
      for (const block of list(blocks)) {
        add("network.vpcCidr", scope.text(block.cidr_block), `aws_vpc.${name}`);
      }
    }
    for (const [name, blocks] of Object.entries(content.resource?.aws_eks_node_group ?? {})) {
      for (const block of list(blocks)) {
        const [scaling] = list(block.scaling_config);
        addNodeGroups({ [name]: { ...block, ...scaling } }, `aws_eks_node_group.${name}`, scope, add);
      }
    }
  }
  return found;
}

/**
 * The first node group with GPUs is the GPU pool, the first one without is the CPU pool.
 * @param {any} groups @param {string} where @param {Scope} scope
 * @param {(option: string, value: unknown, where: string) => void} add
 */
function addNodeGroups(groups, where, scope, add) {
  for (const group of Object.values(scope.value(groups) ?? {}).flatMap(list)) {
    const types = scope.value(group.instance_types);
    const instanceTypes = Array.isArray(types) ? types.filter((type) => typeof type === "string") : [];
    const family = /^(g4dn|g5g|g5|g6|p4d|p5)\./.exec(instanceTypes[0] ?? "")?.[1];
    const pool = family === undefined ? "cpuPool" : "gpuPool";
    if (family !== undefined) {
      add("accelerator", family, where);
    }
    const fields = Object.entries({
      instanceTypes: instanceTypes.length > 0 ? instanceTypes : undefined,
      minSize: scope.number(group.min_size),
      maxSize: scope.number(group.max_size),
    }).filter(([, value]) => value !== undefined);
    // Together, because the sizes depend on each other; one by one where one of them is not allowed.
    add(pool, fields.length > 1 ? Object.fromEntries(fields) : undefined, where);
    for (const [name, value] of fields) {
      add(`${pool}.${name}`, value, where);
    }
  }
}

/** Looks through variables and locals that have a plain value. */
class Scope {
  /** @param {readonly any[]} contents */
  constructor(contents) {
    /** @type {Map<string, unknown>} */
    this.known = new Map();
    for (const { variable, locals } of contents) {
      for (const [name, blocks] of Object.entries(variable ?? {})) {
        this.known.set(`var.${name}`, list(blocks)[0]?.default);
      }
      for (const block of list(locals)) {
        for (const [name, value] of Object.entries(block)) {
          this.known.set(`local.${name}`, value);
        }
      }
    }
  }

  /** @param {any} value @param {number} depth @returns {any} undefined where it is not known before Terraform runs */
  value(value, depth = 0) {
    if (typeof value !== "string" || !value.includes("${")) {
      return value;
    }
    const name = /^\$\{((?:var|local)\.\w+)\}$/.exec(value)?.[1];
    return name === undefined || depth > 5 ? undefined : this.value(this.known.get(name), depth + 1);
  }

  /** @param {unknown} value @returns {string | undefined} */
  text(value) {
    const known = this.value(value);
    return typeof known === "string" && known !== "" ? known : typeof known === "number" ? String(known) : undefined;
  }

  /** @param {unknown} value @returns {number | undefined} */
  number(value) {
    const known = Number(textOf(this.value(value)) ?? Number.NaN);
    return Number.isInteger(known) ? known : undefined;
  }

  /** @param {unknown} value @returns {Record<string, string> | undefined} */
  texts(value) {
    const given = this.value(value);
    const known = Object.entries(isObject(given) ? given : {}).map(([key, item]) => [key, this.text(item)]);
    const plain = known.filter(([, item]) => item !== undefined);
    return plain.length > 0 ? Object.fromEntries(plain) : undefined;
  }
}

/** A block that may stand once or several times. @param {any} value @returns {any[]} */
function list(value) {
  return (Array.isArray(value) ? value : [value]).filter(isObject);
}
