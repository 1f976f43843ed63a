// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import type { Break } from "./break";
import { clusterBreaks } from "./cluster";
import { environmentRolesBreaks } from "./environment-roles";
import { githubActionsBreaks } from "./github-actions";
import { networkBreaks } from "./network";
import { nodesBreaks } from "./nodes";
import { rayPodsBreaks } from "./ray-pods";
import { secretsKeysAndLogsBreaks } from "./secrets-keys-and-logs";
import { serviceAccountRolesBreaks } from "./service-account-roles";
import { stateAndTransportBreaks } from "./state-and-transport";
import { waysAroundBreaks } from "./ways-around";

/** Every break, by what it breaks. */
export const breaks: readonly Break[] = [
  ...secretsKeysAndLogsBreaks,
  ...stateAndTransportBreaks,
  ...clusterBreaks,
  ...nodesBreaks,
  ...networkBreaks,
  ...githubActionsBreaks,
  ...environmentRolesBreaks,
  ...serviceAccountRolesBreaks,
  ...rayPodsBreaks,
  ...waysAroundBreaks,
];
