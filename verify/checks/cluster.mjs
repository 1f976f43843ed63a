// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { objectsOf, refusal } from "../cluster/api-objects.mjs";
import { startControlPlane } from "../cluster/control-plane.mjs";
import { PLANTED_FAULTS } from "../cluster/planted-faults.mjs";
import { buildVerification } from "../kubernetes-verification.mjs";
import { renderedCharts } from "../rendered-charts.mjs";

const NOT_RUN =
  "no kubelet, scheduler, controllers or operator run, so no pod starts here; charts of other repositories are not installed, nor what needs their definitions (PodMonitor, PrometheusRule)";

export default {
  id: "cluster",
  title: "A real API server takes what the charts make of every option set, strictly and under Pod Security",
  tools: ["kubernetes", "go", "helm"],
  async run(context) {
    const { tools, log } = context;
    const rendered = await renderedCharts(context);
    const { definitions, notRun } = await buildVerification(context);
    const directory = mkdtempSync(join(tmpdir(), "cluster-"));
    const plane = await startControlPlane({ program: tools.kubernetes, note: log, withControllers: false });
    try {
      await makeDefinitions(plane, definitions);
      const sound = new Map();
      let taken = 0;
      for (const { option, values, manifest } of rendered) {
        log(option);
        await helm(context, plane, "cluster-base", "default", baseValues(values, directory));
        const objects = objectsFor(manifest);
        await makeDefaultAccount(plane, objects[0].metadata.namespace);
        for (const object of objects) {
          const said = await refusal(plane.call, object);
          if (said !== undefined) {
            throw new Error(`${option}: ${object.kind} ${object.metadata.name} is refused: ${said}`);
          }
          sound.set(object.kind, object);
          taken++;
        }
      }
      await findPlanted(plane, sound);
      await guardAsks(context, plane, rendered[0].values, directory);
      return {
        message: `${taken} objects of ${rendered.length} sets of values taken by Kubernetes ${(await plane.call("GET", "/version")).body.gitVersion}; ${PLANTED_FAULTS.length} planted faults refused; a changed Ray version makes the upgrade ask for jobs`,
        notRun: [NOT_RUN, notRun].filter(Boolean).join("; "),
      };
    } finally {
      await plane.stop();
    }
  },
};

/** KubeRay's custom resource definitions, and a moment until the API server serves them. */
async function makeDefinitions({ call }, directory) {
  for (const file of readdirSync(directory).filter((name) => name.endsWith(".yaml"))) {
    for (const object of objectsOf(readFileSync(join(directory, file), "utf8"))) {
      const { status, body } = await call("POST", "/apis/apiextensions.k8s.io/v1/customresourcedefinitions", object);
      if (status !== 201) {
        throw new Error(`${file}: ${body.message}`);
      }
    }
  }
  for (let attempt = 0; attempt < 120; attempt++) {
    const { body } = await call("GET", "/apis/ray.io/v1");
    if (body.resources?.some(({ kind }) => kind === "RayService")) {
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  throw new Error("the API server does not serve KubeRay's resources");
}

/** The account that a controller makes in each namespace, and without which no pod is admitted. */
async function makeDefaultAccount({ call }, namespace) {
  const account = { apiVersion: "v1", kind: "ServiceAccount", metadata: { name: "default" } };
  const { status, body } = await call("POST", `/api/v1/namespaces/${namespace}/serviceaccounts`, account);
  if (status !== 201 && status !== 409) {
    throw new Error(`namespace ${namespace}: ${body.message}`);
  }
}

/** The objects of a manifest, and the pods that its groups describe. */
function objectsFor(manifest) {
  const objects = objectsOf(readFileSync(manifest, "utf8")).filter(
    ({ apiVersion }) => !apiVersion.startsWith("monitoring.coreos.com/"),
  );
  const namespace = objects.find(({ apiVersion }) => apiVersion === "ray.io/v1").metadata.namespace;
  for (const object of objects) {
    object.metadata.namespace ??= namespace;
  }
  return [...objects, ...objects.flatMap(podsOf)];
}

function podsOf({ kind, metadata, spec }) {
  const cluster = { RayCluster: spec, RayService: spec?.rayClusterConfig, RayJob: spec?.rayClusterSpec }[kind];
  if (cluster === undefined) {
    return [];
  }
  const templates = [cluster.headGroupSpec, ...(cluster.workerGroupSpecs ?? [])].map(({ template }) => template);
  return templates.map((template, index) => ({
    apiVersion: "v1",
    kind: "Pod",
    metadata: { ...template.metadata, name: `${metadata.name}-${index}`, namespace: metadata.namespace },
    // KubeRay makes this account for a head with an autoscaler, which does not run here.
    spec: { ...template.spec, serviceAccountName: "default", automountServiceAccountToken: false },
  }));
}

async function findPlanted({ call }, sound) {
  const missed = [];
  for (const { kind, what, plant, says } of PLANTED_FAULTS) {
    const object = structuredClone(sound.get(kind));
    plant(object);
    const said = await refusal(call, object);
    if (said === undefined || !says.test(said)) {
      missed.push(`${kind} with ${what}: ${said === undefined ? "taken" : `refused, but with: ${said}`}`);
    }
  }
  if (missed.length > 0) {
    throw new Error(missed.join("\n"));
  }
}

/** Values of the chart of namespaces, as the stacks of the same option set have them. */
function baseValues(values, directory) {
  const environment = /([^/]+)-ray\.json$/.exec(values)[1];
  const stack = join(dirname(dirname(values)), "stacks", `${environment}-workloads`, "cdk.tf.json");
  const releases = Object.values(JSON.parse(readFileSync(stack, "utf8")).resource.helm_release);
  const path = join(directory, "cluster-base.json");
  writeFileSync(path, releases.find(({ name }) => name === "cluster-base").values[0]);
  return path;
}

function helm({ repo, tools, exec }, { kubeconfig }, chart, namespace, values, ...more) {
  return exec(tools.helm, [
    "upgrade",
    "--install",
    chart,
    join(repo, "templates", "helm", chart),
    "--kubeconfig",
    kubeconfig,
    "--namespace",
    namespace,
    "--values",
    values,
    ...more,
  ]);
}

/** An upgrade looks at the cluster that runs: another Ray version is asked about, more workers are not. */
async function guardAsks(context, plane, values, directory) {
  const { namespace } = JSON.parse(readFileSync(values, "utf8")).rayCluster.metadata;
  await helm(context, plane, "ray", namespace, values);
  const asks = async (change) => {
    const changed = JSON.parse(readFileSync(values, "utf8"));
    change(changed.rayCluster.spec);
    const path = join(directory, "changed.json");
    writeFileSync(path, JSON.stringify(changed));
    const { stdout } = await helm(context, plane, "ray", namespace, path, "--dry-run=server");
    return stdout.includes("name: ray-upgrade-guard");
  };
  const found = {
    nothing: await asks(() => {}),
    workers: await asks(({ workerGroupSpecs }) => {
      workerGroupSpecs[0].maxReplicas += 1;
    }),
    version: await asks((spec) => {
      spec.rayVersion = "2.58.0";
    }),
  };
  if (found.nothing || found.workers || !found.version) {
    throw new Error(
      `the upgrade asks for running jobs where it should not, or not where it should: ${JSON.stringify(found)}`,
    );
  }
}
