// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

/** @typedef {import("../../lib/config/platform-config.js").PlatformConfig} PlatformConfig */
/** @typedef {import("../../lib/sync/run/report.js").Report} Report */

/**
 * What will be made, what it costs idle and full, and what is left to set up.
 * @param {{ config: PlatformConfig, report: Report, columns: number }} review
 */
export function reviewText({ config, report, columns }) {
  const sections = [
    ["What will be created", [filesText(report), ...config.environments.map(stacksText)]],
    ["Idle, without any Ray job", config.environments.map((environment) => costText(environment, "minSize"))],
    ["Full, every pool at its maximum", config.environments.map((environment) => costText(environment, "maxSize"))],
    ["Still to set up", setUpText(config)],
  ];
  return sections
    .map(([title, lines]) => [title, .../** @type {string[]} */ (lines).map((line) => wrap(line, columns))].join("\n"))
    .join("\n\n");
}

/** @param {Report} report */
function filesText({ files }) {
  const made = files.filter(({ action }) => action !== "none" && action !== "keep");
  const count = (/** @type {RegExp} */ pattern) => made.filter(({ path }) => pattern.test(path)).length;
  return `${made.length} files, among them ${count(/^\.github\/workflows\//)} workflows, ${count(/\.rego$/)} Rego files and ${count(/^docs\//)} documents`;
}

/** @param {PlatformConfig["environments"][number]} environment */
function stacksText({ name, region, accountId, network, cluster }) {
  const stacks = ["bootstrap", ...(network.mode === "created" ? ["network"] : []), "cluster", "workloads"];
  const account = accountId === null ? "any account" : `account ${accountId}`;
  return `${name}: Kubernetes ${cluster.version} in ${region}, ${account}; stacks ${stacks.map((stack) => `${name}-${stack}`).join(", ")}`;
}

/** How a pool pays for its nodes, where that is not what is usual. */
const CAPACITY = { ON_DEMAND: "", SPOT: " spot", CAPACITY_BLOCK: " of a capacity block" };

/**
 * Types and counts rather than prices, which differ by region and contract.
 * @param {PlatformConfig["environments"][number]} environment @param {"minSize" | "maxSize"} size
 */
function costText({ name, network, pools }, size) {
  const zones = network.availabilityZones.length;
  const parts = [
    "1 EKS cluster",
    ...(network.mode === "created"
      ? [`${network.interfaceEndpoints.length} interface endpoints in each of ${zones} zones`]
      : []),
    ...(network.mode === "created" && network.nat !== "none" ? [`NAT gateways: ${network.nat}`] : []),
    ...pools
      .filter((pool) => pool[size] > 0)
      .map((pool) => {
        const types = pool.instanceTypes.join(" or ");
        return `${pool[size]} x ${types}${CAPACITY[pool.capacityType]} (${pool.name})`;
      }),
  ];
  return `${name}: ${parts.join(", ")}`;
}

/** @param {PlatformConfig} config */
function setUpText({ repository, environments }) {
  const unbound = environments.filter(({ accountId }) => accountId === null).map(({ name }) => name);
  return [
    ...(unbound.length > 0
      ? [`awsAccountId of ${unbound.join(", ")}: without it a stack is applied to any account`]
      : []),
    ...(repository.owner === "" || repository.owner === null || repository.owner === undefined
      ? ["githubOwner: without it no workflow may plan or apply"]
      : [
          "GitHub environments with reviewers, and roles for Actions: docs/aws-oidc.md",
          "the GitHub App: docs/github-app.md",
        ]),
    "the bootstrap stacks, applied once by an administrator: docs/operations.md",
    "prices of the counts above: docs/cost.md, https://calculator.aws/",
  ];
}

/** A list item within a terminal's width. @param {string} text @param {number} columns */
export function wrap(text, columns) {
  const width = Math.max(columns, 20) - 4;
  /** @type {string[]} */
  const lines = [""];
  for (const word of text.split(" ")) {
    const last = lines[lines.length - 1];
    if (last !== "" && last.length + 1 + word.length > width) {
      lines.push(word);
    } else {
      lines[lines.length - 1] = last === "" ? word : `${last} ${word}`;
    }
  }
  return lines.map((line, index) => (index === 0 ? `  - ${line}` : `    ${line}`)).join("\n");
}
