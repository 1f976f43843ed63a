// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { addReasoned, configurationDocument, renderDocument } from "../../components/configuration-document";
import type { GateWorkflow } from "../../components/gate-workflow";

/** Labels that actionlint knows: GitHub's own images, and what every self-hosted runner has. */
const HOSTED = /^(ubuntu|macos|windows)-\d|^(self-hosted|linux|macOS|windows|x64|arm|arm64)$/i;

/** zizmor is told which actions may run, actionlint which runners there are. */
export const workflowAuditWorkflow: GateWorkflow = {
  configuration: {
    ".github/scanners/zizmor.yml": (exceptions, { pins }) => {
      const document = configurationDocument(".github/scanners/zizmor.yml");
      // A pattern `owner/name` is that repository's root action alone; its sub-actions are `owner/name/*`.
      const patterns = Object.keys(pins.actions)
        .sort()
        .flatMap((name) => [name, `${name}/*`]);
      document.setIn(["rules", "forbidden-uses", "config", "allow"], document.createNode(patterns));
      for (const exception of exceptions) {
        const file = (exception.path as string).split("/").at(-1) as string;
        addReasoned(document, ["rules", exception.id, "ignore"], [exception], () => file);
      }
      return renderDocument(document);
    },
    ".github/scanners/actionlint.yaml": (_exceptions, { settings }) => {
      const document = configurationDocument(".github/scanners/actionlint.yaml");
      const own = [
        ...settings.runnerLabels,
        ...(settings.privateRunnerLabels ?? []),
        ...Object.values(settings.roleRunners).flatMap(({ labels, privateLabels }) => [
          ...(labels ?? []),
          ...(privateLabels ?? []),
        ]),
      ].filter((label) => !HOSTED.test(label));
      document.setIn(["self-hosted-runner", "labels"], document.createNode([...new Set(own)]));
      return renderDocument(document);
    },
  },
};
