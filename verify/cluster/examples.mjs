// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { freePorts } from "./free-ports.mjs";
import { PodProcesses, tailOf } from "./pod-processes.mjs";
import { RayLife } from "./ray-life.mjs";

const CPU_JOB = "example-cpu-job";

/**
 * Applies the examples of an option set beside its platform: each is admitted, and its pods have their nodes. If Ray's program is
 * given, the CPU job runs to its end: head, worker and submitter are processes, with the commands and the environment that
 * KubeRay gives their pods, the operator sees the job end, and the bucket is moto's.
 *
 * @param {object} world as of RayLife
 * @param {object} deployed as of RayLife, with `manifests`, paths of the examples
 * @param {(text: string) => void} log
 * @param {{ ray: string, bucket: string }} [running] `ray` is the path of Ray's program, beside which moto's lies
 * @returns {Promise<string[]>} names of the examples
 */
export async function tryExamples(world, deployed, log, running) {
  const life = new RayLife(world, deployed);
  await life.install();
  const names = [];
  for (const path of deployed.manifests) {
    const { items } = JSON.parse(readFileSync(path, "utf8"));
    const { name } = items.at(-1).metadata;
    log(`${name}: applied`);
    names.push(name);
    if (name === CPU_JOB && running !== undefined) {
      await runCpuJob(world, life, items, { ...running, log });
    } else {
      await life.applyExample(items);
    }
    await life.removeExample(items);
  }
  await life.uninstall();
  return names;
}

async function runCpuJob({ plane, api, kubelet }, life, items, { ray, bucket, log }) {
  const bin = dirname(ray);
  const [s3, agent, metrics] = await freePorts(3);
  const endpoint = `http://127.0.0.1:${s3}`;
  plane.start("moto", join(bin, "moto_server"), ["-H", "127.0.0.1", "-p", String(s3)]);
  await plane.until("moto", async () => (await fetch(`${endpoint}/${bucket}`, { method: "PUT" })).ok);

  // Not below the directory for temporary files: the paths of Ray's sockets must stay short.
  const directory = mkdtempSync("/tmp/ray-");
  const processes = new PodProcesses({
    directory,
    bin,
    env: {
      AWS_ENDPOINT_URL: endpoint,
      AWS_ACCESS_KEY_ID: "testing",
      AWS_SECRET_ACCESS_KEY: "testing",
      AWS_DEFAULT_REGION: "us-east-1",
      RAY_USAGE_STATS_ENABLED: "0",
    },
    // Head and worker share this machine: its memory, and its ports.
    rayArguments: ({ metadata: { labels } }) =>
      labels["ray.io/node-type"] === "head"
        ? `--object-store-memory=80000000 --temp-dir=${directory}`
        : `--object-store-memory=80000000 --min-worker-port=0 --max-worker-port=0 --dashboard-agent-listen-port=${agent} --metrics-export-port=${metrics}`,
  });
  kubelet.processes = { has: ({ metadata }) => metadata.name.startsWith(CPU_JOB), of: processes };
  try {
    await life.applyExample(items);
    log(`${CPU_JOB}: running on a real Ray head`);
    const { namespace } = items[0].metadata;
    let status;
    const ended = async () => {
      ({ status } = await api.get(`/apis/ray.io/v1/namespaces/${namespace}/rayjobs/${CPU_JOB}`));
      return ["Complete", "Failed"].includes(status?.jobDeploymentStatus);
    };
    const logs = () =>
      readdirSync(directory)
        .filter((name) => name.endsWith(".log"))
        .map((name) => `${name}:\n${tailOf(join(directory, name))}`)
        .join("\n");
    await plane.until(CPU_JOB, ended, 240).catch((error) => {
      throw new Error(`${error.message}\n${JSON.stringify(status)}\n${logs()}`);
    });
    const printed = logs();
    const expected = [/pi is about 3\.1\d+/, /wrote, listed and read 4 objects of s3:/, /result: ok/];
    if (status.jobStatus !== "SUCCEEDED" || expected.some((line) => !line.test(printed))) {
      throw new Error(`${CPU_JOB} ended as ${status.jobStatus}:\n${printed}`);
    }
  } finally {
    kubelet.processes = undefined;
    await processes.stop();
    rmSync(directory, { recursive: true, force: true });
  }
}
