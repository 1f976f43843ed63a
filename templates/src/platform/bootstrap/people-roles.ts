// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import type { IamPolicy } from "@cdktf/provider-aws/lib/iam-policy";
import type { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { Construct } from "constructs";
import type { PersonRoleConfig } from "../platform-config";
import { policyDocument, type PolicyStatement } from "../policy-document";
import { BootstrapRole } from "./bootstrap-role";
import type { DeploymentPolicies } from "./deployment-policies";
import { administratorPermissions, enterPermissions, readLogsPermissions } from "./people-permissions";
import { peopleTrustPolicy } from "./people-trust";
import type { PermissionScope } from "./permission-scope";

type Kind = PersonRoleConfig["kind"];

/** What each role for people is for, and what it has besides entering. Its rights in the cluster are its access entry's. */
const purposes: Readonly<Record<Kind, string>> = {
  administrator: "deploy, change and remove the platform; administer the cluster",
  "ray-user": "use Ray in its namespace",
  viewer: "look at the cluster",
};

/** Roles that people assume (control IAM-03). */
export class PeopleRoles extends Construct {
  public readonly roles: ReadonlyMap<Kind, IamRole>;

  constructor(scope: Construct, id: string, permissions: PermissionScope, policies: DeploymentPolicies) {
    super(scope, id);
    const { environment, accountId } = permissions;
    const attached = (kind: Kind): readonly IamPolicy[] =>
      kind === "administrator" ? [...policies.read, ...policies.write, ...policies.mirror] : [];
    const inline = (kind: Kind): readonly PolicyStatement[] => [
      ...enterPermissions(permissions),
      ...readLogsPermissions(permissions),
      ...(kind === "administrator" ? administratorPermissions(permissions) : []),
    ];
    this.roles = new Map(
      environment.access.people.map((person) => {
        const { role } = new BootstrapRole(this, person.kind, {
          environment,
          name: person.roleName,
          description: `People: ${purposes[person.kind]}`,
          trustPolicy: peopleTrustPolicy(environment, person, accountId),
          policies: attached(person.kind),
        });
        new IamRolePolicy(this, `${person.kind}-enter`, {
          name: "enter",
          role: role.name,
          policy: policyDocument(inline(person.kind)),
        });
        return [person.kind, role];
      }),
    );
  }
}
