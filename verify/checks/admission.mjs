// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { deepEqual, equal, ok } from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import { arriving } from "../admission/arriving.mjs";
import { wordsOfDenial, wordsOfRego, wordsOfWarnings } from "../admission/words.mjs";
import { objectsOf } from "../cluster/api-objects.mjs";
import { checkedApi } from "../cluster/checked-api.mjs";
import { startControlPlane } from "../cluster/control-plane.mjs";
import { makeDefinitions } from "../cluster/resource-definitions.mjs";
import { buildVerification } from "../kubernetes-verification.mjs";

const POLICIES = "/apis/admissionregistration.k8s.io/v1";
const NAMESPACE = "ray";
const OPERATOR = "kuberay-operator";
const OPERATOR_NAMESPACE = "kuberay-system";

/** Rules that the API server does not judge by; docs/policies.md says why. */
const NOT_JUDGED = ["ray/limits", "ray/unjudged-nodes"];

/** Cases that the Rego allows and KubeRay's definitions refuse. */
const REFUSED_BY_DEFINITIONS = ["ray-cpu: cpu 0.5 is within the limits"];

export default {
  id: "admission",
  title: "A real API server gives each Ray case the verdict of the Rego, in its words",
  tools: ["kubernetes", "go", "helm"],
  async run(context) {
    const { definitions, notRun } = await buildVerification(context);
    const plane = await startControlPlane({
      program: context.tools.kubernetes,
      note: context.log,
      withControllers: false,
    });
    try {
      await makeDefinitions(plane, checkedApi(plane.call), definitions);
      for (const name of [NAMESPACE, OPERATOR_NAMESPACE]) {
        await made(plane, "/api/v1/namespaces", { apiVersion: "v1", kind: "Namespace", metadata: { name } });
      }
      const require = createRequire(join(context.repo, "package.json"));
      const policies = await require(join(context.repo, "lib", "policy", "load-policies.js")).loadPolicies();
      const { allCases } = require(join(context.repo, "test", "policies", "cases", "expand.cjs"));
      const judge = (resource, limits) => policies.evaluate("ray", resource, { ray: limits });
      const door = new Door(context, plane, judge);
      const judged = await judgeCases(allCases(), judge, plane, door);
      await judgeLargest(plane, door);
      await judgeLife(plane, door);
      return {
        message: `${judged.cases} cases: ${judged.denied} resources denied and ${judged.warned} warned of in the words of the Rego, ${judged.refused} refused by KubeRay's definitions before, ${judged.allowed} taken; updates, removal, the operator's resources and the audit mode as documented`,
        notRun,
      };
    } finally {
      await plane.stop();
    }
  },
};

/** The policies of the chart on the API server, with changing limits and actions. */
class Door {
  #context;
  #plane;
  #values;
  #judge;

  constructor(context, plane, judge) {
    this.#context = context;
    this.#plane = plane;
    this.#judge = judge;
    this.#values = baseValues(context.generated);
  }

