// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

import { poolGroupLabel } from "../cluster/node-labels";
import type { EnvironmentConfig } from "../platform-config";

/** Node selector of controllers: the on-demand pool that the Ray head runs on. */
export function systemNodeSelector({ ray }: EnvironmentConfig): Record<string, string> {
  return { [poolGroupLabel]: ray.head.poolGroup };
}

/** Security context of controllers, as the Pod Security Standard `restricted` asks. */
export const restrictedContainer = {
  allowPrivilegeEscalation: false,
  readOnlyRootFilesystem: true,
  capabilities: { drop: ["ALL"] },
} as const;
