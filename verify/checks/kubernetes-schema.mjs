// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { judgeManifests } from "../kubernetes-verification.mjs";

export default {
  id: "kubernetes-schema",
  title: "Rendered manifests decode strictly into Kubernetes' own types",
  tools: ["go", "helm"],
  run: (context) => judgeManifests(context, "schema", { from: /policyTypes:/, to: "policyType:" }),
};