  /** Installs the policies, and waits until the API server judges by them. */
  async install({ limits = {}, action = "deny" } = {}) {
    const values = structuredClone(this.#values);
    Object.assign(values.admission.limits, limits);
    values.admission.action = action;
    const path = join(mkdtempSync(join(tmpdir(), "admission-")), "values.json");
    writeFileSync(path, JSON.stringify({ ...values, namespaces: [], access: null }));
    const chart = join(this.#context.repo, "templates", "helm", "cluster-base");
    const { stdout } = await this.#context.exec(this.#context.tools.helm, [
      "template",
      "cluster-base",
      chart,
      "--values",
      path,
      "--show-only",
      "templates/ray-policies.yaml",
    ]);
    await this.remove();
    for (const object of objectsOf(stdout)) {
      await made(this.#plane, `${POLICIES}/${pluralOf(object)}`, object);
    }
    // What it says of a cluster that breaks every limit shows which limits it judges by.
    const expected = wordsOfRego(this.#judge(breaksAll(), values.admission.limits).deny);
    await until("the policies to judge", async () => {
      const { status, body, warnings } = await create(this.#plane, breaksAll());
      const found =
        action === "audit"
          ? wordsOfWarnings(warnings, "ray-platform-ray")
          : status < 400
            ? []
            : wordsOfDenial(body.message);
      return isDeepStrictEqual(found, expected);
    });
  }

  async remove() {
    for (const kind of ["validatingadmissionpolicybindings", "validatingadmissionpolicies"]) {
      const { body } = await this.#plane.call("GET", `${POLICIES}/${kind}`);
      for (const { metadata } of body.items) {
        await this.#plane.call("DELETE", `${POLICIES}/${kind}/${metadata.name}`);
      }
    }
    await until("the policies to be gone", async () => {
      const answer = await create(this.#plane, breaksAll());
      return answer.status === 201 && answer.warnings.length === 0;
    });
  }
}

/** Each case of the tests: its verdict, and word for word what the Rego says of the resource that the API server sees. */
async function judgeCases(all, judge, plane, door) {
  const cases = all
    .filter(({ policy }) => policy === "ray")
    .filter(({ deny, warn }) => [...deny, ...warn].every((id) => !NOT_JUDGED.includes(id)))
    .map((entry) => ({ ...entry, title: `${entry.file}: ${entry.name}`, resources: arriving(entry.input) }))
    .filter(({ resources }) => resources.length > 0);
  await door.remove();
  const seen = new Map();
  for (const resource of cases.flatMap(({ resources }) => resources)) {
    seen.set(resource, await create(plane, resource));
  }
  const counts = { cases: cases.length, denied: 0, warned: 0, refused: 0, allowed: 0 };
  const limitsOf = ({ limits }) => JSON.stringify(limits?.ray ?? {});
  for (const limits of new Set(cases.map(limitsOf))) {
    await door.install({ limits: JSON.parse(limits) });
    for (const { title, resources } of cases.filter((entry) => limitsOf(entry) === limits)) {
      for (const resource of resources) {
        const before = seen.get(resource);
        const isDenied = judge(resource, JSON.parse(limits)).deny.length > 0;
        if (before.status !== 201) {
          ok(isDenied || REFUSED_BY_DEFINITIONS.includes(title), `${title}: ${before.body.message}`);
          counts.refused++;
          continue;
        }
        const verdict = judge(before.body, JSON.parse(limits));
        const answer = await create(plane, resource);
        equal(answer.status !== 201, isDenied, `${title}: ${answer.body.message ?? "taken"}`);
        deepEqual(answer.status === 201 ? [] : wordsOfDenial(answer.body.message), wordsOfRego(verdict.deny), title);
        deepEqual(wordsOfWarnings(answer.warnings), wordsOfRego(verdict.warn), `${title}, warnings`);
        counts[answer.status === 201 ? "allowed" : "denied"]++;
        counts.warned += answer.warnings.length > 0 ? 1 : 0;
      }
    }
  }
  return counts;
}

/** The largest resource that somebody writes stays within what the API server spends on a policy. */
async function judgeLargest(plane, door) {
  await door.install({ limits: { max_total_workers: 10000 } });
  const cluster = sound();
  const [group] = cluster.spec.workerGroupSpecs;
  const [container] = group.template.spec.containers;
  group.template.spec.containers = ["a", "b", "c", "d"].map((name) => ({ ...container, name }));
  group.template.spec.initContainers = ["i", "j", "k"].map((name) => ({ ...container, name, restartPolicy: "Always" }));
  cluster.spec.workerGroupSpecs = Array.from({ length: 60 }, (_, index) => ({ ...group, groupName: `group-${index}` }));
  const answer = await create(plane, cluster);
  equal(answer.status, 201, answer.body.message);
}

/** What happens to a resource after it was made, and who may make what. */
async function judgeLife(plane, door) {
  await door.remove();
  const collection = `/apis/ray.io/v1/namespaces/${NAMESPACE}/rayclusters`;
  const old = sound();
  old.metadata.name = "old";
  old.metadata.finalizers = ["example.com/wait"];
  old.spec.workerGroupSpecs[0].maxReplicas = 100;
  await made(plane, collection, old);
  await door.install();
  const patch = (change) => plane.call("PATCH", `${collection}/old`, change, "application/json-patch+json");
  const passes = async (what, change) => {
    const { status, body } = await patch(change);
    equal(status, 200, `${what}: ${body.message}`);
  };
  const group = "/spec/workerGroupSpecs/0";
  await passes("an annotation", [{ op: "add", path: "/metadata/annotations", value: { seen: "yes" } }]);
  await passes("what the autoscaler sets", [
    { op: "add", path: `${group}/replicas`, value: 3 },
    { op: "add", path: `${group}/scaleStrategy`, value: { workersToDelete: ["old-worker"] } },
  ]);
  await passes("suspension", [{ op: "add", path: "/spec/suspend", value: true }]);
  for (const [what, change] of [
    ["a group", [{ op: "add", path: `${group}/minReplicas`, value: 2 }]],
    ["a label", [{ op: "remove", path: "/metadata/labels/app" }]],
    ["the head", [{ op: "add", path: "/spec/headGroupSpec/template/spec/restartPolicy", value: "Never" }]],
    ["negative replicas", [{ op: "add", path: `${group}/replicas`, value: -1 }]],
  ]) {
    const answer = await patch(change);
    ok(says(answer, "ray/max-workers"), `${what}, changed: ${answer.status} ${answer.body.message}`);
  }
  const status = await plane.call(
    "PATCH",
    `${collection}/old/status`,
    { status: { state: "ready" } },
    "application/merge-patch+json",
  );
  equal(status.status, 200, `status: ${status.body.message}`);
  equal((await plane.call("DELETE", `${collection}/old`)).status, 200, "removal");
  await passes("a finalizer that is taken away", [{ op: "remove", path: "/metadata/finalizers" }]);

  const owner = { apiVersion: "ray.io/v1", kind: "RayCronJob", name: "nightly", uid: "1", controller: true };
  const child = sound();
  delete child.metadata.labels;
  child.metadata.ownerReferences = [owner];
  ok(says(await create(plane, child), "ray/required-labels"), "somebody else's resource that names an owner");
  const operator = `${collection}?dryRun=All`;
  const asOperator = {
    "Impersonate-User": `system:serviceaccount:${OPERATOR_NAMESPACE}:${OPERATOR}`,
    "Impersonate-Group": "system:masters",
  };
  const byOperator = await plane.call("POST", operator, placed(child), undefined, asOperator);
  equal(byOperator.status, 201, `the operator's own: ${byOperator.body.message}`);
  delete child.metadata.ownerReferences;
  const byOperatorAlone = await plane.call("POST", operator, placed(child), undefined, asOperator);
  ok(says(byOperatorAlone, "ray/required-labels"), "a resource of the operator without an owner");

  await door.install({ action: "audit" });
  const audited = await create(plane, child);
  equal(audited.status, 201, "the audit mode");
  deepEqual(wordsOfWarnings(audited.warnings, "ray-platform-ray").length, 2, "the audit mode warns of both labels");
}

function says({ status, body }, rule) {
  return status >= 400 && body.message.includes(rule);
}

function create(plane, resource) {
  const plural = `${resource.kind.toLowerCase()}s`;
  return plane.call(
    "POST",
    `/apis/${resource.apiVersion}/namespaces/${NAMESPACE}/${plural}?dryRun=All`,
    placed(resource),
  );
}

function placed(resource) {
  return resource.metadata ? { ...resource, metadata: { ...resource.metadata, namespace: NAMESPACE } } : resource;
}

async function made({ call }, path, object) {
  const { status, body } = await call("POST", `${path}?fieldValidation=Strict`, object);
  equal(status, 201, `${object.kind} ${object.metadata.name}: ${body.message}`);
}

function pluralOf({ kind }) {
  return kind.endsWith("Policy") ? "validatingadmissionpolicies" : "validatingadmissionpolicybindings";
}

async function until(what, holds) {
  for (let attempt = 0; attempt < 240; attempt++) {
    if (await holds()) {
      return;
    }
    await sleep(250);
  }
  throw new Error(`waited a minute for ${what}`);
}

/** A cluster that the rules allow. */
function sound() {
  const resources = { cpu: "1", memory: "1Gi" };
  const template = () => ({
    spec: { containers: [{ name: "ray", image: "ray", resources: { requests: resources, limits: resources } }] },
  });
  return {
    apiVersion: "ray.io/v1",
    kind: "RayCluster",
    metadata: { name: "sound", labels: { app: "sound", "ray.io/node-type": "head" } },
    spec: {
      headGroupSpec: { rayStartParams: {}, template: template() },
      workerGroupSpecs: [
        { groupName: "cpu", minReplicas: 0, maxReplicas: 10, rayStartParams: {}, template: template() },
      ],
    },
  };
}

/** A cluster that breaks every limit. */
function breaksAll() {
  const cluster = sound();
  delete cluster.metadata.labels;
  const [group] = cluster.spec.workerGroupSpecs;
  const of = (resources) => ({
    spec: { containers: [{ name: "ray", image: "ray", resources: { limits: resources } }] },
  });
  const size = { replicas: 0, minReplicas: 0, maxReplicas: 20000, numOfHosts: 1 };
  cluster.spec.workerGroupSpecs = [
    { ...group, ...size, groupName: "huge", template: of({ cpu: "999", memory: "99999Gi", "nvidia.com/gpu": 99 }) },
    { ...group, ...size, groupName: "tiny", template: of({ cpu: "1m", memory: "1Ki" }) },
  ];
  return cluster;
}

/** Values of the chart in the generated repository's stacks. */
function baseValues(generated) {
  const stacks = join(generated, "cdktf.out", "stacks");
  for (const stack of readdirSync(stacks)) {
    const { resource = {} } = JSON.parse(readFileSync(join(stacks, stack, "cdk.tf.json"), "utf8"));
    const base = Object.values(resource.helm_release ?? {}).find(({ name }) => name === "cluster-base");
    if (base !== undefined) {
      return JSON.parse(base.values[0]);
    }
  }
  throw new Error("no stack installs cluster-base");
}
