// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { setTimeout as sleep } from "node:timers/promises";
import { collectionOf, refusal } from "./api-objects.mjs";
import { checkedApi } from "./checked-api.mjs";
import { tokenOf } from "./kuberay-operator.mjs";
import { addNodes } from "./node-group-nodes.mjs";

/** Milliseconds after which the scheduler has tried again: whoever leaves makes room, and it waits a little between attempts. */
const RETRIED = 10_000;

/** The version that a cluster changes to: no image of it is started. */
const NEXT_VERSION = "2.99.0";

/**
 * Ray's life in a namespace of a control plane: each step throws what does not hold.
 *
 * @param {object} world
 * @param {import("./control-plane.mjs").ControlPlane} world.plane
 * @param {ReturnType<import("./checked-api.mjs").checkedApi>} world.api
 * @param {ReturnType<import("./chart-releases.mjs").chartReleases>} world.releases
 * @param {ReturnType<import("./stand-in-kubelet.mjs").startStandInKubelet>} world.kubelet
 * @param {{ values: object, nodes: object[], namespace: string }} deployed values of the chart `ray`, and the cluster's nodes
 */
export class RayLife {
  #world;
  #deployed;
  #further = 0;

  /** Seconds to wait for each thing. */
  patience = 120;

  constructor(world, deployed) {
    this.#world = world;
    this.#deployed = deployed;
  }

  /** Installs the chart: a head for each cluster, and the workers that are wanted from the start, on the nodes that are for them. */
  async install() {
    const { api, releases } = this.#world;
    const { nodes, namespace, values } = this.#deployed;
    for (const { metadata } of await api.list("/api/v1/nodes")) {
      await api.remove(`/api/v1/nodes/${metadata.name}`);
    }
    await addNodes(api, nodes);
    await releases.upgrade("ray", namespace, values);
    await this.#placed("install");
    await this.#budgetsHold();
  }

  /**
   * Every group at its largest, scaled as the autoscaler does it, with what its account may do: quota and nodes have room. A job's
   * cluster shares the nodes with the one beside it, so each has its turn.
   */
  async scaleUp() {
    const clusters = await this.#clusters();
    for (const { metadata } of clusters) {
      await this.#scale(({ minReplicas, maxReplicas }, name) => (name === metadata.name ? maxReplicas : minReplicas));
      await this.#placed(`${metadata.name} at its largest`);
      if (clusters.length > 1) {
        await this.#scale(({ minReplicas }) => minReplicas);
        await this.#placed("each at its smallest");
      }
    }
  }

  /** One worker less in each group. */
  async scaleDown() {
    const before = await this.pods();
    await this.#scale(({ maxReplicas }) => maxReplicas - 1);
    await this.#placed("after scaling down");
    if ((await this.pods()).some(({ metadata }) => before.every((pod) => pod.metadata.uid !== metadata.uid))) {
      throw new Error("scaling down starts workers");
    }
  }

  /** A drain takes a worker, which comes again, and never a head. */
  async evict() {
    for (const pod of (await this.pods()).filter(isHead)) {
      if ((await this.#eviction(pod)) !== 429) {
        throw new Error(`the head ${pod.metadata.name} is evicted`);
      }
    }
    const worker = (await this.pods()).find((pod) => !isHead(pod));
    const status = await this.#eviction(worker);
    if (status !== 201) {
      throw new Error(`a worker cannot be evicted (${status})`);
    }
    await this.#until("the evicted worker is gone", async () =>
      (await this.pods()).every(({ metadata }) => metadata.uid !== worker.metadata.uid),
    );
    await this.#placed("after an eviction");
  }

  /**
   * The chart again, as it is: nothing starts anew, and nobody asks for running jobs, as nobody does when only the largest number of
   * workers changes.
   */
  async upgradeUnchanged() {
    const { kubelet, releases } = this.#world;
    const { namespace, values } = this.#deployed;
    const before = (await this.pods()).map(({ metadata }) => metadata.uid).sort();
    kubelet.jobsEnd = "Failed"; // who asks is told that jobs run
    await releases.upgrade("ray", namespace, values);
    kubelet.jobsEnd = "Succeeded";
    await sleep(2000); // the operator would act within a moment
    const after = (await this.pods()).map(({ metadata }) => metadata.uid).sort();
    if (before.join() !== after.join()) {
      throw new Error("an upgrade that changes nothing replaces pods");
    }
    const smaller = structuredClone(values);
    smaller.rayCluster.spec.workerGroupSpecs[0].maxReplicas -= 1;
    if ((await releases.upgrade("ray", namespace, smaller, "--dry-run=server")).includes("name: ray-upgrade-guard")) {
      throw new Error("an upgrade that changes only the largest number of workers asks for running jobs");
    }
  }

