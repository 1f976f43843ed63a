// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { readdirSync, readFileSync } from "node:fs";
import { networkInterfaces } from "node:os";
import { basename, dirname, join } from "node:path";
import { judgeObjects } from "../cluster/accepted-objects.mjs";
import { checkedApi } from "../cluster/checked-api.mjs";
import { chartReleases, valuesOf } from "../cluster/chart-releases.mjs";
import { startControlPlane } from "../cluster/control-plane.mjs";
import { tryExamples } from "../cluster/examples.mjs";
import { collectLogs } from "../cluster/log-collector.mjs";
import { startOperator } from "../cluster/kuberay-operator.mjs";
import { nodesOf } from "../cluster/node-group-nodes.mjs";
import { LIFE_FAULTS } from "../cluster/planted-life-faults.mjs";
import { PLANTED_FAULTS } from "../cluster/planted-faults.mjs";
import { RayLife } from "../cluster/ray-life.mjs";
import { makeDefinitions } from "../cluster/resource-definitions.mjs";
import { startStandInServe } from "../cluster/stand-in-serve.mjs";
import { startStandInKubelet } from "../cluster/stand-in-kubelet.mjs";
import { buildVerification } from "../kubernetes-verification.mjs";
import { renderedCharts } from "../rendered-charts.mjs";

/** Option sets whose charts are installed, beside the default one, which is walked from its installation to its end. */
const INSTALLED = [
  "without-GPU",
  "ARM",
  "accelerator-g5g",
  "several-accelerators",
  "no-token-no-autoscaling",
  "monitoring-backup-job-Redis-NodeConfig",
];

/** The one whose logs are collected. */
const LOGGED = "logs-are-kept";

/** The one whose job is changed while it runs. */
const CHANGED_JOB = "monitoring-backup-job-Redis-NodeConfig";

/** The one whose service is upgraded. */
const SERVICE = "RayService";

/** Option sets whose examples are applied. */
const WITH_EXAMPLES = ["ARM", "data-for-Ray"];

/** The one of them whose CPU example works with a bucket, and runs to its end. */
const RUN = "data-for-Ray";

const NOT_RUN =
  "a stand-in answers for the kubelets, so no container runs (the CPU example's pods are processes), for the autoscaler, for Ray Serve, and for the definitions of PodMonitor and PrometheusRule; charts of other repositories are not installed (npm test holds their values against the keys that each pinned version knows)";

/** An address of the range for tests of networks, for the pods of a machine that has none but loopback. */
const NO_ADDRESS = "198.18.0.1";

/** A real control plane, and on it Ray's life under KubeRay's operator. */
export default {
  id: "cluster",
  title: "Real Kubernetes takes what the charts make, and Ray lives on it from install to uninstall",
  tools: ["kubernetes", "go", "helm", "ray"],
  async run(context) {
    const { tools, log } = context;
    const rendered = await renderedCharts(context);
    const { definitions, kuberay, operator, notRun } = await buildVerification(context);
    const built = await operator();
    const plane = await startControlPlane({ program: tools.kubernetes, note: log });
    const api = checkedApi(plane.call);
    const releases = chartReleases(context, plane);
    let kubelet;
    try {
      await makeDefinitions(plane, api, definitions);
      log("namespaces and access of all option sets");
      for (const values of different(rendered.map((one) => valuesOf(...placeOf(one.values), "cluster-base")))) {
        await releases.upgrade("cluster-base", "default", values);
      }
      await plane.until("the account of the namespace", () =>
        api.get("/api/v1/namespaces/ray/serviceaccounts/default"),
      );
      log("judging the objects of all option sets");
      const taken = await judgeObjects(plane, rendered);

      // The API server, as a proxy, reaches no pod on loopback.
      const address = addressOfThisMachine();
      kubelet = startStandInKubelet(api, address ?? NO_ADDRESS);
      await startOperator(plane, api, built, { operatorNamespace: "kuberay-system", watched: "ray" });
      const world = { plane, api, releases, kubelet };
      const deployed = (option) => deployment(rendered.find((one) => one.option === option));
      log(`${LOGGED}: the log collector on all nodes`);
      const logged = rendered.find(({ option }) => option === LOGGED);
      const collectors = await collectLogs(world, {
        ...deployment(logged),
        values: valuesOf(...placeOf(logged.values), "ray-logs"),
      });
      await liveThrough(world, deployed("default"), log);
      for (const option of INSTALLED) {
        log(`${option}: install, largest, uninstall`);
        const changedJob = option === CHANGED_JOB ? changedJobOf(rendered, option) : undefined;
        await installed(world, deployed(option), changedJob).catch((error) => {
          throw new Error(`${option}: ${error.message}`, { cause: error });
        });
      }
      if (address !== undefined) {
        log(`${SERVICE}: install, upgrade, uninstall`);
        await upgradedService(world, deployed(SERVICE), address);
      }
      const examples = [];
      for (const option of WITH_EXAMPLES) {
        const running =
          option === RUN && address !== undefined ? { ray: tools.ray, bucket: bucketOf(deployed(option)) } : undefined;
        examples.push(...(await tryExamples(world, deployed(option), log, running)));
      }
      await findPlanted(world, deployed("default"), log);
      return {
        message: [
          `Kubernetes ${(await plane.call("GET", "/version")).body.gitVersion} takes ${taken} objects of ${rendered.length} sets of values`,
          `under KubeRay ${kuberay} the default platform is installed, scaled, drained, upgraded to another Ray version and removed; ${INSTALLED.length} further option sets are installed and run all their workers; a job whose command changed runs under a new name on a cluster of its own${address === undefined ? "" : "; a service's upgrade has room for both clusters"}; the log collector and its reader of events run as ${collectors} pods`,
          `${examples.length} examples are admitted and placed${address === undefined ? "" : ", and the CPU job ran to its end on a real Ray head against an S3 API on loopback"}`,
          `${PLANTED_FAULTS.length + LIFE_FAULTS.length} planted faults are found`,
        ].join("; "),
        notRun: [
          NOT_RUN,
          address === undefined &&
            "this machine has no address but loopback, so no example ran and no service was upgraded",
          notRun,
        ]
          .filter(Boolean)
          .join("; "),
      };
    } finally {
      await kubelet?.stop();
      await plane.stop();
    }
  },
};

