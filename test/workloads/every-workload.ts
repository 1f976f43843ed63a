// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { Accelerator } from "../../src/options/accelerator";
import { CapacityType } from "../../src/options/capacity-type";
import { platform } from "../templates/configs";

/** A platform with every workload that there is: an option that turns one on belongs here. */
export const everyWorkload = (): ReturnType<typeof platform> =>
  platform({
    monitoring: true,
    backupBucket: "acme-ray-backups",
    ray: { logRetentionDays: 30 },
    accelerator: Accelerator.P4D,
    policyLimits: { gpuInstanceTypes: ["p4d.24xlarge"] },
    gpuPool: { efa: true, capacityType: CapacityType.ON_DEMAND, availabilityZones: ["us-east-1b"] },
  });
