// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

import type { EnvironmentConfig, RayWorkerGroupConfig } from "../platform-config";
import { jobSubmission } from "../ray/job-submission";
import { rayAppLabel } from "../ray/pod-template";
import { type ClusterOwner, rayClusterSpec } from "../ray/ray-cluster";

/** An example in `examples/`, as its manifest runs it. */
interface Example {
  /** Part of its names, such as `cpu-job`. */
  readonly id: string;
  /** Its code. */
  readonly file: string;
  readonly kind: "RayJob" | "RayService";
  readonly gpu: boolean;
}

const examples: readonly Example[] = [
  { id: "cpu-job", file: "cpu_job.py", kind: "RayJob", gpu: false },
  { id: "gpu-job", file: "gpu_job.py", kind: "RayJob", gpu: true },
  { id: "service", file: "service.py", kind: "RayService", gpu: false },
];

/** Where a pod finds the code. */
const directory = "/home/ray/examples";

/** How long a job may take: a GPU node may need minutes to join. */
const mostSeconds = 3600;

/** The Kubernetes objects of an example. */
export interface ExampleManifest {
  readonly id: string;
  readonly items: readonly object[];
}

/**
 * The examples as manifests: each brings a small cluster of its own, with one worker group of this environment, so that it does
 * not disturb what runs, and its requests fit a node. Where no worker group has GPUs there is no example that needs one.
 *
 * @param sources code by name of its file; an example without code has no manifest
 */
export function exampleManifests(
  environment: EnvironmentConfig,
  imagePrefix: string,
  sources: Readonly<Record<string, string>>,
): ExampleManifest[] {
  return examples.flatMap((example) => {
    const group = groupFor(environment, example);
    const source = sources[example.file];
    return group === undefined || source === undefined
      ? []
      : [{ id: example.id, items: manifestsOf(environment, imagePrefix, example, group, source) }];
  });
}

/** The first worker group that has GPUs, or has none; without GPUs any will do. */
function groupFor({ ray }: EnvironmentConfig, { gpu }: Pick<Example, "gpu">): RayWorkerGroupConfig | undefined {
  const groups = ray.workerGroups.filter(({ gpus }) => gpus > 0 === gpu);
  return groups[0] ?? (gpu ? undefined : ray.workerGroups[0]);
}

function manifestsOf(
  environment: EnvironmentConfig,
  imagePrefix: string,
  example: Example,
  group: RayWorkerGroupConfig,
  source: string,
): object[] {
  const { ray } = environment;
  const name = `example-${example.id}`;
  const metadata = {
    name,
    namespace: ray.namespace,
    labels: { app: rayAppLabel, "ray.io/node-type": "cluster", "app.kubernetes.io/part-of": "ray-platform-examples" },
  };
  const code = {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { ...metadata, labels: { "app.kubernetes.io/part-of": "ray-platform-examples" } },
    data: { [example.file]: source },
  };
  const cluster = exampleCluster(environment, imagePrefix, { kind: example.kind, name }, group, example);
  const item =
    example.kind === "RayJob"
      ? {
          apiVersion: "ray.io/v1",
          kind: "RayJob",
          metadata,
          spec: {
            entrypoint: `python ${directory}/${example.file}${dataArgument(environment, example)}`,
            rayClusterSpec: cluster,
            activeDeadlineSeconds: mostSeconds,
            ...jobSubmission(environment, imagePrefix),
          },
        }
      : {
          apiVersion: "ray.io/v1",
          kind: "RayService",
          metadata,
          spec: { serveConfigV2: serveConfig(example), rayClusterConfig: cluster },
        };
  return [code, item];
}

/** The CPU job works with data where the options name a place for it. */
function dataArgument({ ray }: EnvironmentConfig, { gpu }: Example): string {
  return gpu || ray.exampleData === null ? "" : ` --data ${ray.exampleData}`;
}

/** JSON is YAML. */
function serveConfig({ file }: Example): string {
  return JSON.stringify({
    applications: [
      {
        name: "example",
        route_prefix: "/",
        import_path: `${file.replace(/\.py$/, "")}:app`,
        deployments: [{ name: "WordCount", num_replicas: 1, ray_actor_options: { num_cpus: 0.5 } }],
      },
    ],
  });
}

interface PodTemplate {
  readonly spec: { readonly containers: readonly object[] };
}

interface ClusterSpec {
  readonly authOptions?: object;
  readonly headGroupSpec: { readonly template: PodTemplate };
  readonly workerGroupSpecs: readonly { readonly template: PodTemplate }[];
}

/** A cluster of one worker, which the autoscaler adds when a task asks for it; without an autoscaler it is there. */
function exampleCluster(
  environment: EnvironmentConfig,
  imagePrefix: string,
  owner: ClusterOwner,
  group: RayWorkerGroupConfig,
  { file }: Example,
): object {
  const replicas = environment.ray.autoscaler.enabled ? 0 : 1;
  const small: EnvironmentConfig = {
    ...environment,
    ray: {
      ...environment.ray,
      // Nothing of it is worth keeping.
      gcsFaultTolerance: null,
      workerGroups: [{ ...group, minReplicas: 0, replicas, maxReplicas: 1, numOfHosts: 1 }],
    },
  };
  // Nobody binds to what a short-lived cluster names, so KubeRay's own names do, of a service's too.
  const spec = rayClusterSpec(small, imagePrefix, { ...owner, kind: "RayJob" }) as ClusterSpec;
  const withCode = (template: PodTemplate): PodTemplate => ({
    ...template,
    spec: {
      ...template.spec,
      containers: template.spec.containers.map((container) => ({
        ...container,
        env: [{ name: "PYTHONPATH", value: directory }],
        volumeMounts: [{ name: "code", mountPath: `${directory}/${file}`, subPath: file, readOnly: true }],
      })),
      volumes: [{ name: "code", configMap: { name: owner.name } }],
    } as PodTemplate["spec"],
  });
  return {
    ...spec,
    headGroupSpec: { ...spec.headGroupSpec, template: withCode(spec.headGroupSpec.template) },
    workerGroupSpecs: spec.workerGroupSpecs.map((one) => ({ ...one, template: withCode(one.template) })),
  };
}
