/** Contacts whose removal can still be taken back (contacts.ts): the node has them, the screen does not. */
const leaving = new Set<string>();

export function setLeaving(id: string, isLeaving: boolean): void {
  if (isLeaving) leaving.add(id);
  else leaving.delete(id);
}

export function isStaying({ id }: { id: string }): boolean {
  return !leaving.has(id);
}
