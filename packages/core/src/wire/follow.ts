/** Which topics a node follows, told to its neighbours. Layout: docs/protocol/frames.md, section follow. */
import { concat } from '../base/bytes.ts';
import { invariant } from '../base/invariant.ts';
import { frameTypes } from './frame-type.ts';

export interface FollowFrame {
  type: 'follow';
  /** false: these are followed no longer. */
  on: boolean;
  /** 1 to 64 topics of 16 bytes. */
  topics: Uint8Array[];
}

export const topicBytes = 16;
export const followTopicsMax = 64;

export function encodeFollow({ on, topics }: FollowFrame): Uint8Array {
  invariant(topics.length > 0 && topics.length <= followTopicsMax, 'a frame names 1 to 64 topics');
  for (const topic of topics) invariant(topic.length === topicBytes, 'a topic has 16 bytes');
  return concat(Uint8Array.of(frameTypes.follow, on ? 1 : 0), ...topics);
}

export function decodeFollow(bytes: Uint8Array): FollowFrame | undefined {
  const count = (bytes.length - 2) / topicBytes;
  if (!Number.isInteger(count) || count < 1 || count > followTopicsMax || bytes[1]! > 1) return undefined;
  const topics: Uint8Array[] = [];
  for (let at = 2; at < bytes.length; at += topicBytes) topics.push(bytes.subarray(at, at + topicBytes));
  return { type: 'follow', on: bytes[1] === 1, topics };
}