  /** Another Ray version: refused while jobs run; then all pods are of it, and never some of each. */
  async changeVersion() {
    const { kubelet, releases } = this.#world;
    const { values, namespace } = this.#deployed;
    const version = values.rayCluster.spec.rayVersion;
    const next = JSON.parse(JSON.stringify(values).replaceAll(version, NEXT_VERSION));
    kubelet.jobsEnd = "Failed";
    const said = await releases.upgrade("ray", namespace, next).then(
      () => undefined,
      (error) => error.message,
    );
    kubelet.jobsEnd = "Succeeded";
    if (said === undefined || !/ray-upgrade-guard|pre-upgrade/.test(said)) {
      throw new Error(`the version changes while jobs run: ${said ?? "the upgrade succeeds"}`);
    }
    if ((await this.#versions()).join() !== version) {
      throw new Error(`a refused change of the version reaches the pods`);
    }
    await releases.upgrade("ray", namespace, next);
    await this.#until(`all pods are of Ray ${NEXT_VERSION}`, async () => {
      const versions = await this.#versions();
      if (versions.length > 1) {
        throw new Final(`pods of different Ray versions run side by side: ${versions.join(", ")}`);
      }
      return versions[0] === NEXT_VERSION;
    });
  }

  /**
   * Another command of the job: it runs under a new name, on a cluster of its own, and the job before is gone with its cluster. The
   * cluster that is shared notices nothing.
   *
   * @param {object} values values of the chart with the other command
   */
  async changeJob(values) {
    const { api, releases } = this.#world;
    const { namespace, values: before } = this.#deployed;
    const shared = before.rayCluster.metadata.name;
    const ofShared = async () =>
      (await this.pods())
        .filter(({ metadata }) => metadata.labels["ray.io/cluster"] === shared)
        .map(({ metadata }) => metadata.uid)
        .sort()
        .join();
    const jobs = () => api.list(`/apis/ray.io/v1/namespaces/${namespace}/rayjobs`);
    const clusterOf = ([{ status } = {}]) => status?.rayClusterName || undefined;
    await this.#until("the job has a cluster", async () => clusterOf(await jobs()) !== undefined);
    const [old, untouched] = [clusterOf(await jobs()), await ofShared()];
    await releases.upgrade("ray", namespace, values);
    const { name } = values.rayJob.metadata;
    const { entrypoint } = values.rayJob.spec;
    if (name === before.rayJob.metadata.name || entrypoint === before.rayJob.spec.entrypoint) {
      throw new Error(`the job whose command changed is called ${name}, as the one before`);
    }
    await this.#placed("after the job changed");
    await this.#until(`only the job ${name} is left, and its submitter has the new command`, async () => {
      const left = await jobs();
      const submitter = await api.get(`/apis/batch/v1/namespaces/${namespace}/jobs/${name}`);
      return (
        left.length === 1 && left[0].metadata.name === name && JSON.stringify(submitter ?? "").includes(entrypoint)
      );
    });
    const own = clusterOf(await jobs());
    const clusters = (await this.#clusters()).map(({ metadata }) => metadata.name);
    if (own === undefined || own === old || own === shared || clusters.includes(old)) {
      throw new Error(
        `the changed job runs on ${own}, the one before ran on ${old}; clusters are ${clusters.join(", ")}`,
      );
    }
    if ((await ofShared()) !== untouched) {
      throw new Error("a changed job replaces pods of the shared cluster");
    }
  }

  /**
   * Another Ray version of a service, whose Serve is said to be well: the new cluster starts beside the old one, both have room at
   * their largest, and the old one goes.
   */
  async upgradeService() {
    const { api, releases } = this.#world;
    const { values, namespace } = this.#deployed;
    const { metadata, spec } = values.rayService;
    const active = async () => {
      const { status } = await api.get(`/apis/ray.io/v1/namespaces/${namespace}/rayservices/${metadata.name}`);
      return status?.activeServiceStatus?.rayClusterName || undefined;
    };
    await this.#until("the service runs", async () => (await active()) !== undefined);
    const old = await active();
    await this.scaleUp();
    const { rayVersion } = spec.rayClusterConfig;
    await releases.upgrade("ray", namespace, JSON.parse(JSON.stringify(values).replaceAll(rayVersion, NEXT_VERSION)));
    this.#further++;
    await this.#placed("old and new cluster");
    await this.#scale(({ maxReplicas }) => maxReplicas);
    await this.#placed("old and new cluster at their largest");
    this.#further--;
    await this.#until("the old cluster is gone", async () =>
      (await this.#clusters()).every((cluster) => cluster.metadata.name !== old),
    );
    await this.#placed("after the service's upgrade");
    if ((await active()) === old || (await this.#versions()).join() !== NEXT_VERSION) {
      throw new Error("the service's upgrade leaves the old version");
    }
  }

  /** Applies an example's manifest, and starts the worker that its work asks for: all is admitted, and has its node. */
  async applyExample(items) {
    const { call } = this.#world.plane;
    for (const item of items) {
      const said = await refusal(call, item);
      if (said !== undefined) {
        throw new Error(`${item.kind} ${item.metadata.name} is refused: ${said}`);
      }
      await this.#world.api.create(await collectionOf(call, item), item);
    }
    this.#further++;
    const { name } = items.at(-1).metadata;
    await this.#placed(name);
    await this.#scale(({ replicas, maxReplicas }, cluster) =>
      cluster.startsWith(`${name}-`) ? maxReplicas : replicas,
    );
    await this.#placed(`${name} with its worker`);
  }

  /** Removes an example, and with it its pods. */
  async removeExample(items) {
    const { api, plane } = this.#world;
    for (const item of items) {
      await api.remove(`${await collectionOf(plane.call, item)}/${item.metadata.name}`);
    }
    this.#further--;
    await this.#placed("after an example was removed");
  }

  /** The chart is removed, and with it all pods. */
  async uninstall() {
    const { api, releases } = this.#world;
    const { namespace } = this.#deployed;
    await releases.uninstall("ray", namespace);
    const paths = [
      `/apis/ray.io/v1/namespaces/${namespace}/rayclusters`,
      `/api/v1/namespaces/${namespace}/pods`,
      `/apis/policy/v1/namespaces/${namespace}/poddisruptionbudgets`,
    ];
    await this.#until("nothing of the release is left", async () => {
      const left = await Promise.all(paths.map((path) => api.list(path)));
      return left.flat().length === 0;
    });
  }

  /** Ray's pods that are not on their way out. */
  async pods() {
    return (await this.#allPods()).filter((pod) => !isLeaving(pod));
  }

  async #allPods() {
    const path = `/api/v1/namespaces/${this.#deployed.namespace}/pods?labelSelector=ray.io%2Fcluster`;
    return this.#world.api.list(path);
  }

  async #clusters() {
    return this.#world.api.list(`/apis/ray.io/v1/namespaces/${this.#deployed.namespace}/rayclusters`);
  }

  /**
   * Waits until every cluster has the pods that it asks for, each on a node that is for it, and those that leave are gone: until then
   * they hold their place, and a pod that finds none is not lost.
   */
  async #placed(when) {
    let missing = "no cluster is made";
    let without; // since when a pod has no node although nobody leaves
    const complete = async () => {
      const [clusters, all] = await Promise.all([this.#clusters(), this.#allPods()]);
      const pods = all.filter((pod) => !isLeaving(pod));
      const isSettled = pods.length === all.length;
      missing = lacking(clusters, pods);
      const unschedulable = pods.flatMap(({ metadata, status }) =>
        (status.conditions ?? [])
          .filter(({ type, reason }) => type === "PodScheduled" && reason === "Unschedulable")
          .map(({ message }) => `${metadata.name}: ${message}`),
      );
      without = unschedulable.length > 0 && isSettled ? (without ?? Date.now()) : undefined;
      if (without !== undefined && Date.now() - without > RETRIED) {
        throw new Final(`${when}: a pod has no node: ${unschedulable[0]}`);
      }
      return this.#expected(clusters) && missing === undefined && isSettled;
    };
    await this.#until(() => `${when}: ${missing}`, complete);
    this.#onTheirNodes(await this.pods());
  }

  /** Whether there is a cluster for each object of the chart, and for each example. */
  #expected(clusters) {
    const { rayCluster, rayService, rayJob } = this.#deployed.values;
    return clusters.length === [rayCluster, rayService, rayJob].filter(Boolean).length + this.#further;
  }

  #onTheirNodes(pods) {
    const nodes = new Map(this.#deployed.nodes.map((node) => [node.metadata.name, node]));
    for (const { metadata, spec } of pods) {
      const { labels } = metadata;
      const node = nodes.get(spec.nodeName);
      const wantsGpu = spec.containers.some(({ resources }) => resources?.limits?.["nvidia.com/gpu"] !== undefined);
      const hasGpu = node.status.allocatable["nvidia.com/gpu"] !== undefined;
      const pool = this.#deployed.poolGroups[labels["ray.io/group"]];
      if (wantsGpu !== hasGpu || node.metadata.labels["ray-platform/pool-group"] !== pool) {
        throw new Error(`${metadata.name} runs on ${spec.nodeName}, which is not for it`);
      }
    }
  }

  /** What the budgets let go is what the options say: of heads none, of workers those above the smallest number. */
  async #budgetsHold() {
    const { api } = this.#world;
    const { namespace, values } = this.#deployed;
    const path = `/apis/policy/v1/namespaces/${namespace}/poddisruptionbudgets`;
    let found;
    await this.#until(
      () => `the budgets see these pods: ${JSON.stringify(found)}`,
      async () => {
        const budgets = await api.list(path);
        found = budgets.map(({ metadata: { name }, status }) => ({ name, ...status, conditions: undefined }));
        return (
          budgets.length === values.podDisruptionBudgets.length &&
          budgets.every(({ spec, status }) => {
            const { currentHealthy = 0, disruptionsAllowed } = status ?? {};
            return currentHealthy > 0 && disruptionsAllowed === Math.max(0, currentHealthy - spec.minAvailable);
          })
        );
      },
    );
  }

  /**
   * Changes the groups of all clusters as Ray's autoscaler does, as the account of the head: how many workers there shall be, and
   * which are to go.
   *
   * @param {(group: object, cluster: string) => number} wanted
   */
  async #scale(wanted) {
    const { plane, api } = this.#world;
    const { namespace } = this.#deployed;
    for (const { metadata, spec } of await this.#clusters()) {
      const pods = (await this.pods()).filter((pod) => pod.metadata.labels["ray.io/cluster"] === metadata.name);
      const scaler = spec.enableInTreeAutoscaling
        ? checkedApi(plane.callerFor(await tokenOf(api, namespace, pods.find(isHead).spec.serviceAccountName)))
        : api;
      const operations = spec.workerGroupSpecs.flatMap((group, index) => {
        const replicas = wanted(group, metadata.name);
        const workers = pods.filter((pod) => pod.metadata.labels["ray.io/group"] === group.groupName);
        const path = `/spec/workerGroupSpecs/${index}`;
        const workersToDelete = workers.slice(replicas).map((pod) => pod.metadata.name);
        return [
          { op: "add", path: `${path}/replicas`, value: replicas },
          { op: "add", path: `${path}/scaleStrategy`, value: { workersToDelete } },
        ];
      });
      await scaler.edit(`/apis/ray.io/v1/namespaces/${namespace}/rayclusters/${metadata.name}`, operations);
    }
  }

  async #eviction({ metadata: { name, namespace } }) {
    const { status } = await this.#world.plane.call("POST", `/api/v1/namespaces/${namespace}/pods/${name}/eviction`, {
      apiVersion: "policy/v1",
      kind: "Eviction",
      metadata: { name, namespace },
    });
    return status;
  }

  /** The versions of Ray's images that run. */
  async #versions() {
    const images = (await this.pods()).flatMap(({ spec }) => spec.containers.map(({ image }) => image));
    return [...new Set(images.map((image) => /:(\d+\.\d+\.\d+)/.exec(image)[1]))].sort();
  }

  async #until(what, holds) {
    let final;
    try {
      await this.#world.plane.until(
        "",
        async () => {
          try {
            return await holds();
          } catch (error) {
            if (error instanceof Final) {
              final = error;
              return true;
            }
            throw error;
          }
        },
        this.patience,
      );
    } catch (error) {
      throw new Error(typeof what === "function" ? what() : `not so: ${what}`, { cause: error });
    }
    if (final !== undefined) {
      throw final;
    }
  }
}

/** What no waiting mends. */
class Final extends Error {}

function isLeaving({ metadata }) {
  return metadata.deletionTimestamp !== undefined;
}

function isHead({ metadata }) {
  return metadata.labels["ray.io/node-type"] === "head";
}

/** Which pods of a cluster do not run yet. */
function lacking(clusters, pods) {
  for (const { metadata, spec } of clusters) {
    const running = pods.filter(
      ({ metadata: { labels }, status }) => labels["ray.io/cluster"] === metadata.name && status.phase === "Running",
    );
    const groups = [
      ["headgroup", 1],
      ...spec.workerGroupSpecs.map(({ groupName, replicas, numOfHosts = 1 }) => [groupName, replicas * numOfHosts]),
    ];
    for (const [group, wanted] of groups) {
      const count = running.filter(({ metadata: { labels } }) => labels["ray.io/group"] === group).length;
      if (count !== wanted) {
        return `${metadata.name} has ${count} of ${wanted} pods of ${group}`;
      }
    }
  }
  return undefined;
}
