// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

/** @typedef {import("./values/terraform-state.js").StateResource} StateResource */

/**
 * Resources that the platform would make under the same identity, and where the stacks hold them. `fixed` are arguments
 * whose change would make Terraform replace the resource; they stay as they run.
 */
const IMPORTABLE = /** @type {Record<string, { member: string, id: (values: any) => string, fixed: string[] }>} */ ({
  aws_eks_cluster: {
    member: "cluster.controlPlane.cluster",
    id: ({ name }) => name,
    fixed: [
      "role_arn",
      "encryption_config",
      "bootstrap_self_managed_addons",
      "kubernetes_network_config",
      "access_config",
    ],
  },
});

/** What the stacks would make too, under another identity. */
const MADE_ANEW = /^aws_(?:eks_node_group|launch_template|iam_openid_connect_provider|kms_key)$/;

/**
 * Text of `src/extensions.ts` with import blocks, so that what runs is taken over rather than made again.
 * @param {readonly StateResource[]} resources @param {string} template the text that is generated
 */
export function extensionsWithImports(resources, template) {
  const imported = resources.filter(({ type }) => type in IMPORTABLE);
  const notes = resources
    .filter(({ type }) => MADE_ANEW.test(type))
    .map(
      ({ address }) =>
        `${address} cannot be imported: the platform's own has another name or other settings that force a new one`,
    );
  if (imported.length === 0) {
    return { text: undefined, notes, imported: [] };
  }
  const statements = imported.map(({ type, address, values }) => {
    const { member, id, fixed } = IMPORTABLE[type];
    return [
      `  // ${address}: what cannot change without a new one stays as it runs, and nothing may replace it.`,
      `  stacks.${member}.importFrom(${JSON.stringify(id(values))});`,
      `  stacks.${member}.addOverride("lifecycle.ignore_changes", ${JSON.stringify(fixed)});`,
      `  stacks.${member}.addOverride("lifecycle.prevent_destroy", true);`,
    ].join("\n");
  });
  const text = template.replace(/export function extend\(_stacks: PlatformStacks\): void \{[\s\S]*?\n\}/, () =>
    [
      "export function extend(stacks: PlatformStacks): void {",
      "  // What ran before this repository is imported. Remove these lines once they are applied.",
      ...statements,
      "}",
    ].join("\n"),
  );
  return { text, notes, imported: imported.map(({ address }) => address) };
}
