// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { type ApplicablePolicies, evaluateAccess } from "../../src/iam/evaluate";
import type { PolicyDocument, Statement } from "../../src/iam/policy";
import type { AccessRequest, RequestContext } from "../../src/iam/request";

const ROLE = "arn:aws:iam::111122223333:role/team/worker";
const BUCKET = "arn:aws:s3:::data";

const policy = (...statements: Statement[]): PolicyDocument => ({ Version: "2012-10-17", Statement: statements });
const allow = (rest: Partial<Statement> = {}): Statement => ({
  Effect: "Allow",
  Action: "s3:GetObject",
  Resource: `${BUCKET}/*`,
  ...rest,
});
const deny = (rest: Partial<Statement> = {}): Statement => ({ ...allow(rest), Effect: "Deny" });
const request: AccessRequest = { principal: ROLE, action: "s3:GetObject", resource: `${BUCKET}/a/b` };

function decide(policies: ApplicablePolicies, changed: Partial<AccessRequest> = {}): string {
  return evaluateAccess({ ...request, ...changed }, policies).decision;
}

/** Documented under "Policy evaluation logic" in the IAM user guide. */
test.each<[rule: string, policies: ApplicablePolicies, decision: string]>([
  ["nothing is allowed by default", {}, "implicit deny"],
  ["an identity's policy allows", { identity: [policy(allow())] }, "allowed"],
  [
    "one of several policies is enough",
    { identity: [policy(allow({ Action: "s3:PutObject" })), policy(allow())] },
    "allowed",
  ],
  ["a single statement needs no list", { identity: [{ Statement: allow() }] }, "allowed"],
  ["an explicit deny wins within a policy", { identity: [policy(allow(), deny())] }, "explicit deny"],
  ["an explicit deny wins over another policy", { identity: [policy(allow()), policy(deny())] }, "explicit deny"],
  ["a deny of something else does not", { identity: [policy(allow(), deny({ Action: "s3:PutObject" }))] }, "allowed"],
  ["a boundary alone allows nothing", { boundary: policy(allow()) }, "implicit deny"],
  ["identity and boundary must both allow", { identity: [policy(allow())], boundary: policy(allow()) }, "allowed"],
  [
    "what the boundary leaves out is denied",
    { identity: [policy(allow())], boundary: policy(allow({ Action: "s3:List*" })) },
    "implicit deny",
  ],
  [
    "an explicit deny of the boundary wins",
    { identity: [policy(allow())], boundary: policy(allow(), deny()) },
    "explicit deny",
  ],
  ["a resource's policy is enough", { resource: policy(allow({ Principal: { AWS: ROLE } })) }, "allowed"],
  ["a resource's policy for everybody is enough", { resource: policy(allow({ Principal: "*" })) }, "allowed"],
  ["one for somebody else is not", { resource: policy(allow({ Principal: { AWS: `${ROLE}2` } })) }, "implicit deny"],
  [
    "an explicit deny of the resource wins",
    { identity: [policy(allow())], resource: policy(deny({ Principal: "*" })) },
    "explicit deny",
  ],
  [
    "a resource's deny of somebody else does not",
    { identity: [policy(allow())], resource: policy(deny({ Principal: { AWS: `${ROLE}2` } })) },
    "allowed",
  ],
  [
    "NotPrincipal denies everybody else",
    { identity: [policy(allow())], resource: policy(deny({ NotPrincipal: { AWS: `${ROLE}2` } })) },
    "explicit deny",
  ],
  [
    "NotPrincipal spares whom it names",
    { identity: [policy(allow())], resource: policy(deny({ NotPrincipal: { AWS: ROLE } })) },
    "allowed",
  ],
  [
    "an implicit deny of the boundary limits what a resource grants to a role",
    { resource: policy(allow({ Principal: { AWS: ROLE } })), boundary: policy(allow({ Action: "s3:List*" })) },
    "implicit deny",
  ],
  [
    "a resource that names the account leaves it to the identity's policies",
    { resource: policy(allow({ Principal: { AWS: "arn:aws:iam::111122223333:root" } })), resourceDecides: true },
    "implicit deny",
  ],
  [
    "which then allow",
    {
      identity: [policy(allow())],
      resource: policy(allow({ Principal: { AWS: "arn:aws:iam::111122223333:root" } })),
      resourceDecides: true,
    },
    "allowed",
  ],
  [
    "the account may be named by its id",
    {
      identity: [policy(allow())],
      resource: policy(allow({ Principal: { AWS: ["111122223333"] } })),
      resourceDecides: true,
    },
    "allowed",
  ],
  [
    "another account's root is not this one's",
    {
      identity: [policy(allow())],
      resource: policy(allow({ Principal: { AWS: "arn:aws:iam::999999999999:root" } })),
      resourceDecides: true,
    },
    "implicit deny",
  ],
  [
    "where the resource decides, the identity's policy is not enough",
    { identity: [policy(allow())], resource: policy(), resourceDecides: true },
    "implicit deny",
  ],
  [
    "where the resource decides, naming the principal is enough",
    { resource: policy(allow({ Principal: { AWS: ROLE } })), resourceDecides: true },
    "allowed",
  ],
])("%s", (_, policies, decision) => {
  expect(decide(policies)).toBe(decision);
});

