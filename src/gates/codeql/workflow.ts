// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { parseDocument } from "yaml";
import {
  addReasoned,
  configurationTemplate,
  exceptionComment,
  renderDocument,
} from "../../components/configuration-document";
import type { GateWorkflow } from "../../components/gate-workflow";

const CONFIGURATION = ".github/scanners/codeql.yml";

/** CodeQL is told of its configuration by the workflow, so the file is there only where it says something. */
export const codeqlWorkflow: GateWorkflow = {
  adjust(workflow, { settings }) {
    if (settings.exceptions.codeql.length > 0) {
      for (const job of workflow.jobIds()) {
        workflow.set(workflow.step(job, "Initialize CodeQL"), ["with", "config-file"], `./${CONFIGURATION}`);
      }
    }
    if (!settings.codeSecurity) {
      for (const id of workflow.jobIds()) {
        // Its license admits CodeQL in public repositories, and elsewhere with Code Security only.
        workflow.job(id).set("if", "github.event.repository.visibility == 'public'");
      }
    }
    if (!settings.codeScanning) {
      for (const { step } of workflow.uses("github/codeql-action/analyze")) {
        workflow.set(step, ["with", "upload"], "never");
      }
    }
  },
  configuration: {
    [CONFIGURATION]: (exceptions) => {
      if (exceptions.length === 0) {
        return undefined;
      }
      const document = parseDocument(`${configurationTemplate(CONFIGURATION)}name: Exceptions\n`);
      for (const exception of exceptions.filter(({ id }) => id !== "*")) {
        const filter = document.createNode({ exclude: { id: exception.id } });
        filter.commentBefore = exceptionComment(exception);
        document.hasIn(["query-filters"]) || document.set("query-filters", document.createNode([]));
        document.addIn(["query-filters"], filter);
      }
      const paths = exceptions.filter(({ id }) => id === "*");
      addReasoned(document, ["paths-ignore"], paths, ({ path }) => path as string);
      return renderDocument(document);
    },
  },
};
