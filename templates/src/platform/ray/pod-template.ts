// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

import { poolGroupLabel } from "../cluster/node-labels";
import type { EnvironmentConfig, NodePoolConfig } from "../platform-config";
import { containerSecurityContext, podSecurityContext } from "./security-context";

/** The value of the label `app` on all Ray objects; network policies select by it. */
export const rayAppLabel = "ray";

/** Label of pods with an IAM role: its service account. A network policy lets them reach AWS. */
export const identityLabel = "ray-platform/identity";

export interface PodTemplateProps {
  readonly environment: EnvironmentConfig;
  readonly poolGroup: string;
  readonly containerName: string;
  readonly image: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  /** Kubernetes quantities; requests equal limits, so that Ray counts what it really gets. */
  readonly resources: Readonly<Record<string, string>>;
  readonly ports?: readonly { readonly name: string; readonly containerPort: number }[];
  /** Whether the pod calls the Kubernetes API. */
  readonly mountsToken: boolean;
  /** Default: the namespace's own, or for a head with an autoscaler the one that KubeRay makes. */
  readonly serviceAccountName?: string | undefined;
  /** Service account of `ray.identities` that it runs as; null for one without IAM role. Default: null. */
  readonly identity?: string | null;
  readonly restartPolicy?: "Never";
  readonly command?: readonly string[];
  readonly env?: readonly object[];
  /** Whether Ray's files are kept, where the options keep logs. Default: false. */
  readonly keepsFiles?: boolean;
  /** What Kubernetes does before it stops the container. */
  readonly lifecycle?: object;
  /** Seconds that the pod has to end. Default: 30. */
  readonly terminationGracePeriodSeconds?: number;
}

/** A pod of Ray on one pool group: its selector, the tolerations of its taints, restricted (controls NODE-02, POD-01, POD-02). */
export function rayPodTemplate(props: PodTemplateProps): object {
  const pools = poolsOf(props.environment, props.poolGroup);
  const identity = props.identity ?? undefined;
  const files = props.keepsFiles === true && props.environment.rayLogs !== null ? rayFiles : undefined;
  return {
    metadata: {
      labels: {
        app: rayAppLabel,
        ...props.labels,
        ...(identity === undefined ? {} : { [identityLabel]: identity }),
      },
      annotations: props.annotations,
    },
    spec: {
      // KubeRay gives a head with an autoscaler an account of its own; nothing else needs one.
      automountServiceAccountToken: props.mountsToken ? undefined : false,
      serviceAccountName: identity ?? props.serviceAccountName,
      imagePullSecrets: imagePullSecrets(props),
      enableServiceLinks: false,
      securityContext: podSecurityContext,
      nodeSelector: {
        [poolGroupLabel]: props.poolGroup,
        "kubernetes.io/arch": pools[0]?.architecture === "arm64" ? "arm64" : "amd64",
      },
      tolerations: tolerations(pools),
      restartPolicy: props.restartPolicy,
      terminationGracePeriodSeconds: props.terminationGracePeriodSeconds,
      containers: [
        {
          name: props.containerName,
          image: props.image,
          imagePullPolicy: "IfNotPresent",
          securityContext: containerSecurityContext,
          resources: { requests: props.resources, limits: props.resources },
          ports: props.ports,
          command: props.command,
          env: props.env,
          lifecycle: props.lifecycle,
          volumeMounts: files?.volumeMounts,
        },
      ],
      volumes: files?.volumes,
    },
  };
}

/**
 * Ray's files in a volume of the pod, where the log collector of the node finds them. KubeRay has the same volume, by this name,
 * on heads with an autoscaler.
 */
const rayFiles = {
  volumes: [{ name: "ray-logs", emptyDir: {} }],
  volumeMounts: [{ name: "ray-logs", mountPath: "/tmp/ray" }],
} as const;

/** Secrets of the user's own registry that the image comes from; undefined for none, and for an image of the mirror. */
function imagePullSecrets({ environment, image }: PodTemplateProps): { readonly name: string }[] | undefined {
  const names = environment.ray.registries.flatMap(({ registry, pullSecret }) =>
    pullSecret !== null && image.startsWith(`${registry}/`) ? [pullSecret] : [],
  );
  return names.length === 0 ? undefined : [...new Set(names)].map((name) => ({ name }));
}

/** The pools that serve a group. */
export function poolsOf({ pools }: EnvironmentConfig, group: string): NodePoolConfig[] {
  return pools.filter((pool) => pool.group === group);
}

function tolerations(pools: readonly NodePoolConfig[]): object[] {
  const byKey = new Map<string, object>();
  for (const { key, value, effect } of pools.flatMap((pool) => pool.taints)) {
    byKey.set(`${key}=${value}:${effect}`, { key, operator: "Equal", value, effect });
  }
  return [...byKey.values()];
}