/** Directory of the option set, and environment, of a file of values. */
function placeOf(values) {
  return [dirname(dirname(values)), /(.+)-ray\.json$/.exec(basename(values))[1]];
}

function different(values) {
  return [...new Map(values.map((one) => [JSON.stringify(one), one])).values()];
}

/** What a workloads stack deploys, and the nodes of its cluster stack. */
function deployment({ values }) {
  const [outdir, environment] = placeOf(values);
  const { environments } = JSON.parse(readFileSync(join(outdir, "platform.json"), "utf8"));
  const { ray } = environments.find(({ name }) => name === environment);
  return {
    values: JSON.parse(readFileSync(values, "utf8")),
    nodes: nodesOf(outdir, environment),
    namespace: ray.namespace,
    exampleData: ray.exampleData,
    manifests: readdirSync(join(outdir, "manifests"))
      .filter((name) => name.startsWith(`${environment}-example-`))
      .map((name) => join(outdir, "manifests", name)),
    poolGroups: Object.fromEntries([
      ["headgroup", "cpu"],
      ...ray.workerGroups.map((group) => [group.name, group.poolGroup]),
    ]),
  };
}

/** The bucket that the CPU example is told to use. */
function bucketOf({ exampleData }) {
  return new URL(exampleData).hostname;
}

function addressOfThisMachine() {
  const addresses = Object.values(networkInterfaces()).flat();
  return addresses.find(({ family, internal }) => family === "IPv4" && !internal)?.address;
}

async function liveThrough(world, deployed, log) {
  const life = new RayLife(world, deployed);
  for (const step of ["install", "scaleUp", "evict", "upgradeUnchanged", "scaleDown", "changeVersion", "uninstall"]) {
    log(`default: ${step}`);
    await life[step]();
  }
}

async function installed(world, deployed, changedJob) {
  const life = new RayLife(world, deployed);
  await life.install();
  await life.scaleUp();
  if (changedJob !== undefined) {
    await life.changeJob(changedJob);
  }
  await life.uninstall();
}

/** Values of the chart `ray` after the command of the job was changed. */
function changedJobOf(rendered, option) {
  const [outdir, environment] = placeOf(rendered.find((one) => one.option === option).values);
  return JSON.parse(readFileSync(join(outdir, "changed-job", "values", `${environment}-ray.json`), "utf8"));
}

async function upgradedService(world, deployed, address) {
  const serve = await startStandInServe(address);
  try {
    const life = new RayLife(world, deployed);
    await life.install();
    await life.upgradeService();
    await life.uninstall();
  } finally {
    await serve.stop();
  }
}

async function findPlanted(world, deployed, log) {
  const missed = [];
  for (const { what, plant, step, patience, says } of LIFE_FAULTS) {
    log(`planted: ${what}`);
    const faulty = structuredClone(deployed);
    plant(faulty);
    const life = new RayLife(world, faulty);
    let said = "nothing is found";
    try {
      await life.install();
      life.patience = patience ?? life.patience;
      await life[step]?.();
    } catch (error) {
      said = error.message;
    }
    await new RayLife(world, faulty).uninstall();
    if (!says.test(said)) {
      missed.push(`${what}: ${said}`);
    }
  }
  if (missed.length > 0) {
    throw new Error(`planted faults are not found:\n${missed.join("\n")}`);
  }
}