test.each<[what: string, statement: Statement, matches: boolean]>([
  ["an action by wildcard", allow({ Action: "s3:Get*" }), true],
  ["an action by question marks", allow({ Action: "s3:Get??ject" }), true],
  ["a question mark is exactly one character", allow({ Action: "s3:GetObject?" }), false],
  ["an action in another case", allow({ Action: "S3:getobject" }), true],
  ["every action", allow({ Action: "*" }), true],
  ["another service's action", allow({ Action: "s4:GetObject" }), false],
  ["one of several actions", allow({ Action: ["s3:PutObject", "s3:GetObject"] }), true],
  ["NotAction leaves out what it names", allow({ Action: undefined, NotAction: "s3:Get*" }), false],
  ["NotAction includes everything else", allow({ Action: undefined, NotAction: ["iam:*", "s3:Put*"] }), true],
  ["a resource's wildcard spans slashes", allow({ Resource: "arn:aws:s3:::data/*" }), true],
  ["a resource's wildcard spans colons", allow({ Resource: "arn:aws:*" }), true],
  ["a resource in another case", allow({ Resource: "arn:aws:s3:::DATA/*" }), false],
  ["a prefix without wildcard", allow({ Resource: "arn:aws:s3:::data" }), false],
  ["a dot is a dot", allow({ Resource: "arn:aws:s3:::data/a.b" }), false],
  ["NotResource leaves out what it names", allow({ Resource: undefined, NotResource: `${BUCKET}/*` }), false],
  ["NotResource includes everything else", allow({ Resource: undefined, NotResource: `${BUCKET}-2/*` }), true],
  ["a variable", allow({ Resource: `${BUCKET}/\${aws:username}/*` }), true],
  ["a variable without value", allow({ Resource: `${BUCKET}/\${aws:userid}/*` }), false],
  ["a variable's default", allow({ Resource: `${BUCKET}/\${aws:userid, 'a'}/*` }), true],
  ["a wildcard in a variable's value is plain", allow({ Resource: `${BUCKET}/\${aws:PrincipalTag/star}/*` }), false],
  ["an escaped wildcard is plain", allow({ Resource: `${BUCKET}/\${*}` }), false],
])("statement: %s", (_, statement, matches) => {
  const context = { "aws:username": "a", "aws:PrincipalTag/star": "*" };
  expect(decide({ identity: [policy(statement)] }, { context })).toBe(matches ? "allowed" : "implicit deny");
});

test("policies of 2008-10-17 have no variables", () => {
  const statement = allow({ Resource: `${BUCKET}/\${aws:username}/*` });
  const context = { "aws:username": "a" };
  expect(decide({ identity: [{ Version: "2008-10-17", Statement: [statement] }] }, { context })).toBe("implicit deny");
});

const context: RequestContext = {
  "aws:RequestedRegion": "eu-west-1",
  "aws:MultiFactorAuthPresent": "true",
  "aws:SourceIp": "10.1.2.3",
  "aws:CurrentTime": "2026-06-01T00:00:00Z",
  "aws:SourceArn": "arn:aws:events:eu-west-1:111122223333:rule/a:b",
  "aws:TagKeys": ["Name", "Environment"],
  "s3:max-keys": "10",
};

