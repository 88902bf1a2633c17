/**
 * A person before the app, in words of what they see: names and roles alone, as a screen reader would find them. Everything waits for what
 * it needs; nothing sleeps.
 */
import type { Locator, Page } from 'playwright-core';

export interface Introduction {
  /** What they type as their name. */
  name: string;
  /** The card they were given; without it they go on alone. */
  card?: string;
}

/** Goes through the first steps. Ends before the first conversation, or before the empty list. */
export async function introduce(page: Page, { name, card }: Introduction): Promise<void> {
  await page.getByRole('textbox', { name: 'Your name' }).fill(name);
  await page.getByRole('button', { name: 'Continue' }).click();
  if (card === undefined) {
    await page.getByRole('button', { name: 'Later' }).click();
    await page.getByRole('heading', { name: 'Conversations' }).waitFor();
    return;
  }
  await page.getByRole('textbox', { name: 'Their card' }).fill(card);
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  await page.getByRole('button', { name: /^Write to / }).click();
}

/** The card that the app hands out, from the clipboard. The page's context must allow reading it. */
export async function copyCard(page: Page): Promise<string> {
  await page.getByRole('button', { name: 'Copy my card' }).click();
  await page.getByRole('button', { name: 'Copied' }).waitFor();
  return await page.evaluate(() => navigator.clipboard.readText());
}

/** The app keeps the direction of a name to itself by two characters that nobody sees. */
export function words(sentence: string, name: string): RegExp {
  return new RegExp(sentence.replace('{}', `\u2068?${name}\u2069?`));
}

export function composer(page: Page, to: string): Locator {
  return page.getByRole('textbox', { name: words('Message to {}', to) });
}

export async function write(page: Page, to: string, text: string): Promise<void> {
  await composer(page, to).fill(text);
  await composer(page, to).press('Enter');
}

/** The messages of the conversation that is open. */
export function messages(page: Page): Locator {
  return page.getByRole('log').getByRole('article');
}

export function message(page: Page, text: string | RegExp): Locator {
  return messages(page).filter({ hasText: text });
}

export async function openConversation(page: Page, name: string): Promise<void> {
  await page.getByRole('link', { name: words('^{}', name) }).click();
  await composer(page, name).waitFor();
}

/** Something from the menu of a message. */
export async function act(of: Locator, name: string): Promise<void> {
  await of.click({ button: 'right' });
  await of
    .page()
    .getByRole('menuitem', { name: new RegExp(`^${name}`) })
    .click();
}

/** The sign at an own message that tells where it is, once it tells that. */
export async function untilTick(of: Locator, sentence: RegExp): Promise<void> {
  await of.getByRole('button', { name: sentence }).waitFor();
}

/** What screen readers are told, in the app's one place for it. */
export function spoken(page: Page, text: string): Locator {
  return page.locator('.sr-only[aria-live="polite"]', { hasText: text });
}

/** The newest of what just happened, said at the edge; with it goes the moment in which it could be taken back. */
export async function dismissToast(page: Page): Promise<void> {
  // One that leaves is still there for a moment, above.
  await page
    .getByRole('region', { name: 'What just happened' })
    .getByRole('button', { name: 'Close' })
    .last()
    .click();
}
