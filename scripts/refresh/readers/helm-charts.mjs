// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { chartArchive, imageTags } from "../container-registry.mjs";
import { compatibleLine, minorLine, newestRelease } from "../releases.mjs";
import { listOf, mapOf, members, SHA256, TEXT } from "../source.mjs";

const CHARTS = "data/charts.json";
const IMAGES = "data/images.json";
/** Images whose tag no pinned chart says, and what a new one means: each stays in its minor version. */
const WITHOUT_CHART = {
  "velero-plugin-for-aws": "backups use it; mirror the image first",
  "fluent-bit": "the collector of logs uses it; mirror the image first",
};
const INDEX = members({
  entries: mapOf(
    listOf({
      ...members({ version: TEXT, urls: listOf(TEXT), digest: SHA256 }),
      properties: { created: { type: "string" } },
    }),
  ),
});

/**
 * Where a chart says the tag of an image: at a path of its values, or, if nothing stands there, in its appVersion, with
 * what its template puts before it. `within` is the chart inside it that does.
 */
const TAGS = {
  "kuberay-operator": { chart: "kuberay-operator", path: ["image", "tag"] },
  "aws-node-termination-handler": { chart: "aws-node-termination-handler", path: ["image", "tag"], prefix: "v" },
  "nvidia-device-plugin": { chart: "nvidia-device-plugin", path: ["image", "tag"], prefix: "v" },
  "dcgm-exporter": { chart: "dcgm-exporter", path: ["image", "tag"] },
  "aws-efa-k8s-device-plugin": { chart: "aws-efa-k8s-device-plugin", path: ["image", "tag"] },
  "prometheus-operator": { chart: "kube-prometheus-stack", path: ["prometheusOperator", "image", "tag"] },
  "prometheus-config-reloader": {
    chart: "kube-prometheus-stack",
    path: ["prometheusOperator", "prometheusConfigReloader", "image", "tag"],
  },
  prometheus: { chart: "kube-prometheus-stack", path: ["prometheus", "prometheusSpec", "image", "tag"] },
  alertmanager: { chart: "kube-prometheus-stack", path: ["alertmanager", "alertmanagerSpec", "image", "tag"] },
  "node-exporter": {
    chart: "kube-prometheus-stack",
    within: "prometheus-node-exporter",
    path: ["image", "tag"],
    prefix: "v",
  },
  "kube-state-metrics": {
    chart: "kube-prometheus-stack",
    within: "kube-state-metrics",
    path: ["image", "tag"],
    prefix: "v",
  },
  "kube-webhook-certgen": {
    chart: "kube-prometheus-stack",
    path: ["prometheusOperator", "admissionWebhooks", "patch", "image", "tag"],
  },
  grafana: { chart: "kube-prometheus-stack", within: "grafana", path: ["image", "tag"] },
  "grafana-sidecar": { chart: "kube-prometheus-stack", within: "grafana", path: ["sidecar", "image", "tag"] },
  velero: { chart: "velero", path: ["image", "tag"] },
};

export default {
  id: "helm-charts",
  title: "Helm charts, and the images that they run",
  files: [CHARTS, IMAGES],
  source: "each chart's repository, named in data/charts.json",
  form: "https://helm.sh/docs/topics/chart_repository/#the-index-file",
  async read({ source, tables, day }) {
    const changes = [];
    const waiting = [];
    for (const [id, chart] of Object.entries(tables[CHARTS].charts)) {
      const published = await PUBLISHED[chart.repository.startsWith("oci:") ? "oci" : "https"](source, chart);
      const choice = { day, least: chart.version };
      const newest = newestRelease(published.releases, { ...choice, line: compatibleLine(chart.version) });
      const next = newestRelease(published.releases, choice);
      if (next !== undefined && compatibleLine(next) !== compatibleLine(chart.version)) {
        waiting.push({ what: `chart ${id}`, newest: next, why: "a new major version: its values may differ" });
      }
      if (newest === undefined || newest === chart.version) {
        continue;
      }
      const means = "the next deployment upgrades the release; mirror its images first (`mirror-images.yml`)";
      changes.push({ file: CHARTS, path: ["charts", id, "version"], value: newest, means });
      const directory = join(await published.fetch(newest), chart.chart);
      for (const [image, place] of Object.entries(TAGS).filter(([, { chart: from }]) => from === id)) {
        changes.push({ file: IMAGES, path: ["images", image, "tag"], value: tagOf(directory, image, place), means });
      }
    }
    for (const [image, means] of Object.entries(WITHOUT_CHART)) {
      const value = await newestInMinor(source, tables[IMAGES].images[image], day);
      changes.push({ file: IMAGES, path: ["images", image, "tag"], value, means });
    }
    return { changes, waiting };
  },
};

async function newestInMinor(source, { repository, tag }, day) {
  const releases = (await imageTags(source, repository)).map((version) => ({ version }));
  return newestRelease(releases, { day, line: minorLine(tag), least: tag }) ?? tag;
}

/** Releases of a chart, and how one is fetched and unpacked. */
const PUBLISHED = {
  async https(source, { repository, chart }) {
    const base = repository.endsWith("/") ? repository : `${repository}/`;
    const url = `${base}index.yaml`;
    const entries = (await source.yaml(url, INDEX)).entries[chart];
    if (entries === undefined) {
      throw new Error(`${url} has changed its form: it has no chart ${chart}`);
    }
    return {
      releases: entries.map(({ version, created }) => ({ version, time: created })),
      fetch(version) {
        const { urls, digest } = entries.find((entry) => entry.version === version);
        return source.archive(new URL(urls[0], base).href, digest.replace("sha256:", ""));
      },
    };
  },
  async oci(source, { repository, chart }) {
    const name = `${repository.replace("oci://", "")}/${chart}`;
    return {
      releases: (await imageTags(source, name)).map((version) => ({ version })),
      fetch: (version) => chartArchive(source, name, version),
    };
  },
};

function tagOf(directory, image, { within, path, prefix = "" }) {
  const chart = within === undefined ? directory : join(directory, "charts", within);
  const read = (name) => parse(readFileSync(join(chart, name), "utf8"));
  const stated = path.reduce((value, key) => value?.[key], read("values.yaml"));
  const tag = stated || `${prefix}${read("Chart.yaml").appVersion ?? ""}`;
  if (typeof tag !== "string" || !/\d/.test(tag)) {
    throw new Error(`${chart} has changed its form: it does not say the tag of ${image}`);
  }
  return tag;
}
