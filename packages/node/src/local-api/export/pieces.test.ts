/** Goal: an export is complete, can be read anywhere, and nothing that anybody wrote acts in it. */
import { expect, test } from 'vitest';
import type { ExportInput } from '@kith/api/conversation-shapes';
import type { Message } from '@kith/api/shapes';
import { FakeNode } from '../../../test/fake-node.ts';
import { fakeWallMs } from '../../../test/fake-views.ts';
import { htmlWriter } from './html.ts';
import { exportPieces, pieceLengthMax } from './pieces.ts';

async function exported(node: FakeNode, input: Partial<ExportInput>): Promise<string[]> {
  const texts: string[] = [];
  let last = { done: 0, total: 0 };
  const asked = { conversation: null, format: 'jsonl' as const, ...input };
  for await (const piece of exportPieces(node, asked, fakeWallMs)) {
    texts.push(piece.text);
    expect(piece.done).toBeGreaterThanOrEqual(last.done);
    expect(piece.total).toBeGreaterThanOrEqual(piece.done);
    last = piece;
  }
  expect(last.done).toBe(last.total);
  return texts;
}

test('JSON Lines: every message of every conversation, in order, between a first line and a last one', async () => {
  const node = new FakeNode('/nowhere');
  const [bob, eve] = [node.addContact('Bob'), node.addContact('Eve')];
  for (let n = 0; n < 450; n++) node.receive(bob, `text ${n} "quoted"\n`);
  node.receive(eve, 'hello');
  node.addContact('Silent');
  const lines = (await exported(node, {}))
    .join('')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(lines[0]).toMatchObject({ type: 'export', version: 1, conversations: 2, by: { name: 'Ada' } });
  expect(lines.at(-1)).toEqual({ type: 'end', messages: 451 });
  const texts = lines.filter(({ type }) => type === 'message').map(({ text }) => text);
  expect(texts).toEqual([...Array.from({ length: 450 }, (_, n) => `text ${n} "quoted"\n`), 'hello']);
  const one = (await exported(node, { conversation: 'Eve' })).join('');
  expect(one.split('\n')).toHaveLength(5);
});

test('a piece is bounded, however much there is', async () => {
  const node = new FakeNode('/nowhere');
  const bob = node.addContact('Bob');
  for (let n = 0; n < 300; n++) node.receive(bob, 'x'.repeat(5_000));
  const pieces = await exported(node, { format: 'html' });
  expect(pieces.length).toBeGreaterThan(20);
  for (const piece of pieces) expect(piece.length).toBeLessThan(pieceLengthMax + 12_000);
});

test('HTML: markup in texts and names is text, and nothing is loaded or run', async () => {
  const node = new FakeNode('/nowhere');
  const evil = `<img src=x onerror="alert(1)"> & '"</article></body><script>alert(2)</script>`;
  const bob = node.addContact(evil);
  node.receive(bob, `${evil}\n\u202Eright to left \u05d0`);
  const html = (await exported(node, { format: 'html' })).join('');
  expect(html).not.toMatch(/<(?:script|img|iframe|link|object)\b/);
  expect(html).not.toMatch(/(?:src|href)="(?!#)/);
  expect(html).toContain('&lt;script&gt;alert(2)');
  expect(html).toContain(`default-src 'none'`);
  expect(html.match(/<article\b/g)).toHaveLength(1);
  expect(html.trimEnd().endsWith('</html>')).toBe(true);
});

test('HTML: what was answered, edited, deleted and felt, in both languages', () => {
  const own = { id: 'kith1own', name: 'Ada' };
  const message: Message = {
    id: 'm1',
    conversation: 'c1',
    from: 'kith1own',
    direction: 'out',
    text: 'hello',
    sentAt: '2026-01-02T03:04:05.000Z',
    receivedAt: null,
    state: 'delivered',
    reason: null,
    expiresAt: null,
    position: 1,
    replyTo: { id: 'm0', from: 'kith1bob', text: 'before' },
    editedAt: '2026-01-02T03:05:05.000Z',
    deleted: false,
    reactions: [{ emoji: '👍', people: ['kith1bob', 'kith1own'] }],
    changePending: false,
  };
  const write = (language: string): string => {
    const writer = htmlWriter({ own, atWallMs: fakeWallMs, language });
    const bob = { id: 'c1', name: 'Bob', contact: 'kith1bob' };
    const gone = {
      ...message,
      id: 'm2',
      text: '',
      deleted: true,
      replyTo: { id: 'm9', from: null, text: null },
    };
    return writer.begin([bob]) + writer.conversation(bob) + writer.message(message) + writer.message(gone);
  };
  const english = write('en');
  expect(english).toContain('<html lang="en">');
  expect(english).toContain('href="#m-m0"');
  expect(english).toContain('👍 <span dir="auto">Bob, Ada</span>');
  for (const words of ['edited · delivered', 'This message was deleted.', 'not on this device', 'Friday']) {
    expect(english).toContain(words);
  }
  const german = write('de-AT');
  for (const words of ['lang="de"', 'bearbeitet · zugestellt', 'wurde gelöscht', 'Freitag']) {
    expect(german).toContain(words);
  }
  expect(write('xx')).toContain('<html lang="en">');
});
