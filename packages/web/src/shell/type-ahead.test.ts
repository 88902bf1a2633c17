/** Goal: what is typed for a conversation that is still opening comes to its composer, and nothing else is taken from anybody. */
import { describe, expect, test } from 'vitest';
import { TypeAhead, typedAheadMax } from './type-ahead.ts';

function typing(keys: readonly string[], ahead = new TypeAhead()): { ahead: TypeAhead; kept: boolean[] } {
  ahead.begin('page');
  return { ahead, kept: keys.map((key) => ahead.press({ key, isModified: false })) };
}

describe('typing ahead', () => {
  test('letters come in their order, corrected', () => {
    const { ahead, kept } = typing(['H', 'u', 'Backspace', 'i', ' ', 'y', 'o', 'u']);
    expect(kept).not.toContain(false);
    expect(ahead.take('page')).toBe('Hi you');
    expect(ahead.take('page')).toBe('');
  });

  test('keys that mean something else are left to it', () => {
    const { ahead, kept } = typing([' ', 'Enter', 'Backspace', 'ArrowDown', 'F5', 'Shift']);
    expect(kept).not.toContain(true);
    expect(ahead.press({ key: 'k', isModified: true })).toBe(false);
    expect(ahead.take('page')).toBe('');
  });

  test('Enter after letters neither sends nor is lost to a row', () => {
    const { ahead, kept } = typing(['o', 'k', 'Enter']);
    expect(kept).toEqual([true, true, true]);
    expect(ahead.take('page')).toBe('ok');
  });

  test('nothing is kept before it begins and after it ends', () => {
    const ahead = new TypeAhead();
    expect(ahead.press({ key: 'a', isModified: false })).toBe(false);
    typing(['a'], ahead);
    ahead.end();
    expect(ahead.owner).toBeNull();
    expect(ahead.press({ key: 'b', isModified: false })).toBe(false);
    expect(ahead.take('page')).toBe('');
  });

  test('what is kept for the switcher is not the page’s, and goes with it', () => {
    const ahead = new TypeAhead();
    let isOpen = true;
    const close = (): void => {
      isOpen = false;
    };
    ahead.begin('switcher', close);
    ahead.press({ key: 'c', isModified: false });
    expect(ahead.take('page')).toBe('');
    expect(ahead.take('switcher')).toBe('c');
    ahead.escape();
    expect(isOpen, 'it is there, and hears the key itself').toBe(true);
    ahead.begin('switcher', close);
    ahead.press({ key: 'c', isModified: false });
    ahead.escape();
    expect(isOpen).toBe(false);
    expect(ahead.take('switcher')).toBe('');
  });

  test('another conversation that is chosen begins anew, and there is an end to what is kept', () => {
    const { ahead } = typing(['a']);
    typing(
      Array.from({ length: typedAheadMax + 5 }, () => 'x'),
      ahead,
    );
    expect(ahead.take('page')).toBe('x'.repeat(typedAheadMax));
  });
});
