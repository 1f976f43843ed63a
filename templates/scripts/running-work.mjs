// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { codeSpan } from "./log-text.mjs";
import { parseJson } from "./read-json.mjs";

/** Arguments of a launch template that no machine sees: its own tags, and what follows from other changes. */
const NOT_OF_MACHINES = new Set(["tags", "tags_all", "latest_version", "default_version"]);

/**
 * What a Terraform plan does to work that runs: pods are evicted where nodes are replaced, and restart where their own
 * description changes. Of the plan's values only names of pools and releases and Kubernetes versions are told, and only what has the
 * form of one.
 *
 * @param {{ resource_changes?: object[] }} plan a plan as `terraform show -json` prints it
 * @returns {string[]} sentences; none if running work is left alone
 */
export function runningWork(plan) {
  const changes = (plan.resource_changes ?? []).filter(({ change }) =>
    change.actions.some((action) => action !== "no-op"),
  );
  const ofType = (type) => changes.filter((resource) => resource.type === type);
  const templates = new Set(
    ofType("aws_launch_template")
      .filter(({ change }) => changedArguments(change).some((name) => !NOT_OF_MACHINES.has(name)))
      .map(({ change }) => change.before?.id)
      .filter(Boolean),
  );
  return [
    ...ofType("aws_eks_cluster").flatMap(controlPlane),
    ...ofType("aws_eks_node_group").flatMap((group) => nodeGroup(group, templates)),
    ...ofType("helm_release").flatMap(release),
  ];
}

/** A name, or where it could be anything else the address, as a code span: it may hold Markdown of somebody else's. */
function named(text, address) {
  const isName = /^[a-z][a-z0-9-]{0,62}$/.test(text);
  return isName ? text : codeSpan(address);
}

function version(text) {
  return /^1\.\d{1,2}$/.test(text) ? `Kubernetes ${text}` : "another version of Kubernetes";
}

function controlPlane({ change }) {
  const { before, after } = change;
  if (isReplaced(change) || after === null) {
    return ["The cluster is destroyed with everything that runs in it."];
  }
  return before !== null && before.version !== after.version
    ? [`The control plane goes from ${version(before.version)} to ${version(after.version)}.`]
    : [];
}

function nodeGroup({ address, change }, templates) {
  const { before, after } = change;
  if (before === null) {
    return [];
  }
  const pool = named(String(before.node_group_name_prefix ?? before.node_group_name ?? "").replace(/-$/, ""), address);
  if (after === null) {
    return [`Pool ${pool} is removed: its nodes are drained, and what runs on them is evicted.`];
  }
  if (isReplaced(change)) {
    const names = (change.replace_paths ?? []).map(([name]) => name).filter((name) => /^[a-z_]+$/.test(name));
    const reasons = [...new Set(names)].join(", ");
    return [
      `Pool ${pool} is replaced (${reasons || "by its resource"}): new nodes start, then all old ones are drained.`,
    ];
  }
  const template = before.launch_template?.[0]?.id;
  const isRolled =
    changedArguments(change).some((name) => ["version", "release_version"].includes(name)) || templates.has(template);
  return isRolled
    ? [`Pool ${pool} is rolled: each of its nodes is replaced, one at a time, and what runs on it is evicted.`]
    : [];
}

function release({ address, change }) {
  const { before, after } = change;
  if (before === null || after === null) {
    return after === null ? [`Release ${named(before.name, address)} is uninstalled.`] : [];
  }
  const [old, next] = [valuesOf(before), valuesOf(after)];
  const isHeadMoved =
    JSON.stringify(headOf(old)) !== JSON.stringify(headOf(next)) &&
    headOf(old) !== undefined &&
    headOf(next) !== undefined;
  const had = new Set(imagesIn(old));
  const images = new Set(imagesIn(next).filter((image) => !had.has(image)));
  return [
    ...(isHeadMoved ? ["The Ray head restarts: running Ray jobs end unless Redis keeps their state."] : []),
    ...(images.size > 0 ? [`Images of release ${named(after.name, address)} are pulled again: ${images.size}.`] : []),
  ];
}

function isReplaced({ actions }) {
  return actions.includes("create") && actions.includes("delete");
}

/** Names of arguments that differ, or that are known only after apply. */
function changedArguments({ before, after, after_unknown: unknown = {} }) {
  if (before === null || after === null) {
    return [];
  }
  const names = new Set([...Object.keys(before), ...Object.keys(after), ...Object.keys(unknown)]);
  return [...names].filter(
    (name) => unknown[name] === true || JSON.stringify(before[name] ?? null) !== JSON.stringify(after[name] ?? null),
  );
}

function valuesOf({ values }) {
  return (values ?? []).flatMap((text) => {
    try {
      return [parseJson(text)];
    } catch {
      return []; // written in YAML by an extension of your own, or deeper than any values
    }
  });
}

function headOf(values) {
  for (const value of values) {
    const cluster = value?.rayCluster?.spec ?? value?.rayService?.spec?.rayClusterConfig;
    if (cluster !== undefined) {
      return cluster.headGroupSpec;
    }
  }
  return undefined;
}

/** Images anywhere in values: `image: repository:tag`, or `repository` and `tag` side by side. */
function imagesIn(value) {
  if (Array.isArray(value)) {
    return value.flatMap(imagesIn);
  }
  if (value === null || typeof value !== "object") {
    return [];
  }
  const { repository, tag, image } = value;
  return [
    ...(typeof repository === "string" && typeof tag === "string" ? [`${repository}:${tag}`] : []),
    ...(typeof image === "string" && image.includes(":") ? [image] : []),
    ...Object.values(value).flatMap(imagesIn),
  ];
}
