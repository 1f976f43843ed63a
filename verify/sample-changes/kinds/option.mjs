// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

export default {
  kind: "an option",
  change(tree) {
    tree.edit("src/options/state-options.ts", [
      "readonly region?: string;",
      "readonly region?: string;\n  /**\n   * Alias of the key that encrypts the state, without `alias/`.\n   * @default - project and environment\n   */\n  readonly keyAlias?: string;",
    ]);
    tree.edit("src/config/state.ts", [
      "kmsKeyAlias: `${project}-${environment}-tfstate`,",
      "kmsKeyAlias: options.keyAlias ?? `${project}-${environment}-tfstate`,",
    ]);
    tree.addBehind(
      "src/config/state.ts",
      'checkPattern(options.bucket, "bucket", merged.path("state", "bucket"), issues);',
      '\n  checkPattern(options.keyAlias, "labelValue", merged.path("state", "keyAlias"), issues);',
    );
    tree.addBehind(
      "test/options/effects.ts",
      '{ option: "state.bucket", value: "acme-state", shows: `${ENVIRONMENT}.state.bucket` },',
      '\n  { option: "state.keyAlias", value: "acme-state", shows: `${ENVIRONMENT}.state.kmsKeyAlias` },',
    );
  },
  prove(tree) {
    tree.edit("docs/options.md", ["| `keyAlias` |", ""]);
  },
};
