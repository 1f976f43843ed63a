// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

/**
 * Words of the sentences by which Terraform and its providers say what went wrong. A value of somebody's may have any form, that
 * of words too: only of these it is known that a program wrote them.
 */
const WORDS = new Set(
  `
    a about acquiring action actions add adding address after again all allocating already an and any api apply
    applying are argument arguments as assuming at atomic attaching attribute attributes aws backend be because been
    before block body bucket but by call can cancelled cannot change changed changes chart check checksum client
    cluster completed computed condition configuration configuring conflict connection contain contains context
    control could count crd create created creating creation credentials cycle data deadline declaration decode
    decoding default definition delete deleted deleting deletion dependency deployment describing destroy destroyed
    detaching did disabling does doesn't don't duplicate during each ebs ec2 eks elastic element empty enabling
    endpoint error errors exceeded execution exist existing exists expected expired expression failed failure fetch
    fetching file final find finding for forbidden found from function get getting group groups has hash have helm
    hook iam id identity if image import importing in inconsistent index initialize initializing input install
    installation installed instance instances internal into invalid io is it item json key keys kms kubernetes
    launch limit list listing load loading lock locked log logs manifest manifests match meet metadata method
    missing mode modifying module more must name namespace namespaces network no node not null object objects of on
    only operation or order out output outside parameter parameters parse parsing password path permission
    permissions persist persisting plan planned planning plugin policy postcondition pre precondition process
    produced profile provider providers putting query quota rds re reached read reading reference refresh refreshing
    refused registry release released rendered replace replaced repository request required requires reset resolve
    resource resources respond response rest result retrieving role rule rules s3 same saved saving schema schemas
    secret security service set setting size sns sqs stack stale state status still storage store stored string
    subnet table tag tagging tags target template terraform than that the this time timed timeout tls to token
    unable unauthorized unexpected unknown unlock unmarshaling unreachable unsupported update updating upgrade
    upload uploading usage use user using validate validating validation value values variable verify version volume
    vpc waiting was were when while with within without write writing wrong yaml
  `
    .trim()
    .split(/\s+/),
);

/** The beginning of a sentence up to the first word, number or sign that may be of a value. */
export function knownWords(sentence) {
  const known = [];
  for (const word of /^[A-Za-z][A-Za-z0-9' -]*/.exec(sentence)?.[0].split(/ +/) ?? []) {
    if (!word.split("-").every((part) => WORDS.has(part.toLowerCase()))) {
      break;
    }
    known.push(word);
  }
  return known.join(" ");
}
