/**
 * The little of DNS that mDNS needs (RFC 1035, RFC 6762). Anybody on the network may send anything here.
 *
 * Not `dns-packet`: it follows a chain of name pointers as far as it goes, so one packet of 64 KB costs it
 * 0.6 s. Here a packet has a size, a number of records, and a name a number of jumps; beyond any of them
 * the packet is dropped whole.
 */
import { utf8, utf8Decode } from '@kith/core/base/bytes';

export const recordType = { a: 1, ptr: 12, txt: 16, aaaa: 28, srv: 33, any: 255 } as const;

export type DnsRecord = { name: string; ttlSeconds: number } & (
  | { type: 'a' | 'aaaa'; address: Uint8Array }
  | { type: 'ptr'; target: string }
  | { type: 'srv'; port: number; target: string }
  | { type: 'txt'; texts: string[] }
);

export interface DnsPacket {
  response: boolean;
  questions: { name: string; type: number }[];
  records: DnsRecord[];
}

// RFC 6762 §17: 9,000 bytes at most with the headers.
export const packetBytesMax = 8_972;
const questionsMax = 16;
const recordsMax = 64;
const nameBytesMax = 255; // RFC 1035 §2.3.4
const jumpsMax = 8;
const textsMax = 16;
const classIn = 1;
const flushBit = 0x8000; // RFC 6762 §10.2

/** @returns undefined where the packet is malformed or larger than anything honest. */
export function decodePacket(bytes: Uint8Array): DnsPacket | undefined {
  if (bytes.length < 12 || bytes.length > packetBytesMax) return undefined;
  const reader = new Reader(bytes);
  reader.u16();
  const flags = reader.u16();
  const questionCount = reader.u16();
  const recordCount = reader.u16() + reader.u16() + reader.u16();
  // Opcode and response code must be zero (RFC 6762 §18.3, §18.11).
  if ((flags & 0x780f) !== 0 || questionCount > questionsMax || recordCount > recordsMax) return undefined;
  const packet: DnsPacket = { response: (flags & 0x8000) !== 0, questions: [], records: [] };
  for (let index = 0; index < questionCount && !reader.failed; index++) {
    const name = reader.name();
    const type = reader.u16();
    reader.u16();
    packet.questions.push({ name, type });
  }
  for (let index = 0; index < recordCount && !reader.failed; index++) {
    const record = readRecord(reader);
    if (record !== undefined) packet.records.push(record);
  }
  return reader.failed ? undefined : packet;
}

function readRecord(reader: Reader): DnsRecord | undefined {
  const name = reader.name();
  const type = reader.u16();
  const inClass = (reader.u16() & ~flushBit) === classIn;
  const ttlSeconds = reader.u32();
  const length = reader.u16();
  const end = reader.at + length;
  if (end > reader.bytes.length) reader.failed = true;
  if (reader.failed) return undefined;
  const record = inClass ? readData(reader, { name, type, ttlSeconds, end }) : undefined;
  if (reader.at > end) reader.failed = true;
  reader.at = end;
  return reader.failed ? undefined : record;
}

interface Header {
  name: string;
  type: number;
  ttlSeconds: number;
  end: number;
}

function readData(reader: Reader, { name, type, ttlSeconds, end }: Header): DnsRecord | undefined {
  const length = end - reader.at;
  switch (type) {
    case recordType.a:
      return length === 4 ? { type: 'a', name, ttlSeconds, address: reader.take(4) } : undefined;
    case recordType.aaaa:
      return length === 16 ? { type: 'aaaa', name, ttlSeconds, address: reader.take(16) } : undefined;
    case recordType.ptr:
      return { type: 'ptr', name, ttlSeconds, target: reader.name() };
    case recordType.srv: {
      reader.u32();
      const port = reader.u16();
      return { type: 'srv', name, ttlSeconds, port, target: reader.name() };
    }
    case recordType.txt: {
      const texts: string[] = [];
      while (reader.at < end && texts.length < textsMax && !reader.failed) {
        const text = utf8Decode(reader.take(reader.u8()));
        if (text !== undefined) texts.push(text);
      }
      return { type: 'txt', name, ttlSeconds, texts };
    }
    default:
      return undefined;
  }
}

/** Reads forward; the first read beyond the end sets `failed`, and all later ones give zeros. */
class Reader {
  readonly bytes: Uint8Array;
  at = 0;
  failed = false;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  u8(): number {
    if (this.at + 1 > this.bytes.length) this.failed = true;
    return this.failed ? 0 : this.bytes[this.at++]!;
  }

  u16(): number {
    return this.u8() * 256 + this.u8();
  }

  u32(): number {
    return this.u16() * 65_536 + this.u16();
  }

  take(length: number): Uint8Array {
    if (this.at + length > this.bytes.length) this.failed = true;
    if (this.failed) return new Uint8Array(0);
    this.at += length;
    return this.bytes.slice(this.at - length, this.at);
  }

  /** Labels joined by dots, lower case, without the last dot. Reading goes on behind the name. */
  name(): string {
    const labels: string[] = [];
    let behind: number | undefined;
    let nameBytes = 0;
    for (let jumps = 0; !this.failed;) {
      const length = this.u8();
      if (length === 0) break;
      if (length >= 0xc0) {
        const target = (length & 0x3f) * 256 + this.u8();
        behind ??= this.at;
        // Only backwards (RFC 1035 §4.1.4), and not often.
        if (++jumps > jumpsMax || target >= this.at - 2) this.failed = true;
        else this.at = target;
        continue;
      }
      nameBytes += length + 1;
      const label = length < 0x40 && nameBytes < nameBytesMax ? utf8Decode(this.take(length)) : undefined;
      if (label === undefined || label.includes('.')) this.failed = true;
      else labels.push(label.toLowerCase());
    }
    if (behind !== undefined) this.at = behind;
    return labels.join('.');
  }
}

/** Builds a packet. Names are written in full: ours are short, and a whole packet stays under 1,200 bytes. */
export function encodePacket(packet: DnsPacket): Uint8Array {
  const { response, questions, records } = packet;
  const bytes: number[] = [0, 0, response ? 0x84 : 0, 0];
  bytes.push(...u16(questions.length), ...u16(records.length), 0, 0, 0, 0);
  for (const { name, type } of questions) bytes.push(...nameBytes(name), ...u16(type), ...u16(classIn));
  for (const record of records) {
    // All but the shared PTR are ours alone: a receiver forgets what it held before.
    const recordClass = record.type === 'ptr' ? classIn : classIn | flushBit;
    bytes.push(...nameBytes(record.name), ...u16(recordType[record.type]), ...u16(recordClass));
    bytes.push(...u16(Math.floor(record.ttlSeconds / 65_536)), ...u16(record.ttlSeconds % 65_536));
    const data = dataBytes(record);
    bytes.push(...u16(data.length), ...data);
  }
  return Uint8Array.from(bytes);
}

function dataBytes(record: DnsRecord): number[] {
  switch (record.type) {
    case 'a':
    case 'aaaa':
      return [...record.address];
    case 'ptr':
      return nameBytes(record.target);
    case 'srv':
      return [0, 0, 0, 0, ...u16(record.port), ...nameBytes(record.target)];
    case 'txt':
      return record.texts.flatMap((text) => [utf8(text).length, ...utf8(text)]);
  }
}

function nameBytes(name: string): number[] {
  return [...name.split('.').flatMap((label) => [utf8(label).length, ...utf8(label)]), 0];
}

function u16(value: number): [number, number] {
  return [value >>> 8, value & 255];
}
