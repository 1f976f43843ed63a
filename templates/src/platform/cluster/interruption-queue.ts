// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

import { CloudwatchEventRule } from "@cdktf/provider-aws/lib/cloudwatch-event-rule";
import { CloudwatchEventTarget } from "@cdktf/provider-aws/lib/cloudwatch-event-target";
import { SqsQueue } from "@cdktf/provider-aws/lib/sqs-queue";
import { SqsQueuePolicy } from "@cdktf/provider-aws/lib/sqs-queue-policy";
import { Construct } from "constructs";
import { partitionOf } from "../partition";
import type { EnvironmentConfig } from "../platform-config";
import { policyDocument } from "../policy-document";
import {
  type InterruptionEvent,
  interruptionQueueNames,
  interruptionRuleName,
  interruptionRuleNames,
} from "./interruption-names";

export interface InterruptionQueueProps {
  readonly environment: EnvironmentConfig;
  readonly accountId: string;
}

/** The events that the node termination handler acts on. */
const events: readonly {
  readonly id: InterruptionEvent;
  readonly source: string;
  readonly detailType: string;
  readonly detail?: object;
}[] = [
  { id: "asg-terminate", source: "aws.autoscaling", detailType: "EC2 Instance-terminate Lifecycle Action" },
  { id: "spot-interruption", source: "aws.ec2", detailType: "EC2 Spot Instance Interruption Warning" },
  { id: "rebalance", source: "aws.ec2", detailType: "EC2 Instance Rebalance Recommendation" },
  { id: "state-change", source: "aws.ec2", detailType: "EC2 Instance State-change Notification" },
  {
    id: "scheduled-change",
    source: "aws.health",
    detailType: "AWS Health Event",
    detail: { service: ["EC2"], eventTypeCategory: ["scheduledChange"] },
  },
];

/** Interruption events of EC2 and Auto Scaling in an encrypted queue (controls SQS-01, TLS-01). */
export class InterruptionQueue extends Construct {
  public readonly queue: SqsQueue;

  constructor(scope: Construct, id: string, { environment, accountId }: InterruptionQueueProps) {
    super(scope, id);
    const { region } = environment;
    const clusterName = environment.cluster.name;
    const [queueName, deadLettersName] = interruptionQueueNames(clusterName);
    const deadLetters = new SqsQueue(this, "dead-letters", {
      name: deadLettersName,
      sqsManagedSseEnabled: true,
      messageRetentionSeconds: 1_209_600,
    });
    this.queue = new SqsQueue(this, "queue", {
      name: queueName,
      sqsManagedSseEnabled: true,
      // A notice is two minutes; an older one is of no use.
      messageRetentionSeconds: 300,
      redrivePolicy: JSON.stringify({ deadLetterTargetArn: deadLetters.arn, maxReceiveCount: 5 }),
    });
    events.forEach((event) => {
      const rule = new CloudwatchEventRule(this, event.id, {
        name: interruptionRuleName(clusterName, event.id),
        description: event.detailType,
        eventPattern: JSON.stringify({
          source: [event.source],
          "detail-type": [event.detailType],
          detail: event.detail,
        }),
      });
      new CloudwatchEventTarget(this, `${event.id}-target`, {
        rule: rule.name,
        arn: this.queue.arn,
        targetId: "interruption",
      });
    });
    new SqsQueuePolicy(this, "queue-policy", {
      queueUrl: this.queue.url,
      policy: policyDocument([
        {
          Sid: "OurRules",
          Effect: "Allow",
          Principal: { Service: "events.amazonaws.com" },
          Action: "sqs:SendMessage",
          Resource: this.queue.arn,
          Condition: {
            ArnEquals: {
              "aws:SourceArn": interruptionRuleNames(clusterName).map(
                (rule) => `arn:${partitionOf(region)}:events:${region}:${accountId}:rule/${rule}`,
              ),
            },
          },
        },
        denyInsecureTransport(this.queue.arn),
      ]),
    });
    new SqsQueuePolicy(this, "dead-letters-policy", {
      queueUrl: deadLetters.url,
      policy: policyDocument([denyInsecureTransport(deadLetters.arn)]),
    });
  }
}

function denyInsecureTransport(queueArn: string) {
  return {
    Sid: "DenyInsecureTransport",
    Effect: "Deny",
    Principal: "*",
    Action: "sqs:*",
    Resource: queueArn,
    Condition: { Bool: { "aws:SecureTransport": "false" } },
  } as const;
}
