// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { App } from "cdktf";
import { extend } from "../src/extensions";
import { buildPlatform } from "../src/platform/build-platform";
import { loadPlatformConfig } from "../src/platform/load-platform-config";
import { registryPrefix } from "../src/platform/workloads/images";
import { rayManifests } from "../src/platform/ray/ray-manifests";

// What must hold in every environment, your extensions included. The ids are those of docs/security-architecture.md.

type Json = any;

const config = loadPlatformConfig();
const outdir = mkdtempSync(join(tmpdir(), "stacks-test-"));

before(() => {
  const app = new App({ outdir });
  buildPlatform(app, config, extend);
  app.synth();
});

after(() => rmSync(outdir, { recursive: true, force: true }));

function stack(name: string): Json {
  return JSON.parse(readFileSync(join(outdir, "stacks", name, "cdk.tf.json"), "utf8"));
}

function resources(document: Json, type: string): Json[] {
  return Object.values(document.resource?.[type] ?? {});
}

for (const environment of config.environments) {
  describe(environment.name, () => {
    test("IMDS-01, IMDS-02, EBS-01: launch templates ask for tokens, allow one hop and encrypt every volume", () => {
      const templates = resources(stack(`${environment.name}-cluster`), "aws_launch_template");
      assert.ok(templates.length >= environment.pools.length);
      for (const { metadata_options, block_device_mappings } of templates) {
        assert.equal(metadata_options.http_tokens, "required");
        assert.equal(metadata_options.http_put_response_hop_limit, 1);
        assert.ok(block_device_mappings.length > 0);
        for (const { ebs } of block_device_mappings) {
          assert.equal(ebs.encrypted, "true");
        }
      }
    });

    test("IMDS-03: node groups use launch templates of this stack", () => {
      for (const group of resources(stack(`${environment.name}-cluster`), "aws_eks_node_group")) {
        assert.match(group.launch_template.id, /^\$\{aws_launch_template\./);
      }
    });

    test("NET-01, NET-03: no security group rule names the internet", () => {
      for (const name of [
        `${environment.name}-cluster`,
        ...(environment.network.mode === "created" ? [`${environment.name}-network`] : []),
      ]) {
        const document = stack(name);
        for (const type of ["aws_vpc_security_group_egress_rule", "aws_vpc_security_group_ingress_rule"]) {
          for (const rule of resources(document, type)) {
            assert.notEqual(rule.cidr_ipv4, "0.0.0.0/0");
            assert.notEqual(rule.cidr_ipv6, "::/0");
          }
        }
      }
    });

    test("EKS-01 to EKS-04, KMS-01: a private endpoint, all logs, access entries, encrypted secrets", () => {
      for (const cluster of resources(stack(`${environment.name}-cluster`), "aws_eks_cluster")) {
        assert.equal(cluster.vpc_config.endpoint_private_access, true);
        assert.ok(!(cluster.vpc_config.public_access_cidrs ?? []).includes("0.0.0.0/0"));
        assert.equal(cluster.vpc_config.endpoint_public_access, environment.cluster.publicAccessCidrs.length > 0);
        assert.equal(cluster.enabled_cluster_log_types.length, 5);
        assert.equal(cluster.access_config.authentication_mode, "API");
        assert.deepEqual(cluster.encryption_config.resources, ["secrets"]);
      }
    });

    test("POD-01, POD-02: Ray runs as user 1000 without privileges", () => {
      const { rayCluster, rayService }: Json = rayManifests(environment, registryPrefix(environment, "account"));
      const spec = rayCluster?.spec ?? rayService.spec.rayClusterConfig;
      for (const group of [spec.headGroupSpec, ...spec.workerGroupSpecs]) {
        const pod = group.template.spec;
        assert.equal(pod.securityContext.runAsUser, 1000);
        assert.equal(pod.securityContext.fsGroup, 1000);
        for (const container of pod.containers) {
          assert.equal(container.securityContext.runAsNonRoot, true);
          assert.equal(container.securityContext.allowPrivilegeEscalation, false);
          assert.deepEqual(container.securityContext.capabilities, { drop: ["ALL"] });
        }
      }
    });
  });
}
