// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { judgeManifests } from "../kubernetes-verification.mjs";

export default {
  id: "pod-security",
  title: "The pods that KubeRay builds satisfy Pod Security restricted",
  tools: ["go", "helm"],
  run: (context) =>
    judgeManifests(context, "pod-security", {
      from: /allowPrivilegeEscalation: false/,
      to: "allowPrivilegeEscalation: true",
    }),
};
