// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { configurationDocument, renderDocument } from "../../components/configuration-document";
import type { GateWorkflow } from "../../components/gate-workflow";

/** Trivy reads exceptions of findings from a file of its own, and minds their last day itself. */
export const trivyWorkflow: GateWorkflow = {
  configuration: {
    ".github/scanners/trivyignore.yaml": (exceptions) => {
      const document = configurationDocument(".github/scanners/trivyignore.yaml");
      const entries = exceptions
        .filter(({ id }) => id !== "*")
        .map(({ id, path, reason, expires }) => ({
          id,
          ...(path === undefined ? {} : { paths: [path, `${path}/**`] }),
          statement: reason,
          expired_at: expires,
        }));
      document.set("misconfigurations", document.createNode(entries));
      return renderDocument(document);
    },
  },
};
