// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { imageTags } from "../container-registry.mjs";
import { compareVersions, newestRelease } from "../releases.mjs";
import { listOf, members, TEXT } from "../source.mjs";

const FILE = "data/eks.json";
const IMAGES = "data/images.json";
const CLUSTER_VERSIONS = members({
  clusterVersions: listOf(members({ clusterVersion: TEXT, endOfStandardSupportDate: TEXT, versionStatus: TEXT })),
});
const ADDON_VERSIONS = members({
  addons: listOf(
    members({
      addonName: TEXT,
      addonVersions: listOf(members({ addonVersion: TEXT, compatibilities: listOf({ type: "object" }) })),
    }),
  ),
});
const AUTOSCALER = "registry.k8s.io/autoscaling/cluster-autoscaler";

export default {
  id: "kubernetes-versions",
  title: "Kubernetes versions of EKS and their add-ons",
  files: [FILE, IMAGES],
  source: "aws eks describe-cluster-versions, aws eks describe-addon-versions, registry.k8s.io",
  form: "https://docs.aws.amazon.com/cli/latest/reference/eks/describe-addon-versions.html",
  async read({ source, tables, day }) {
    const changes = [];
    const waiting = [];
    const aws = (args, form) => source.commandJson("aws", ["eks", ...args, "--output", "json"], form);
    const { clusterVersions } = await aws(["describe-cluster-versions"], CLUSTER_VERSIONS);
    const autoscalers = (await imageTags(source, AUTOSCALER)).map((version) => ({ version }));
    const ours = tables[FILE].kubernetesVersions;
    for (const [minor, { addons, standardSupportEnds, imageTags: tags }] of Object.entries(ours)) {
      const set = (path, value, means) =>
        changes.push({ file: FILE, path: ["kubernetesVersions", minor, ...path], value, means });
      const offered = clusterVersions.find(({ clusterVersion }) => clusterVersion === minor);
      const end = offered?.endOfStandardSupportDate.slice(0, 10) ?? standardSupportEnds;
      set(
        ["standardSupportEnds"],
        end,
        "the guide to upgrades names the day; after it EKS charges for extended support",
      );
      if (offered?.versionStatus !== "STANDARD_SUPPORT" || (end !== null && end < day)) {
        waiting.push({ what: `Kubernetes ${minor}`, newest: end ?? "unknown", why: "its standard support has ended" });
      }
      const tag = newestRelease(autoscalers, { day, line: minor, least: tags["cluster-autoscaler"] });
      const value = tag ?? tags["cluster-autoscaler"];
      const means = "mirror the image before deploying";
      set(["imageTags", "cluster-autoscaler"], value, means);
      if (minor === tables[FILE].default) {
        changes.push({ file: IMAGES, path: ["images", "cluster-autoscaler", "tag"], value, means });
      }
      if (offered === undefined) {
        continue; // There are no add-ons for what is not offered any more.
      }
      for (const addon of Object.keys(addons)) {
        const answer = await aws(
          ["describe-addon-versions", "--kubernetes-version", minor, "--addon-name", addon],
          ADDON_VERSIONS,
        );
        const versions = answer.addons
          .filter(({ addonName }) => addonName === addon)
          .flatMap(({ addonVersions }) => addonVersions.map(({ addonVersion: version }) => ({ version })));
        const newest = newestRelease(versions, { day, least: addons[addon].version });
        set(
          ["addons", addon, "version"],
          newest ?? addons[addon].version,
          "the next deployment updates the add-on in place",
        );
      }
    }
    const newer = clusterVersions
      .map(({ clusterVersion }) => clusterVersion)
      .filter((version) => compareVersions(version, Object.keys(ours).at(-1)) > 0);
    for (const version of newer) {
      waiting.push({
        what: `Kubernetes ${version}`,
        newest: version,
        why: "new in EKS: add it with its add-ons, then test it",
      });
    }
    return { changes, waiting };
  },
};
