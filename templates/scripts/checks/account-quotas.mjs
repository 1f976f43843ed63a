// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { reasonOf, runJson } from "./run-program.mjs";

/** EC2's quotas of vCPUs by what begins an instance type's name, as Service Quotas names them. */
const QUOTAS = [
  {
    family: /^(?:g|vt)\d/,
    ON_DEMAND: ["L-DB2E81BA", "Running On-Demand G and VT instances"],
    SPOT: ["L-3819A6DF", "All G and VT Spot Instance Requests"],
  },
  {
    family: /^p[5-9]/,
    ON_DEMAND: ["L-417A185B", "Running On-Demand P instances"],
    SPOT: ["L-C4BD4855", "All P5 Spot Instance Requests"],
  },
  {
    family: /^p\d/,
    ON_DEMAND: ["L-417A185B", "Running On-Demand P instances"],
    SPOT: ["L-7212CCBC", "All P4, P3 and P2 Spot Instance Requests"],
  },
  {
    family: /^[acdhimrtz]\d/,
    ON_DEMAND: ["L-1216C47A", "Running On-Demand Standard (A, C, D, H, I, M, R, T, Z) instances"],
    SPOT: ["L-34B43A08", "All Standard (A, C, D, H, I, M, R, T, Z) Spot Instance Requests"],
  },
];

/** The account's quotas against what the pools of each kind take at their smallest and largest. */
export function checkQuotas(report, { region, pools }) {
  const needs = new Map();
  for (const pool of pools) {
    // A capacity block is capacity that is bought already.
    const [code, name] = QUOTAS.find(({ family }) => family.test(pool.instanceTypes[0]))?.[pool.capacityType] ?? [];
    if (code === undefined) {
      report.notChecked(`quota for ${pool.name}`, `${pool.instanceTypes[0]}, ${pool.capacityType}: no quota of vCPUs`);
      continue;
    }
    const { pools: names = [], first = 0, most = 0 } = needs.get(code) ?? {};
    needs.set(code, {
      name,
      pools: [...names, pool.name],
      // One node of the pool must be able to start, whatever it needs at first.
      first: Math.max(first, pool.node.vcpu * Math.max(1, pool.minSize)),
      most: most + pool.node.vcpu * pool.maxSize,
    });
  }
  for (const [code, { name, pools: names, first, most }] of needs) {
    const check = `quota for ${names.join(", ")}`;
    const args = ["service-quotas", "get-service-quota", "--service-code", "ec2", "--quota-code", code];
    const answer = runJson("aws", [...args, "--region", region, "--output", "json"]);
    if (!answer.ok) {
      report.notChecked(check, reasonOf(answer));
      continue;
    }
    const { Value } = answer.value.Quota;
    const ask = `aws service-quotas request-service-quota-increase --region ${region} --service-code ec2 --quota-code ${code} --desired-value ${most}`;
    if (Value < first) {
      const detail = `${name} (${code}) is ${Value} vCPUs, and the first nodes take ${first}`;
      report.broken(check, "quota-exceeded", detail, ask);
    } else if (Value < most) {
      report.ok(check, `${Value} vCPUs; all nodes together take ${most}, so some may not start: ${ask}`);
    } else {
      report.ok(check, `${Value} vCPUs for ${most}`);
    }
  }
}
