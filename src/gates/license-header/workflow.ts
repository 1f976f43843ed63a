// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import type { GateWorkflow } from "../../components/gate-workflow";
import { licenseHeaderConfiguration } from "./header-configuration";

/** The headers are checked by a script of the repository, in the workflow and in the lint task. */
export const licenseHeaderWorkflow: GateWorkflow = {
  configuration: {
    ".github/scanners/license-headers.json": (exceptions, { settings }) =>
      licenseHeaderConfiguration(settings.license, exceptions),
  },
};
