// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

/**
 * Stems of the words that Terraform and its providers use in messages. Any other word might be part of a value, so the log ends
 * before it.
 */
const STEMS = `
a about access acquir action add address after again all allocat already an any api appl apply are argument assum at attach
attribut aws backend be because been before block body bucket but by call can cancelled cannot chang chart check client cluster
complet comput condition configur configurat connect contain could count creat credential data deadline decod defin delet depend
describ destroy detach did disabl does doesn't don't during ebs ec2 eks element empty enabl endpoint error exceed execut exist
expect expir fail failure fetch file final find for found from function get group has have helm hook iam id if import in
inconsistent index initializ input install instanc internal into invalid io is it json key kms kubernetes launch limit list load
lock log manifest match meet messag metadata method miss modif modify modul more must name namespac network no node not object of
on only operat or order out output paramet parameter pars pass password path permission persist plan plugin policy post postcondit
pre precondit process produc provid provider put query quota re reach read refer refresh refus registr registry releas render
replac request requir reset resourc respond respons result retriev role rule s3 sav schema secret secur security service set sett
stack stale stat stor subnet tabl tag target templat terraform than that the this tim timeout to token unabl unauthoriz unexpect
unknown unlock unreachabl unsupport updat upgrad upload us valid validat valu variabl version volum vpc wait was were when whil
with within without write yaml
`;
const WORDS = new RegExp(`^(?:${STEMS.trim().split(/\s+/).join("|")})(?:s|e|es|ed|d|ing|ions?)?$`, "i");

/** The beginning of a sentence up to the first word, number or sign that may be of a value. */
export function knownWords(sentence) {
  const words = /^[A-Za-z][A-Za-z0-9' -]*/.exec(sentence)?.[0].split(/ +/) ?? [];
  const end = words.findIndex((word) => !word.split("-").every((part) => WORDS.test(part)));
  return words.slice(0, end < 0 ? words.length : end).join(" ");
}
