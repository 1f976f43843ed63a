// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

import { textOf } from "../foreign-values.js";

/** @typedef {import("./values/terraform-state.js").StateResource} StateResource */

/**
 * A resource that the platform makes under the same identity as the one that runs.
 * @typedef {object} Importable
 * @property {(values: any) => string | undefined} cluster name of the cluster that a resource belongs to
 * @property {(values: any) => string} member where the cluster stack holds it
 * @property {(values: any) => string} id what Terraform imports it by
 * @property {readonly string[]} fixed arguments whose change would make Terraform replace it; they stay as they run
 * @property {boolean} irreplaceable whether nothing may destroy it
 */

/** @type {Readonly<Record<string, Importable>>} */
const IMPORTABLE = {
  aws_eks_cluster: {
    cluster: ({ name }) => name,
    member: () => "controlPlane.cluster.",
    id: ({ name }) => name,
    fixed: [
      "role_arn",
      "encryption_config",
      "bootstrap_self_managed_addons",
      "kubernetes_network_config",
      "access_config",
    ],
    irreplaceable: true,
  },
  aws_eks_addon: {
    cluster: ({ cluster_name: name }) => name,
    member: ({ addon_name: name }) => `addons.get(${JSON.stringify(name)})?.`,
    id: ({ cluster_name: cluster, addon_name: name }) => `${cluster}:${name}`,
    fixed: [],
    irreplaceable: false,
  },
  aws_cloudwatch_log_group: {
    cluster: ({ name }) => /^\/aws\/eks\/(.+)\/cluster$/.exec(name)?.[1],
    member: () => "controlPlane.logGroup.",
    id: ({ name }) => name,
    fixed: ["name_prefix", "log_group_class"],
    irreplaceable: false,
  },
  aws_iam_openid_connect_provider: {
    cluster: ({ issuerOf }) => issuerOf,
    member: () => "oidcProvider.provider.",
    id: ({ arn }) => arn,
    fixed: ["url"],
    irreplaceable: false,
  },
};

/** What the stacks make too, under another name or with settings that force a new one. */
const MADE_ANEW =
  /^aws_(?:eks_node_group|launch_template|autoscaling_group|kms_key|kms_alias|eks_access_entry|eks_fargate_profile|eks_pod_identity_association|ecr_repository|sqs_queue|iam_role|security_group|flow_log|vpc_endpoint)$|^helm_release$/;

const GITHUB_ISSUER = "token.actions.githubusercontent.com";

/**
 * Text of `src/extensions.ts` with import blocks, so that what runs is taken over rather than made again.
 * @param {readonly StateResource[]} resources @param {string} template the text that is generated
 * @param {readonly string[]} clusters names of the clusters that the platform has
 */
export function extensionsWithImports(resources, template, clusters) {
  const belonging = withIssuers(resources).map((resource) => {
    const cluster = Object.hasOwn(IMPORTABLE, resource.type)
      ? IMPORTABLE[resource.type].cluster(resource.values)
      : undefined;
    return { ...resource, cluster: cluster !== undefined && clusters.includes(cluster) ? cluster : undefined };
  });
  const imported = belonging.filter(({ cluster }) => cluster !== undefined);
  const left = belonging.filter(
    (resource) =>
      resource.cluster === undefined &&
      (MADE_ANEW.test(resource.type) || (Object.hasOwn(IMPORTABLE, resource.type) && !isOfGithub(resource))),
  );
  const notes = [
    ...left.map(
      ({ address }) =>
        `${address} cannot be imported: the platform's own has another name, or settings that force a new one`,
    ),
    ...imported
      .filter(({ values }) => values.access_config?.[0]?.authentication_mode === "CONFIG_MAP")
      .map(
        ({ address }) =>
          `${address}: its authentication mode is CONFIG_MAP, which ignores access entries; change it to API_AND_CONFIG_MAP before the first apply`,
      ),
  ];
  if (imported.length === 0) {
    return { text: undefined, statements: "", notes };
  }
  const names = [...new Set(imported.map(({ cluster }) => cluster))];
  const blocks = names.map((name) =>
    [
      `  if (stacks.environment.cluster.name === ${JSON.stringify(name)}) {`,
      "    const { cluster } = stacks;",
      ...imported.filter(({ cluster }) => cluster === name).map(importStatements),
      "  }",
    ].join("\n"),
  );
  const statements = blocks.join("\n");
  const text = template.replace(/export function extend\(_stacks: PlatformStacks\): void \{[\s\S]*?\n\}/, () =>
    [
      "export function extend(stacks: PlatformStacks): void {",
      "  // What ran before this repository is imported. Remove these lines once they are applied.",
      statements,
      "}",
    ].join("\n"),
  );
  return { text, statements, notes };
}

/** @param {StateResource} resource */
function importStatements({ type, address, values }) {
  const { member, id, fixed, irreplaceable } = IMPORTABLE[type];
  const target = `cluster.${member(values)}`;
  return [
    fixed.length === 0
      ? `    // ${address}`
      : `    // ${address}: what cannot change without a new one stays as it runs.`,
    `    ${target}importFrom(${JSON.stringify(id(values))});`,
    ...(fixed.length === 0 ? [] : [`    ${target}addOverride("lifecycle.ignore_changes", ${JSON.stringify(fixed)});`]),
    ...(irreplaceable ? [`    ${target}addOverride("lifecycle.prevent_destroy", true);`] : []),
  ].join("\n");
}

/** An identity provider names its issuer; whose issuer that is says the cluster. @param {readonly StateResource[]} resources @returns {StateResource[]} */
function withIssuers(resources) {
  const issuers = new Map(
    resources
      .filter(({ type }) => type === "aws_eks_cluster")
      .map(({ values }) => [withoutScheme(values.identity?.[0]?.oidc?.[0]?.issuer), values.name]),
  );
  return resources.map((resource) =>
    resource.type === "aws_iam_openid_connect_provider"
      ? { ...resource, values: { ...resource.values, issuerOf: issuers.get(withoutScheme(resource.values.url)) } }
      : resource,
  );
}

/** @param {unknown} url */
function withoutScheme(url) {
  return (textOf(url) ?? "no issuer").replace(/^https:\/\//, "");
}

/** GitHub's provider, of which an account has one: the option `githubOidcProviderArn` names it. @param {Pick<StateResource, "type" | "values">} resource */
export function isOfGithub({ type, values }) {
  return type === "aws_iam_openid_connect_provider" && withoutScheme(values.url) === GITHUB_ISSUER;
}
