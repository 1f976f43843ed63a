// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { judgeManifests } from "../kubernetes-verification.mjs";

export default {
  id: "kuberay",
  title: "Ray's manifests satisfy KubeRay's definitions and its operator's own checks",
  tools: ["go", "helm"],
  run: (context) => judgeManifests(context, "kuberay", { from: /rayVersion:/, to: "rayRelease:" }),
};
