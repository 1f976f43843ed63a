// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { type Document, isMap, isScalar, isSeq, type Node, type ParsedNode, type YAMLMap, type YAMLSeq } from "yaml";
import { isObject } from "../json-object";

/** Any node of a document. */
type Any = Node | ParsedNode | null | undefined;

/**
 * Changes a node so that it says a value, and leaves alone, with its comments, whatever says it already.
 *
 * @returns the node, or a new one in its place
 */
export function reconcile(document: Document<any, boolean>, node: Any, value: unknown): any {
  if (isMap(node) && isObject(value)) {
    return reconcileMap(document, node, value);
  }
  if (isSeq(node) && Array.isArray(value)) {
    return reconcileList(document, node, value);
  }
  if (isScalar(node) && !isObject(value) && !Array.isArray(value)) {
    if (node.value !== value) {
      node.value = value;
      node.comment = undefined; // It spoke of the value before.
    }
    return node;
  }
  return document.createNode(value);
}

function reconcileMap(document: Document, map: YAMLMap, value: Readonly<Record<string, unknown>>): YAMLMap {
  map.items = map.items.filter(({ key }) => nameOf(key) in value);
  for (const [name, wanted] of Object.entries(value)) {
    const pair = map.items.find(({ key }) => nameOf(key) === name);
    if (pair === undefined) {
      map.items.push(document.createPair(name, wanted) as (typeof map.items)[number]);
    } else {
      pair.value = reconcile(document, pair.value as Any, wanted);
    }
  }
  return map;
}

/** An item that is wanted as it is keeps its node, wherever it goes; of the others each takes the next node that is left. */
function reconcileList(document: Document, list: YAMLSeq, value: readonly unknown[]): YAMLSeq {
  const left = [...list.items] as Any[];
  const kept = value.map((wanted) => {
    const index = left.findIndex((item) => JSON.stringify(toJs(document, item)) === JSON.stringify(wanted));
    return index === -1 ? undefined : left.splice(index, 1)[0];
  });
  // As many as before: they were changed, and not others put in their place.
  const isChanged = value.length === list.items.length;
  list.items = value.map((wanted, index) => {
    const node = kept[index] ?? (isChanged ? left.shift() : undefined);
    return kept[index] ?? reconcile(document, node, wanted);
  });
  return list;
}

function nameOf(key: unknown): string {
  return String(isScalar(key) ? key.value : key);
}

function toJs(document: Document, node: Any): unknown {
  return node?.toJS(document);
}