/** Documented under "IAM JSON policy elements: Condition operators". */
test.each<[condition: string, condition: Statement["Condition"], holds: boolean]>([
  ["StringEquals", { StringEquals: { "aws:RequestedRegion": "eu-west-1" } }, true],
  ["StringEquals, one of several", { StringEquals: { "aws:RequestedRegion": ["us-east-1", "eu-west-1"] } }, true],
  ["StringEquals, key in another case", { StringEquals: { "AWS:requestedregion": "eu-west-1" } }, true],
  ["StringEquals, value in another case", { StringEquals: { "aws:RequestedRegion": "EU-WEST-1" } }, false],
  ["StringEquals has no wildcards", { StringEquals: { "aws:RequestedRegion": "eu-*" } }, false],
  ["StringEquals on an absent key", { StringEquals: { "aws:PrincipalOrgID": "o-1" } }, false],
  ["StringEqualsIfExists on an absent key", { StringEqualsIfExists: { "aws:PrincipalOrgID": "o-1" } }, true],
  ["StringEqualsIfExists on another value", { StringEqualsIfExists: { "aws:RequestedRegion": "us-east-1" } }, false],
  ["StringEqualsIgnoreCase", { StringEqualsIgnoreCase: { "aws:RequestedRegion": "EU-WEST-1" } }, true],
  ["StringNotEquals", { StringNotEquals: { "aws:RequestedRegion": "us-east-1" } }, true],
  [
    "StringNotEquals, none of several",
    { StringNotEquals: { "aws:RequestedRegion": ["us-east-1", "eu-west-1"] } },
    false,
  ],
  ["StringNotEquals on an absent key", { StringNotEquals: { "aws:PrincipalOrgID": "o-1" } }, true],
  ["StringLike", { StringLike: { "aws:RequestedRegion": "eu-*" } }, true],
  ["StringNotLike", { StringNotLike: { "aws:RequestedRegion": "eu-*" } }, false],
  ["two keys, one fails", { StringEquals: { "aws:RequestedRegion": "eu-west-1", "s3:max-keys": "11" } }, false],
  [
    "two operators, one fails",
    { StringEquals: { "aws:RequestedRegion": "eu-west-1" }, NumericLessThan: { "s3:max-keys": "10" } },
    false,
  ],
  ["NumericEquals", { NumericEquals: { "s3:max-keys": "10.0" } }, true],
  ["NumericLessThanEquals", { NumericLessThanEquals: { "s3:max-keys": 10 } }, true],
  ["NumericGreaterThan", { NumericGreaterThan: { "s3:max-keys": "9" } }, true],
  ["NumericNotEquals", { NumericNotEquals: { "s3:max-keys": "10" } }, false],
  ["DateGreaterThan", { DateGreaterThan: { "aws:CurrentTime": "2026-05-31T23:59:59Z" } }, true],
  ["DateLessThan in seconds", { DateLessThan: { "aws:CurrentTime": "1" } }, false],
  ["Bool", { Bool: { "aws:MultiFactorAuthPresent": "true" } }, true],
  ["Bool in JSON", { Bool: { "aws:MultiFactorAuthPresent": true } }, true],
  ["Bool false", { Bool: { "aws:MultiFactorAuthPresent": "false" } }, false],
  ["Bool on an absent key", { Bool: { "aws:SecureTransport": "false" } }, false],
  ["BoolIfExists on an absent key", { BoolIfExists: { "aws:SecureTransport": "true" } }, true],
  ["IpAddress", { IpAddress: { "aws:SourceIp": "10.1.0.0/16" } }, true],
  ["IpAddress outside", { IpAddress: { "aws:SourceIp": ["10.2.0.0/16", "10.1.2.4"] } }, false],
  ["NotIpAddress", { NotIpAddress: { "aws:SourceIp": "10.0.0.0/8" } }, false],
  ["ArnLike", { ArnLike: { "aws:SourceArn": "arn:aws:events:*:111122223333:rule/*" } }, true],
  ["ArnEquals reads wildcards too", { ArnEquals: { "aws:SourceArn": "arn:aws:events:*:*:rule/a:?" } }, true],
  ["an ARN's wildcard stays within its part", { ArnLike: { "aws:SourceArn": "arn:aws:*:rule/a:b" } }, false],
  ["ArnNotLike", { ArnNotLike: { "aws:SourceArn": "arn:aws:s3:::*" } }, true],
  ["Null true on an absent key", { Null: { "aws:PrincipalOrgID": "true" } }, true],
  ["Null true on a present key", { Null: { "aws:RequestedRegion": "true" } }, false],
  ["Null false on a present key", { Null: { "aws:RequestedRegion": "false" } }, true],
  ["ForAllValues", { "ForAllValues:StringEquals": { "aws:TagKeys": ["Name", "Environment", "Owner"] } }, true],
  ["ForAllValues, one outside", { "ForAllValues:StringEquals": { "aws:TagKeys": ["Name"] } }, false],
  ["ForAllValues on an absent key", { "ForAllValues:StringEquals": { "s3:keys": ["Name"] } }, true],
  ["ForAnyValue", { "ForAnyValue:StringLike": { "aws:TagKeys": "Env*" } }, true],
  ["ForAnyValue on an absent key", { "ForAnyValue:StringEquals": { "s3:keys": ["Name"] } }, false],
  ["ForAnyValue, negated, on an absent key", { "ForAnyValue:StringNotEquals": { "s3:keys": ["Name"] } }, false],
  ["ForAllValues, negated", { "ForAllValues:StringNotEquals": { "aws:TagKeys": ["Owner"] } }, true],
  ["a variable in a condition", { StringEquals: { "aws:RequestedRegion": "${aws:RequestedRegion}" } }, true],
])("condition: %s", (_, Condition, holds) => {
  expect(decide({ identity: [policy(allow({ Condition }))] }, { context })).toBe(holds ? "allowed" : "implicit deny");
});

test("an operator that IAM does not have is an error", () => {
  expect(() => decide({ identity: [policy(allow({ Condition: { StringSame: { a: "b" } } }))] })).toThrow(
    'no condition operator "StringSame"',
  );
});

test("several values need a quantifier", () => {
  const Condition = { StringEquals: { "aws:TagKeys": "Name" } };
  expect(() => decide({ identity: [policy(allow({ Condition }))] }, { context })).toThrow("ForAllValues:");
});

test("the decision names the statement that made it", () => {
  const decision = evaluateAccess(request, { identity: [policy(allow(), deny({ Sid: "NotThis" }))] });
  expect(decision).toEqual({ decision: "explicit deny", reason: "NotThis" });
});
