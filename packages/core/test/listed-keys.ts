/** Key material read from a list, as vectors state it. */
import { hexDecode } from '../src/base/bytes.ts';
import type { KeySource } from '../src/base/random.ts';

/** Gives the listed values (hex) in order; throws where another length is asked for, or the list ends. */
export function listedKeys(list: string[]): KeySource {
  const left = [...list];
  return {
    bytes(length) {
      const next = hexDecode(left.shift() ?? '');
      if (next === undefined || next.length !== length) throw new RangeError(`no ${length} bytes are next`);
      return next;
    },
  };
}
