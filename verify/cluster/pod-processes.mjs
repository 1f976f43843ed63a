// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { spawn } from "node:child_process";
import { mkdirSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/**
 * Runs the first container of pods as processes of this machine: command, arguments and environment as the API server has them.
 * Only what a container's own network and file system would give is put in its place: names of services become an address,
 * mounted files lie below a directory of their own.
 */
export class PodProcesses {
  #running = new Map();
  /** Where a path of the containers lies here. A job's entrypoint, which the submitter says, is a path of the head. */
  #mounted = new Map();
  #directory;
  #bin;
  #env;
  #rayArguments;

  /**
   * @param {{ directory: string, bin: string, env: Record<string, string>, rayArguments: (pod: object) => string }} options `bin` is
   *   the directory of Ray's programs; `env` is added to every environment; `rayArguments` are added to `ray start`
   */
  constructor({ directory, bin, env, rayArguments }) {
    this.#directory = directory;
    this.#bin = bin;
    this.#env = env;
    this.#rayArguments = rayArguments;
  }

  /** Starts the process of a pod, unless it runs already. */
  async start(api, pod, address) {
    const { name, namespace, uid } = pod.metadata;
    if (this.#running.has(uid)) {
      return;
    }
    const entry = { name, code: undefined };
    this.#running.set(uid, entry);
    const [container] = pod.spec.containers;
    await this.#mount(api, pod, container);
    const local = (text) =>
      [...this.#mounted]
        .reduce((result, [from, to]) => result.replaceAll(from, to), text)
        .replaceAll(new RegExp(`[a-z0-9-]+\\.${namespace}\\.svc(\\.cluster\\.local)?`, "g"), address)
        .replace(/\bray start .*/, (start) => `${start} ${this.#rayArguments(pod)}`);
    const env = Object.fromEntries(
      (await Promise.all((container.env ?? []).map((variable) => variableOf(api, pod, address, variable)))).map(
        ([key, value]) => [key, local(value)],
      ),
    );
    const [command, ...args] = [...(container.command ?? []), ...(container.args ?? [])].map(local);
    const log = openSync(this.logOf(name), "a");
    const child = spawn(command, args, {
      cwd: this.#directory,
      env: { HOME: this.#directory, PATH: `${this.#bin}:${process.env.PATH}`, ...env, ...this.#env },
      stdio: ["ignore", log, log],
      detached: true, // a group of its own, to end with all that it starts
    });
    entry.pid = child.pid;
    entry.ended = new Promise((resolve) => {
      child.once("error", () => resolve());
      child.once("exit", resolve);
    }).then((code) => {
      entry.code = code ?? 1;
    });
  }

  /** The phase of a pod: a head runs once its dashboard answers. */
  async phase(pod, address) {
    const { code } = this.#running.get(pod.metadata.uid);
    if (code !== undefined) {
      return code === 0 ? "Succeeded" : "Failed";
    }
    const isHead = pod.metadata.labels["ray.io/node-type"] === "head";
    const answers = () => fetch(`http://${address}:8265/`).then(Boolean, () => false);
    return !isHead || (await answers()) ? "Running" : "Pending";
  }

  logOf(name) {
    return join(this.#directory, `${name}.log`);
  }

  /** Ends all, and what they started. */
  async stop() {
    for (const signal of ["SIGTERM", "SIGKILL"]) {
      for (const { pid } of this.#running.values()) {
        try {
          process.kill(-pid, signal);
        } catch {
          // The group is gone.
        }
      }
      await Promise.race([
        Promise.all([...this.#running.values()].map(({ ended }) => ended)),
        new Promise((resolve) => setTimeout(resolve, 5000).unref()),
      ]);
    }
  }

  /** Writes mounted ConfigMaps. */
  async #mount(api, { metadata: { namespace }, spec }, { volumeMounts = [] }) {
    for (const { name, mountPath, subPath } of volumeMounts) {
      const { configMap } = (spec.volumes ?? []).find((volume) => volume.name === name) ?? {};
      if (configMap !== undefined && subPath !== undefined) {
        const { data } = await api.get(`/api/v1/namespaces/${namespace}/configmaps/${configMap.name}`);
        const path = join(this.#directory, mountPath);
        mkdirSync(dirname(path), { recursive: true });
        writeFileSync(path, data[subPath]);
        this.#mounted.set(dirname(mountPath), dirname(path));
      }
    }
  }
}

/** Name and value of a variable, with what it refers to. */
async function variableOf(api, { metadata, spec }, address, { name, value = "", valueFrom = {} }) {
  const { secretKeyRef, fieldRef, resourceFieldRef } = valueFrom;
  if (secretKeyRef !== undefined) {
    const secret = await api.get(`/api/v1/namespaces/${metadata.namespace}/secrets/${secretKeyRef.name}`);
    return [name, Buffer.from(secret.data[secretKeyRef.key], "base64").toString()];
  }
  if (fieldRef !== undefined) {
    const label = /^metadata\.labels\['(.+)'\]$/.exec(fieldRef.fieldPath)?.[1];
    const fields = {
      "metadata.name": metadata.name,
      "metadata.namespace": metadata.namespace,
      "metadata.uid": metadata.uid,
      "status.podIP": address,
      "spec.nodeName": spec.nodeName,
    };
    return [name, label === undefined ? fields[fieldRef.fieldPath] : (metadata.labels[label] ?? "")];
  }
  if (resourceFieldRef !== undefined) {
    return [name, String(spec.containers[0].resources.limits[resourceFieldRef.resource.replace(/^limits\./, "")])];
  }
  return [name, value];
}

/** The end of a log. */
export function tailOf(path, lines = 15) {
  return readFileSync(path, "utf8").trim().split("\n").slice(-lines).join("\n");
}
