// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

import { rayChartValues } from "../../ray/ray-chart-values";
import type { WorkloadValues } from "../workload-values";

/** The Ray resources that the policies judge, and what surrounds them. */
export const values: WorkloadValues = ({ environment, imagePrefix, accountId }) =>
  rayChartValues(environment, imagePrefix, accountId);
