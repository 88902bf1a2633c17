/** Looks for a secret text in files and captures, in every form that a careless program would leave it in. */
import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

interface Form {
  name: string;
  bytes: Buffer;
}

/**
 * @param marker ASCII letters and digits, at least 12, so that it is in nothing by chance
 * @returns the bytes to look for. Base64 in all three alignments, each without the characters that its neighbours change.
 */
export function formsOf(marker: string): Form[] {
  if (!/^[A-Za-z0-9]{12,}$/.test(marker))
    throw new RangeError(`marker must be 12 or more letters and digits: ${marker}`);
  const little = Buffer.from(marker, 'utf16le');
  const hex = Buffer.from(marker).toString('hex');
  const forms = [
    { name: 'utf-8', bytes: Buffer.from(marker) },
    { name: 'utf-16le', bytes: little },
    { name: 'utf-16be', bytes: Buffer.from(little).swap16() },
    { name: 'hex', bytes: Buffer.from(hex) },
    { name: 'HEX', bytes: Buffer.from(hex.toUpperCase()) },
  ];
  for (const shift of [0, 1, 2]) {
    const coded = Buffer.concat([Buffer.alloc(shift), Buffer.from(marker)]).toString('base64');
    const whole = coded.slice(Math.ceil((shift * 8) / 6), Math.floor(((shift + marker.length) * 8) / 6));
    forms.push({ name: `base64 shifted by ${shift}`, bytes: Buffer.from(whole) });
    const url = whole.replaceAll('+', '-').replaceAll('/', '_');
    if (url !== whole) forms.push({ name: `base64url shifted by ${shift}`, bytes: Buffer.from(url) });
  }
  return forms;
}

/** @returns the names of the forms in which `bytes` holds the marker */
export function formsIn(bytes: Buffer, marker: string): string[] {
  return formsOf(marker)
    .filter((form) => bytes.includes(form.bytes))
    .map((form) => form.name);
}

/** @returns `path: form` for each find below the folder, and how many files were read */
export function searchFolder(folder: string, marker: string): { found: string[]; files: number } {
  const result = { found: [] as string[], files: 0 };
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    const path = join(folder, name);
    for (const form of formsIn(Buffer.from(name), marker)) result.found.push(`the name ${name}: ${form}`);
    if (!lstatSync(path).isFile()) continue;
    result.files += 1;
    for (const form of formsIn(readFileSync(path), marker)) result.found.push(`${name}: ${form}`);
  }
  return result;
}
