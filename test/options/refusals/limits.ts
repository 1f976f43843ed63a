// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { LIMIT_RECORDS } from "../../../src/config/limit-records";
import { optionOf } from "../../../src/config/limits";
import type { Refusal } from "./refusal";

/** Each limit that is a number refuses what is below and above its bounds, and a fraction unless it may be one. */
const numericLimits: Refusal[] = Object.values(LIMIT_RECORDS).flatMap((records) =>
  Object.entries(records).flatMap(([name, { from, to, fraction }]): Refusal[] => {
    const option = optionOf(name);
    const refused = (what: string, value: number): Refusal => [
      `${option} ${what}`,
      { policyLimits: { [option]: value } },
      `policyLimits.${option}`,
      `must be ${fraction ? "a number" : "a whole number"} from ${from} to ${to}`,
      "within the bounds",
    ];
    return [
      refused("below its bounds", from - 1),
      refused("above its bounds", to + 1),
      ...(fraction ? [] : [refused("with a fraction", from + 0.5)]),
    ];
  }),
);

export const limits: readonly Refusal[] = [
  ...numericLimits,
  [
    "fewest cores above most",
    { policyLimits: { minCpuRequest: 17 } },
    "policyLimits.minCpuRequest",
    "at most policyLimits.maxCpuPerWorker (16)",
    "raise",
  ],
  [
    "least memory above most",
    { policyLimits: { minMemoryGibRequest: 65 } },
    "policyLimits.minMemoryGibRequest",
    "at most policyLimits.maxMemoryGibPerWorker (64)",
    "raise",
  ],
  [
    "a CPU type that does not exist",
    { policyLimits: { cpuInstanceTypes: ["m5.2xlargee"] } },
    "policyLimits.cpuInstanceTypes[0]",
    "that ray-platform knows",
    "did you mean m5.2xlarge?",
  ],
  [
    "a GPU type among CPU types",
    { policyLimits: { cpuInstanceTypes: ["g5.xlarge"] } },
    "policyLimits.cpuInstanceTypes[0]",
    "no GPU",
    "gpuInstanceTypes",
  ],
  [
    "a CPU type among GPU types",
    { policyLimits: { gpuInstanceTypes: ["m5.large"] } },
    "policyLimits.gpuInstanceTypes[0]",
    "must have a GPU",
    "cpuInstanceTypes",
  ],
  [
    "a log type that EKS lacks",
    { policyLimits: { requiredLogTypes: ["kubelet"] } },
    "policyLimits.requiredLogTypes[0]",
    "log type of EKS",
    "audit",
  ],
  [
    "a required label with a space",
    { policyLimits: { requiredLabels: ["a b"] } },
    "policyLimits.requiredLabels[0]",
    "label key",
    "domain.example/name",
  ],
  [
    "a required tag with a quote",
    { policyLimits: { requiredTags: ['"'] } },
    "policyLimits.requiredTags[0]",
    "tag key",
    "remove",
  ],
];
