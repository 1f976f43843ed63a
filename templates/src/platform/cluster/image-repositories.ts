// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

import { EcrLifecyclePolicy } from "@cdktf/provider-aws/lib/ecr-lifecycle-policy";
import { EcrRepository } from "@cdktf/provider-aws/lib/ecr-repository";
import { Construct } from "constructs";
import { mirrorName } from "../workloads/images";
import type { ImagesConfig } from "../platform-config";

export interface ImageRepositoriesProps {
  readonly images: ImagesConfig;
}

/** An ECR repository for each image that the platform runs; `scripts/mirror-images.sh` fills them. */
export class ImageRepositories extends Construct {
  constructor(scope: Construct, id: string, { images }: ImageRepositoriesProps) {
    super(scope, id);
    for (const name of new Set(images.list.map(mirrorName))) {
      const repository = new EcrRepository(this, name, {
        name: `${images.repositoryPrefix}/${name}`,
        imageTagMutability: "IMMUTABLE",
        // All images are copies. Without it, a feature that is turned off, or a destroy, would stop at its full repository.
        forceDelete: true,
        imageScanningConfiguration: { scanOnPush: true },
        encryptionConfiguration: [{ encryptionType: "KMS" }],
      });
      new EcrLifecyclePolicy(this, `${name}-lifecycle`, {
        repository: repository.name,
        policy: JSON.stringify({
          rules: [
            {
              rulePriority: 1,
              description: "Untagged images after 14 days",
              selection: { tagStatus: "untagged", countType: "sinceImagePushed", countUnit: "days", countNumber: 14 },
              action: { type: "expire" },
            },
          ],
        }),
      });
    }
  }
}
