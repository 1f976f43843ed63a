// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

/** Variables that may hold a credential: what judges on GitHub has none of them. */
const CREDENTIAL = /^AWS_|^GH_|^GITHUB_|^ACTIONS_|TOKEN|SECRET|PASSWORD|PASSWD|CREDENTIAL|_KEY$/i;

/**
 * Variables from which a program takes options, by program. No runner has one: with `TRIVY_SEVERITY` or `CKV_SKIP_CHECK` in
 * somebody's shell a gate would be clean here, and red on GitHub. The programs are those of the table of pins.
 */
export const PROGRAM_VARIABLES: Readonly<Record<string, readonly RegExp[]>> = {
  // It hands its environment on to shellcheck.
  actionlint: [/^SHELLCHECK_/, /^ACTIONLINT_/, /^PYFLAKES_/],
  checkov: [/^CKV_/, /^CHECKOV_/, /^BC_/, /^PRISMA_/, /^HELM_/],
  gitleaks: [/^GITLEAKS_/],
  opa: [/^OPA_/],
  "osv-scanner": [/^OSV_/],
  tfsec: [/^TFSEC_/],
  trivy: [/^TRIVY_/],
  zizmor: [/^ZIZMOR_/],
};

/**
 * Variables that point git to a repository, an index or objects. In a hook, git sets them for its own repository, and a gate
 * would work there instead of in its copy.
 */
const REPOSITORY = /^GIT_(?!CONFIG_(?:GLOBAL|SYSTEM|NOSYSTEM|COUNT|KEY_\d+|VALUE_\d+)$|SSL_|SSH|EXEC_PATH$)/;

const LEFT_OUT: readonly RegExp[] = [CREDENTIAL, REPOSITORY, ...Object.values(PROGRAM_VARIABLES).flat()];

/** This process's variables without those that a runner of GitHub's would not have, and that change a verdict or are secret. */
export function runnerVariables(): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !LEFT_OUT.some((pattern) => pattern.test(name))),
  );
}
