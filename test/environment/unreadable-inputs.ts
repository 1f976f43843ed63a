// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

/** What is no environment with its stacks. */
export const unreadableInputs: Readonly<Record<string, unknown>> = {
  "no configuration": { resources: {}, roles: [] },
  "no resources": { config: {}, roles: [] },
  "no roles": { config: {}, resources: {} },
};
