// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { limitViolations } from "../../../templates/src/platform/limits";
import { type Json, resource, resources } from "../synthesize";
import { headSpec, podSpecs, type Row, type Subject, validateValues, workers } from "./subject";

/** What the platform refuses to run. */
export const guardrails: readonly Row[] = [
  {
    id: "OPA-03",
    holds: ({ config }) => {
      expect(limitViolations(config.environments[0] as Json, config.limits)).toEqual([]);
    },
    breaks: Object.fromEntries(
      (
        [
          ["region", (one) => (one.region = "ap-south-1")],
          ["nodes in a group", (one) => (one.pools[0].maxSize = 21)],
          ["GPU nodes", (one) => (one.pools[1].maxSize = 10)],
          ["instance type", (one) => (one.pools[0].instanceTypes = ["x2iedn.32xlarge"])],
          ["volume", (one) => (one.pools[0].volume.sizeGib = 501)],
          ["minimum equal to maximum", (one) => (one.pools[0].minSize = one.pools[0].maxSize)],
          ["tag", (one) => delete one.tags.ManagedBy],
          ["CPU of a worker", (one) => (one.ray.workerGroups[0].cpu = 17)],
          ["memory of a worker", (one) => (one.ray.workerGroups[0].memoryGib = 65)],
          ["GPUs of a worker", (one) => (one.ray.workerGroups[0].gpus = 5)],
          ["workers", (one) => (one.ray.workerGroups[0].maxReplicas = 51)],
        ] as [string, (environment: Json) => unknown][]
      ).map(([name, change]) => [name, ({ config }: Subject) => void change(config.environments[0])]),
    ),
  },
  {
    id: "OPA-04",
    holds: ({ workloads, config }) => {
      const { admission } = JSON.parse(resource(workloads, "helm_release", "dev-workloads/cluster-base").values[0]);
      expect(admission).toEqual({
        action: "deny",
        operator: "system:serviceaccount:kuberay-system:kuberay-operator",
        limits: config.limits.ray,
      });
    },
    breaks: {
      "violations are only written down": ({ workloads }) => {
        const release = resource(workloads, "helm_release", "dev-workloads/cluster-base");
        release.values = [release.values[0].replace('"action":"deny"', '"action":"audit"')];
      },
      "another limit than that of the policies": ({ workloads }) => {
        const release = resource(workloads, "helm_release", "dev-workloads/cluster-base");
        release.values = [release.values[0].replace('"max_total_workers":50', '"max_total_workers":500')];
      },
    },
  },
  {
    id: "TAG-01",
    holds: ({ bootstrap, network, cluster, workloads }) => {
      const tags = { ManagedBy: "ray-platform", Environment: "dev", Repository: "acme/ml-platform" };
      for (const stack of [bootstrap, network, cluster, workloads]) {
        expect(stack.provider.aws[0].alias).toBeUndefined();
        expect(stack.provider.aws[0].default_tags[0].tags).toMatchObject(tags);
      }
      // AWS makes the default security group, without tags; nothing that the stacks make goes without.
      const untagged = [bootstrap, network, cluster, workloads].flatMap((stack) =>
        Object.entries<Json>(stack.resource).flatMap(([type, instances]) =>
          Object.values<Json>(instances).flatMap(({ provider }) => (provider === undefined ? [] : [type])),
        ),
      );
      expect(untagged).toEqual(["aws_default_security_group"]);
      for (const template of resources(cluster, "aws_launch_template")) {
        expect(template.tag_specifications.map((one: Json) => one.resource_type)).toEqual([
          "instance",
          "volume",
          "network-interface",
        ]);
        template.tag_specifications.forEach((one: Json) => expect(one.tags).toMatchObject(tags));
      }
    },
    breaks: {
      "no default tags": ({ network }) => {
        network.provider.aws[0].default_tags = [{ tags: {} }];
      },
      "untagged volumes": ({ cluster }) => {
        resources(cluster, "aws_launch_template")[0].tag_specifications.splice(1, 1);
      },
    },
  },
  {
    id: "POD-01",
    holds: (subject) => {
      for (const spec of podSpecs(subject)) {
        expect(spec.securityContext).toMatchObject({
          runAsUser: 1000,
          runAsGroup: 1000,
          fsGroup: 1000,
          runAsNonRoot: true,
        });
        for (const container of [...spec.containers, ...(spec.initContainers ?? [])]) {
          expect(container.securityContext).toMatchObject({ runAsUser: 1000, runAsGroup: 1000, runAsNonRoot: true });
        }
      }
      expect(subject.values.rayCluster.spec.autoscalerOptions.securityContext).toMatchObject({
        runAsUser: 1000,
        runAsNonRoot: true,
      });
    },
    breaks: {
      root: (subject) => {
        headSpec(subject).securityContext.runAsUser = 0;
      },
      "a sidecar as root": (subject) => {
        subject.values.rayCluster.spec.autoscalerOptions.securityContext.runAsNonRoot = false;
      },
    },
  },
  {
    id: "POD-02",
    holds: ({ values }) => {
      expect(validateValues(values) ? [] : validateValues.errors).toEqual([]);
    },
    breaks: Object.fromEntries(
      (
        [
          ["privilege escalation", (container) => (container.securityContext.allowPrivilegeEscalation = true)],
          ["privileged", (container) => (container.securityContext.privileged = true)],
          ["a capability kept", (container) => (container.securityContext.capabilities = { drop: ["NET_RAW"] })],
          ["a capability added", (container) => (container.securityContext.capabilities.add = ["SYS_ADMIN"])],
          ["no seccomp", (container) => delete container.securityContext.seccompProfile],
          ["no security context", (container) => delete container.securityContext],
          ["no requests", (container) => delete container.resources.requests],
          // That `latest` is no tag is a rule of the chart itself: verify/bad-chart-values.mjs sees Helm refuse it.
          ["no tag", (container) => (container.image = container.image.replace(/:[^:]*$/, ""))],
        ] as [string, (container: Json) => unknown][]
      ).map(([name, change]) => [
        name,
        (subject: Subject) => void change(workers(subject)[0].template.spec.containers[0]),
      ]),
    ),
  },
  {
    id: "POD-03",
    holds: ({ workloads }) => {
      const { namespaces } = JSON.parse(resource(workloads, "helm_release", "dev-workloads/cluster-base").values[0]);
      const standard = Object.fromEntries(namespaces.map((one: Json) => [one.name, one.podSecurity]));
      expect(standard).toEqual({ "kuberay-system": "restricted", ray: "restricted", "gpu-system": "privileged" });
      const ray = resource(workloads, "helm_release", "dev-workloads/ray");
      expect(ray.namespace).toBe("ray");
      expect(ray.create_namespace).toBe(false);
    },
    breaks: {
      "baseline only": ({ workloads }) => {
        const release = resource(workloads, "helm_release", "dev-workloads/cluster-base");
        release.values = [
          release.values[0].replace('"name":"ray","podSecurity":"restricted"', '"name":"ray","podSecurity":"baseline"'),
        ];
      },
      "Helm makes an unlabelled namespace": ({ workloads }) => {
        resource(workloads, "helm_release", "dev-workloads/ray").create_namespace = true;
      },
    },
  },
  {
    id: "POD-04",
    holds: ({ values, cluster }) => {
      expect(values.networkPolicy).toEqual({
        operatorNamespace: "kuberay-system",
        monitoringNamespace: null,
        apiServerCidrs: ["10.0.0.0/16", "10.100.0.1/32", "172.20.0.1/32"],
        redis: null,
        data: null,
        egress: expect.any(Array),
      });
      // Without this the VPC CNI enforces no policy at all.
      expect(JSON.parse(resource(cluster, "aws_eks_addon", "vpc-cni").configuration_values)).toEqual({
        enableNetworkPolicy: "true",
      });
      const chart = readFileSync(join(__dirname, "../../../templates/helm/ray/templates/networkpolicies.yaml"), "utf8");
      expect(chart).toMatch(
        /name: default-deny\nspec:\n {2}podSelector: \{\}\n {2}policyTypes: \[Ingress, Egress\]\n---/,
      );
      // The sentence names what each of these lets through.
      expect([...chart.matchAll(/^ {2}name: (\S+)$/gm)].map(([, name]) => name)).toEqual([
        "default-deny",
        "allow-dns",
        "allow-ray-internal",
        "allow-operator",
        "allow-api-server",
        "allow-metrics",
        "allow-redis",
        "allow-data",
        "allow-egress",
      ]);
    },
    breaks: {
      "nothing enforces the policies": ({ cluster }) => {
        resource(cluster, "aws_eks_addon", "vpc-cni").configuration_values = "{}";
      },
      "the API server's range is everything": ({ values }) => {
        values.networkPolicy.apiServerCidrs = ["0.0.0.0/0"];
      },
    },
  },
];
