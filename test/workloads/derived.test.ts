// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { documentView } from "../../src/components/documents/document-view";
import { renderDocuments } from "../../src/components/documents/documents";
import { Accelerator } from "../../src/options/accelerator";
import { WORKLOADS } from "../../src/workloads";
import { mirrorName } from "../../templates/src/platform/workloads/images";
import { configs, platform } from "../templates/configs";
import { type Json, resource, resources, synthesize } from "../templates/synthesize";
import { everyWorkload } from "./every-workload";

describe("a platform with every workload", () => {
  const config = everyWorkload();
  const environment = config.environments[0]!;
  const { stacks } = synthesize(config);
  const release = (id: string): Json => resource(stacks["dev-workloads"], "helm_release", `dev-workloads/${id}`);
  const documents = Object.fromEntries(
    renderDocuments(documentView(config, {})).map(({ path, content }) => [path, content]),
  );

  test("has them all", () => {
    expect(Object.keys(environment.workloads)).toEqual(WORKLOADS.map(({ id }) => id));
    expect(resources(stacks["dev-workloads"], "helm_release").length).toBe(WORKLOADS.length);
  });

  test.each(Object.entries(environment.workloads))("%s", (id, workload) => {
    const { chart, images, namespace, after, endpoints, role } = workload;
    const installed = release(id);
    expect(installed.namespace).toBe(namespace);
    expect(chart === null ? installed.chart : [installed.chart, installed.repository, installed.version]).toEqual(
      chart === null ? expect.stringContaining(`/${id}-chart/`) : [chart.chart, chart.repository, chart.version],
    );
    expect(installed.depends_on ?? []).toEqual(after.map((other) => `helm_release.${other}`));
    for (const key of images) {
      const image = environment.images.list.find((candidate) => candidate.key === key);
      expect(JSON.stringify(installed.values)).toContain(mirrorName(image!));
    }
    expect(environment.namespaces.map(({ name }) => name)).toContain(namespace);
    expect(environment.network.interfaceEndpoints).toEqual(expect.arrayContaining([...endpoints]));
    const standard = environment.namespaces.find(({ name }) => name === namespace)?.podSecurity ?? "none";
    expect(documents["docs/security-architecture.md"]).toMatch(
      new RegExp(`^\\| \`dev\` \\| \`${id}\` \\| .+ \\| \`${namespace}\` \\| ${standard} \\|$`, "m"),
    );
    if (role !== null) {
      const made = resource(stacks["dev-cluster"], "aws_iam_role", `service-accounts/${role.address}/role`);
      expect(made.assume_role_policy).toContain(`system:serviceaccount:${namespace}:${role.serviceAccount}`);
      const { policy } = resource(stacks["dev-cluster"], "aws_iam_role_policy", `${role.address}/permissions`);
      expect(JSON.parse(policy).Statement.map(({ Sid }: Json) => Sid)).toEqual(role.statements.map(({ sid }) => sid));
      expect(policy).not.toMatch(/(?<!\$)\{\w+\}/);
      expect(documents["docs/security-architecture.md"]).toContain(
        `| \`${role.serviceAccount}\` | \`${namespace}\` | \`ml-platform-dev-${role.name}-irsa\` | ${role.permits} |`,
      );
    }
  });

  test("cluster-base makes each namespace but Kubernetes' own, with its standard", () => {
    const { namespaces } = JSON.parse(release("cluster-base").values[0]);
    const ours = environment.namespaces.filter(({ podSecurity }) => podSecurity !== null);
    expect(namespaces.map(({ name, podSecurity }: Json) => [name, podSecurity])).toEqual(
      ours.map(({ name, podSecurity }) => [name, podSecurity]),
    );
    expect(ours.length).toBeGreaterThan(4);
  });

  test("plan and drift may read every namespace that holds a release", () => {
    const scopes = resources(stacks["dev-cluster"], "aws_eks_access_policy_association")
      .filter((one) => /\/access\/(?:plan|drift)-policy$/.test(one["//"].metadata.path))
      .map(({ access_scope }) => access_scope);
    expect(scopes.length).toBe(2);
    for (const { namespaces } of scopes) {
      expect([...namespaces].sort()).toEqual(environment.namespaces.map(({ name }) => name).sort());
    }
  });

  test("the deviations list each namespace that is not restricted, with its reason", () => {
    const open = environment.namespaces.filter(({ podSecurity }) => podSecurity !== "restricted");
    expect(open.map(({ name }) => name).sort()).toEqual([
      "gpu-system",
      "kube-system",
      "monitoring",
      "ray-logs",
      "velero",
    ]);
    for (const { name, podSecurity, reason } of open) {
      expect(documents["docs/deviations.md"]).toContain(`| \`${name}\` | ${podSecurity ?? "none"} | ${reason} |`);
    }
  });

  test("every image in the values of a release is one that is mirrored", () => {
    const mirrored = environment.images.list.map((image) => `${mirrorName(image)}`);
    for (const [id] of Object.entries(environment.workloads)) {
      for (const [, repository] of release(id).values[0].matchAll(/"repository":"([^"]+)"/g)) {
        expect(mirrored).toContainEqual(expect.stringMatching(new RegExp(`^${repository.split("/dev/").pop()}$`)));
      }
    }
  });
});

test("a workload that is off leaves nothing behind", () => {
  const { workloads, namespaces, images } = platform({ accelerator: Accelerator.NONE }).environments[0]!;
  const gone = WORKLOADS.filter(({ id }) => !(id in workloads));
  expect(gone.map(({ id }) => id).sort()).toEqual([
    "aws-efa-k8s-device-plugin",
    "dcgm-exporter",
    "kube-prometheus-stack",
    "nvidia-device-plugin",
    "ray-logs",
    "velero",
  ]);
  for (const record of gone) {
    expect(namespaces.map(({ name }) => name)).not.toContain(record.namespace.name);
    expect(images.list.map(({ key }) => key)).not.toEqual(expect.arrayContaining([...record.images]));
  }
});

test("the documents of a given VPC ask its owner for the endpoint of each service that a workload calls", () => {
  const config = configs["existing VPC"]!();
  const operations = renderDocuments(documentView(config, {})).find(({ path }) => path === "docs/operations.md");
  for (const service of Object.values(config.environments[0]!.workloads).flatMap(({ endpoints }) => endpoints)) {
    expect(operations?.content).toContain(`\`${service}\``);
  }
});
